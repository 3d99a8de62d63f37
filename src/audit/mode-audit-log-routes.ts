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
    action: Type.String({ description: 'What was done.' }),
    description: Type.String({ description: 'The same in words.' }),
    timestamp: time('When.'),
    workspace_username: Type.String({ description: 'Username of the organization.' }),
    context: Type.Object(
      {},
      { additionalProperties: true, description: 'More of it; differs by action.' },
    ),
    actor: closed(
      {
        username: textOrNull('Address of the member who did it; null if it was no member.'),
        user_id: textOrNull('Token of the credential that it was done with.'),
        ip: textOrNull('Network address that it came from.'),
        user_agent: Type.Null({ description: 'Not kept.' }),
      },
      { description: 'Who did it.' },
    ),
    entity: closed(
      {
        entity_type: textOrNull('What kind of thing.'),
        entity_id: textOrNull('Its token.'),
        entity_name: textOrNull('Its name then.'),
      },
      { description: 'What it was done to.' },
    ),
  },
  { description: 'One thing that was done.' },
);

const AuditEvents = closed({
  next_token: textOrNull('Send it back as `next_token` for the next page; null on the last.'),
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
    summary: 'Read the audit log as Mode shows it',
    description:
      'The entries of the audit log in the shape that clients of Mode read, newest first.',
    params: OrganizationPath,
    query: readsQuery(
      Type.Object({
        start_timestamp: Type.Optional(Type.String({ description: 'From this time on.' })),
        end_timestamp: Type.Optional(Type.String({ description: 'Before this time.' })),
        action: Type.Optional(Type.String({ description: 'What was done.' })),
        username: Type.Optional(Type.String({ description: 'Address of the member who did it.' })),
        entity_id: Type.Optional(Type.String({ description: 'Token of what it was done to.' })),
        next_token: Type.Optional(Type.String({ description: '`next_token` of an answer.' })),
        per_page: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: PAGE,
            default: PAGE,
            description: 'Entries a page.',
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
