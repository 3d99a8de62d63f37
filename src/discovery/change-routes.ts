import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { readers } from '../callers/admit.ts';
import { type Authentication, authenticateReader } from '../callers/authenticate.ts';
import { ownOrganization } from '../callers/authorize.ts';
import type { Database } from '../database/database.ts';
import { disconnectSignal } from '../http/abort-on-disconnect.ts';
import { singleValue, wholeNumber } from '../http/paging.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { type QueryString, readsQuery } from '../http/query-string.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import {
  batchBody,
  type ChangeBatch,
  checkCursor,
  formatCursor,
  parseCursor,
} from '../inventory/change-feed.ts';
import { readChanges } from '../inventory/change-store.ts';
import type { HeadWatch } from '../inventory/head-watch.ts';
import { Change, Changes, cursorHeader } from './change-schema.ts';
import { parseIncludeSpaces } from './include-spaces.ts';

const MAX_LIMIT = 1000;
const MAX_WAIT_SECONDS = 60;
/** Proxies give an answer up that has not begun within a minute. */
const MAX_HOLD_SECONDS = 55;

/** `GET /batch/{organization}/changes`. */
export function addChangeRoutes(
  app: FastifyInstance,
  {
    database,
    authentication,
    heads,
  }: { database: Database; authentication: Authentication; heads: HeadWatch },
): void {
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());
  app.addSchema(Change);
  app.addSchema(Changes);
  route(app, 'GET', '/batch/:organization/changes', {
    tag: 'Discovery',
    admits: readers,
    operationId: 'listChanges',
    summary: 'List changes',
    description:
      'Every row of all lists that was created, changed or deleted since a cursor, in the order of the changes. ' +
      'Applying every change from the beginning results in the current lists. Deletions are kept for a ' +
      'configured time; an older cursor returns 410.',
    params: OrganizationPath,
    query: readsQuery(querySchema),
    answers: {
      200: reference(Changes, { description: 'The changes.', headers: cursorHeader }),
    },
    refuses: ['gone'],
    handler: async (request, reply) => {
      const caller = await authenticateReader(authentication, request);
      const { id } = ownOrganization(caller, request.params.organization);
      const { waitSeconds, ...wanted } = parseParameters(request.query, caller);
      let batch = await read(wanted);
      if (waitSeconds > 0 && isIdle(batch)) {
        const timeOut = AbortSignal.timeout(Math.min(waitSeconds, MAX_HOLD_SECONDS) * 1000);
        const isOver = AbortSignal.any([timeOut, disconnectSignal(reply.raw), stopping.signal]);
        while (isIdle(batch) && !isOver.aborted) {
          await heads.changeAfter(id, batch.next.position, isOver);
          batch = await read({ ...wanted, after: batch.next });
        }
      }
      reply.header('rollcall-cursor', formatCursor(batch.next));
      reply.header('cache-control', 'private, no-store');
      return reply.type('application/json; charset=utf-8').send(batchBody(batch));

      async function read(parameters: Omit<Parameters, 'waitSeconds'>): Promise<ChangeBatch> {
        const { head, batch } = await readChanges(database, id, parameters);
        if (parameters.after) checkCursor(parameters.after, head);
        return batch;
      }
    },
  });
}

const isIdle = ({ changes, more }: ChangeBatch) => changes.length === 0 && !more;

type Parameters = ReturnType<typeof parseParameters>;

function parseParameters(query: QueryString, reader: { mayListPersonal: boolean }) {
  const cursor = singleValue(query, 'after', 'a cursor');
  return {
    after: cursor === undefined ? undefined : parseCursor(cursor),
    view: parseIncludeSpaces(query, reader) === 'all' ? ('all' as const) : ('shared' as const),
    waitSeconds: wholeNumber(query, 'wait', { least: 0, most: MAX_WAIT_SECONDS, otherwise: 0 }),
    limit: wholeNumber(query, 'limit', { least: 1, most: MAX_LIMIT, otherwise: MAX_LIMIT }),
  };
}

const querySchema = Type.Object({
  after: Type.Optional(
    Type.String({
      description:
        'Cursor: `cursor` of an earlier response, or `Rollcall-Cursor` of a list. By default, from the beginning.',
    }),
  ),
  include_spaces: Type.Optional(
    Type.String({
      enum: ['all'],
      description: 'With `all`, includes changes in personal spaces.',
    }),
  ),
  wait: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MAX_WAIT_SECONDS,
      default: 0,
      description:
        'Number of seconds for which the response can be delayed until there is a change.',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_LIMIT,
      default: MAX_LIMIT,
      description: 'Number of changes to examine; the response has those that are visible.',
    }),
  ),
});
