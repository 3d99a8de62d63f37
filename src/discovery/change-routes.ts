import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { readers } from '../callers/admit.ts';
import { type Authentication, authenticateReader } from '../callers/authenticate.ts';
import { ownOrganization } from '../callers/authorize.ts';
import type { Database } from '../database/database.ts';
import { hungUp } from '../http/hung-up.ts';
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
    summary: 'Follow the changes of all lists',
    description:
      'Every row of all lists that was made, changed or removed since a cursor, in the order of the changes. ' +
      'Who begins with nothing and applies every change ends up with what the lists hold. A removal is kept for a ' +
      'configured time; a cursor that is too old for what is kept gets a 410.',
    params: OrganizationPath,
    query: readsQuery(querySchema),
    answers: {
      200: reference(Changes, { description: 'What has changed.', headers: cursorHeader }),
    },
    refuses: ['gone'],
    handler: async (request, reply) => {
      const caller = await authenticateReader(authentication, request);
      const { id } = ownOrganization(caller, request.params.organization);
      const { waitSeconds, ...wanted } = parseParameters(request.query, caller);
      let batch = await read(wanted);
      if (waitSeconds > 0 && isIdle(batch)) {
        const timeOut = AbortSignal.timeout(Math.min(waitSeconds, MAX_HOLD_SECONDS) * 1000);
        const isOver = AbortSignal.any([timeOut, hungUp(reply.raw), stopping.signal]);
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
        'A cursor: `cursor` of an earlier answer, or `Rollcall-Cursor` of a list. Without it, everything that is kept.',
    }),
  ),
  include_spaces: Type.Optional(
    Type.String({
      enum: ['all'],
      description: 'With `all`, the changes of what lies in members’ personal spaces too.',
    }),
  ),
  wait: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MAX_WAIT_SECONDS,
      default: 0,
      description: 'For how many seconds the answer may be held back until there is a change.',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_LIMIT,
      default: MAX_LIMIT,
      description: 'How many changes are looked at; the answer has those that the view shows.',
    }),
  ),
});
