import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { parseTime, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { singleValue, wholeNumber } from '../http/paging.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { type QueryString, readsQuery } from '../http/query-string.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { AuditLog } from './audit-log-schema.ts';
import { type AuditFilter, type ListedAuditEntry, listAuditEntries } from './audit-log-store.ts';

const MOST_ENTRIES = 200;

/** `GET /api/{organization}/audit_log`. */
export function addAuditLogRoutes(
  app: FastifyInstance,
  { database, authentication }: { database: Database; authentication: Authentication },
): void {
  app.addSchema(AuditLog);
  const { admins } = admit(app, authentication);
  route(app, 'GET', '/api/:organization/audit_log', {
    tag: 'Audit log',
    admits: admins,
    operationId: 'listAuditLog',
    summary: 'List audit log entries',
    description: 'Who did what, when and from where, newest first.',
    params: OrganizationPath,
    query: readsQuery(querySchema),
    answers: { 200: reference(AuditLog, { description: 'A page of the log.' }) },
    handler: async (request): Promise<AuditLog> => {
      const { organization } = callerOf(request);
      const { query } = request;
      const limit = wholeNumber(query, 'limit', { least: 1, most: MOST_ENTRIES, otherwise: 50 });
      const page = { before: parsePlace(query, 'before'), limit: limit + 1 };
      const found = await listAuditEntries(database, organization.id, parseFilter(query), page);
      const entries = found.slice(0, limit);
      const isWhole = found.length <= limit;
      return {
        entries: entries.map(toWire),
        next: isWhole ? null : String(entries.at(-1)?.number),
      };
    },
  });
}

/** Where a page begins, as the page before it says. @throws ApiError bad_request */
export function parsePlace(query: QueryString, name: string): number | undefined {
  const accepted = '`next` of the previous page';
  const text = singleValue(query, name, accepted);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ApiError('bad_request', `${name} is ${quoted(text)}; it must be ${accepted}.`);
}

export const textParameter = (query: QueryString, name: string): string | undefined =>
  singleValue(query, name, 'text without a zero byte');

function parseFilter(query: QueryString): AuditFilter {
  return {
    action: textParameter(query, 'action'),
    memberEmail: textParameter(query, 'member')?.toLowerCase(),
    subjectToken: textParameter(query, 'subject_token'),
    since: givenTime(query, 'since'),
    until: givenTime(query, 'until'),
  };
}

/** @throws ApiError bad_request */
export function givenTime(query: QueryString, name: string): string | undefined {
  const accepted = 'an ISO 8601 time in UTC such as 2026-11-23T08:00:00Z';
  const text = singleValue(query, name, accepted);
  if (text === undefined) return undefined;
  const timeMs = parseTime(text);
  if (timeMs !== undefined) return wireTime(timeMs);
  throw new ApiError('bad_request', `${name} is ${quoted(text)}; it must be ${accepted}.`);
}

function toWire(entry: ListedAuditEntry): AuditLog['entries'][number] {
  return {
    at: entry.at,
    action: entry.action,
    member: entry.memberEmail,
    credential: entry.credential,
    address: entry.address,
    subject:
      entry.subjectKind === null
        ? null
        : { kind: entry.subjectKind, token: entry.subjectToken, name: entry.subjectName },
    detail: entry.detail === null ? null : (JSON.parse(entry.detail) as object),
  };
}

const querySchema = Type.Object({
  action: Type.Optional(Type.String({ description: 'Action.', examples: ['member.added'] })),
  member: Type.Optional(Type.String({ description: 'Email address of the member who acted.' })),
  subject_token: Type.Optional(Type.String({ description: 'Token of the target.' })),
  since: Type.Optional(Type.String({ description: 'Entries at or after this time.' })),
  until: Type.Optional(Type.String({ description: 'Entries before this time.' })),
  before: Type.Optional(
    Type.String({ description: '`next` of a response, for the following page.' }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MOST_ENTRIES,
      default: 50,
      description: 'Maximum number of entries per page.',
    }),
  ),
});
