import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Database } from '../database/database.ts';
import { halResponse, Link } from '../http/hal.ts';
import { wholeNumber } from '../http/paging.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { readsQuery } from '../http/query-string.ts';
import { route } from '../http/route.ts';
import { closed, links, textOrNull, time } from '../http/schema-parts.ts';
import { givenTime, parsePlace, textParameter } from './audit-log-routes.ts';
import { type ListedAuditEntry, listAuditEntries } from './audit-log-store.ts';

const PAGE = 100;

const AuditEvent = closed(
  {
    id: Type.String({ description: 'Number of the event, as text.' }),
    action: Type.String({ description: 'Action.' }),
    description: Type.String({ description: 'Description of the action.' }),
    timestamp: time('When.'),
    workspace_username: Type.String({ description: 'Username of the organization.' }),
    context: Type.Object(
      {},
      { additionalProperties: true, description: 'Details, which depend on the action.' },
    ),
    actor: closed(
      {
        username: textOrNull('Email address of the member who acted; null if it was not a member.'),
        user_id: textOrNull('Token of the credential that was used.'),
        ip: textOrNull('Network address of the client.'),
        user_agent: Type.Null({ description: 'Not recorded.' }),
      },
      { description: 'The actor.' },
    ),
    entity: closed(
      {
        entity_type: textOrNull('Kind of the target.'),
        entity_id: textOrNull('Token of the target.'),
        entity_name: textOrNull('Name of the target at that time.'),
      },
      { description: 'Target of the action.' },
    ),
  },
  { description: 'An audited action.' },
);

const AuditEvents = closed({
  next_token: textOrNull('Send it as `next_token` for the next page; null on the last page.'),
  _embedded: closed({ audit_logs: Type.Array(AuditEvent) }),
  _links: links({ self: Link('This list.') }),
});

/** `GET /api/{organization}/audit_logs`: the audit log in the words of Mode. */
export function addModeAuditLogRoutes(
  app: FastifyInstance,
  { database, authentication }: { database: Database; authentication: Authentication },
): void {
  const { admins } = admit(app, authentication);
  route(app, 'GET', '/api/:organization/audit_logs', {
    tag: 'Audit log',
    admits: admins,
    operationId: 'listAuditEvents',
    summary: 'List audit log entries in Mode’s format',
    description: 'The audit log in the format that Mode’s clients read, newest first.',
    params: OrganizationPath,
    query: readsQuery(
      Type.Object({
        start_timestamp: Type.Optional(
          Type.String({ description: 'Entries at or after this time.' }),
        ),
        end_timestamp: Type.Optional(Type.String({ description: 'Entries before this time.' })),
        action: Type.Optional(Type.String({ description: 'Action.' })),
        username: Type.Optional(
          Type.String({ description: 'Email address of the member who acted.' }),
        ),
        entity_id: Type.Optional(Type.String({ description: 'Token of the target.' })),
        next_token: Type.Optional(Type.String({ description: '`next_token` of a response.' })),
        per_page: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: PAGE,
            default: PAGE,
            description: 'Entries per page.',
          }),
        ),
      }),
    ),
    answers: { 200: halResponse('A page of the log.', AuditEvents) },
    handler: async (request) => {
      const { organization } = callerOf(request);
      const { query } = request;
      const filter = {
        action: textParameter(query, 'action'),
        memberEmail: textParameter(query, 'username')?.toLowerCase(),
        subjectToken: textParameter(query, 'entity_id'),
        since: givenTime(query, 'start_timestamp'),
        until: givenTime(query, 'end_timestamp'),
      };
      const perPage = wholeNumber(query, 'per_page', { least: 1, most: PAGE, otherwise: PAGE });
      const page = { before: parsePlace(query, 'next_token'), limit: perPage + 1 };
      const found = await listAuditEntries(database, organization.id, filter, page);
      const entries = found.slice(0, perPage);
      return {
        next_token: found.length > perPage ? String(entries.at(-1)?.number) : null,
        _embedded: { audit_logs: entries.map((entry) => toEvent(organization.username, entry)) },
        _links: { self: { href: `/api/${organization.username}/audit_logs` } },
      };
    },
  });
}

function toEvent(username: string, entry: ListedAuditEntry) {
  return {
    id: String(entry.number),
    action: entry.action,
    description: entry.action.replaceAll(/[._]/g, ' '),
    timestamp: entry.at,
    workspace_username: username,
    context: entry.detail === null ? {} : (JSON.parse(entry.detail) as object),
    actor: {
      username: entry.memberEmail,
      user_id: entry.credential,
      ip: entry.address,
      user_agent: null,
    },
    entity: {
      entity_type: entry.subjectKind,
      entity_id: entry.subjectToken,
      entity_name: entry.subjectName,
    },
  };
}
