import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { type Clock, DAY_MS, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { asksFor } from '../http/accept.ts';
import { chooseEncoding } from '../http/content-encoding.ts';
import { HAL, halResponse, toHalList, wholeList } from '../http/hal.ts';
import { parseRestPaging, restPagingSchemaUpTo, singleValue } from '../http/paging.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { type QueryString, readsQuery } from '../http/query-string.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { sendEncoded } from '../http/send-encoded.ts';
import { addVary } from '../http/vary.ts';
import { basePathOf, type PublicUrl } from '../public-url.ts';
import { answerReading, readingResponse } from '../report-index/answer-reading.ts';
import type { ReportSearch } from '../report-index/report-search.ts';
import { rollCallCsvHeader } from '../report-index/roll-call-csv.ts';
import { type RollCallList, rollCallLists } from '../report-index/roll-call-lists.ts';
import type { Roll } from '../report-index/roll-call-question.ts';
import { countStoppedSchedules } from '../schedules/schedule-store.ts';
import { accessOf, reachOf } from '../spaces/space-access.ts';
import { loadRollCall } from './load-roll-call.ts';
import {
  RollCall,
  RollCallDays,
  RollCallReports,
  rollCallJson,
  rollCallSchemas,
  toRollCallDay,
  toRollCallReport,
} from './roll-call-schema.ts';
import { listDays } from './roll-call-store.ts';

const MOST_REPORTS = 100;
const LINES_AT_ONCE = 1000;
const TREND_MS = 366 * DAY_MS;

const format = {
  format: Type.Optional(
    Type.Literal('csv', {
      description: 'Returns the whole list as CSV, like `Accept: text/csv`.',
    }),
  ),
};

/** `/api/{organization}/roll_call`: which reports answer, and which are to be looked after. */
export function addRollCallRoutes(
  app: FastifyInstance,
  parts: {
    database: Database;
    authentication: Authentication;
    reportSearch: ReportSearch;
    clock: Clock;
    publicUrl: PublicUrl;
  },
): void {
  const { database, authentication, reportSearch, clock } = parts;
  const basePath = basePathOf(parts.publicUrl);
  const path = '/api/:organization/roll_call';
  for (const schema of rollCallSchemas) app.addSchema(schema);
  const { members } = admit(app, authentication);
  const common = { tag: 'Roll call', admits: members };

  async function rollFor(request: FastifyRequest) {
    const caller = callerOf(request);
    const reach = reachOf(await accessOf(database, caller.organization.id, caller));
    return loadRollCall(parts, caller.organization.id, reach);
  }

  function sendCsv(
    request: FastifyRequest,
    reply: FastifyReply,
    { name, list, roll }: { name: string; list: RollCallList | undefined; roll: Roll },
  ): FastifyReply {
    const { organization } = callerOf(request);
    async function* lines() {
      yield rollCallCsvHeader;
      const called = await reportSearch.ask(organization, 'gatherCalled', { ...roll, list });
      for (let from = 0; from < called.slots.length; from += LINES_AT_ONCE) {
        const to = from + LINES_AT_ONCE;
        const some = {
          slots: called.slots.slice(from, to),
          letters: called.letters.slice(from, to),
          ownerLeft: called.ownerLeft.slice(from, to),
          sameSql: called.sameSql.slice(from, to),
        };
        const { reach } = roll;
        yield await reportSearch.ask(organization, 'writeLines', { reach, called: some });
      }
    }
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}.csv"`);
    return sendLarge(request, reply, Readable.from(lines()));
  }

  route(app, 'GET', path, {
    ...common,
    operationId: 'callRoll',
    summary: 'Get the roll call',
    description:
      'Whether each report that you can see answers, in total and by space. As CSV, one line per report.',
    params: OrganizationPath,
    query: readsQuery(Type.Object(format)),
    answers: { 200: halOrCsv('The roll call.', reference(RollCall)), 202: readingResponse },
    handler: async (request, reply) => {
      const isCsv = wantsCsv(request, request.query);
      const { organization } = callerOf(request);
      if (
        await answerReading(reportSearch, request, reply, `/api/${organization.username}/roll_call`)
      )
        return reply;
      const { roll, answersWithinDays } = await rollFor(request);
      if (isCsv) return sendCsv(request, reply, { name: 'roll_call', list: undefined, roll });
      const called = await reportSearch.ask(organization, 'callRoll', roll);
      const stoppedSchedules = await countStoppedSchedules(database, organization.id, roll.reach);
      const given = { answersWithinDays, stoppedSchedules };
      const pieces = rollCallJson(organization, given, called, basePath);
      return sendLarge(request, reply.type(HAL), Readable.from(pieces));
    },
  });

  route(app, 'GET', `${path}/trend`, {
    ...common,
    operationId: 'getRollCallTrend',
    summary: 'Get the trend of the roll call',
    description:
      'The counts at the end of each day of the last year, oldest first: of the reports in shared ' +
      'spaces. The list is not paged.',
    params: OrganizationPath,
    answers: { 200: halResponse('The days.', RollCallDays) },
    handler: async (request) => {
      const { organization } = callerOf(request);
      const from = wireTime(clock() - TREND_MS).slice(0, 10);
      const days = await listDays(database, organization.id, from);
      const self = `/api/${organization.username}/roll_call/trend`;
      return wholeList('days', self, days.map(toRollCallDay));
    },
  });

  route(app, 'GET', `${path}/:list`, {
    ...common,
    operationId: 'listRollCall',
    summary: 'List reports that need attention',
    description:
      'Failing and stale reports are sorted by last success, oldest first. Duplicates are grouped. The other ' +
      'lists are sorted by creation, oldest first.',
    params: Type.Object({
      ...OrganizationPath.properties,
      list: Type.String({
        description: `Which: ${rollCallLists.map((list) => `\`${list}\``).join(', ')}.`,
        examples: ['failing'],
      }),
    }),
    query: readsQuery(Type.Object({ ...restPagingSchemaUpTo(MOST_REPORTS), ...format })),
    answers: { 200: halOrCsv('A page of reports.', RollCallReports), 202: readingResponse },
    handler: async (request, reply) => {
      const { organization } = callerOf(request);
      const { list: given } = request.params;
      const list = rollCallLists.find((one) => one === given);
      if (list === undefined) {
        throw new ApiError(
          'not_found',
          `There is no list ${quoted(given)}; it must be one of ${rollCallLists.join(', ')}.`,
        );
      }
      const { query } = request;
      const paging = parseRestPaging(query, MOST_REPORTS);
      const isCsv = wantsCsv(request, query);
      const path = `/api/${organization.username}/roll_call/${list}`;
      if (await answerReading(reportSearch, request, reply, path)) return reply;
      const { roll } = await rollFor(request);
      if (isCsv) return sendCsv(request, reply, { name: list, list, roll });
      const { page, perPage } = paging;
      const { reports, total } = await reportSearch.ask(organization, 'listCalled', {
        ...roll,
        list,
        offset: (page - 1) * perPage,
        limit: perPage,
      });
      const shown = reports.map((report) => toRollCallReport(organization, report));
      addVary(reply, 'accept');
      return toHalList('reports', path, shown, total, paging);
    },
  });
}

function halOrCsv<Schema extends Parameters<typeof halResponse>[1]>(
  description: string,
  schema: Schema,
) {
  const { content } = halResponse(description, schema);
  return { description, content: { ...content, 'text/csv': { schema: Type.String() } } };
}

function wantsCsv({ headers }: FastifyRequest, query: QueryString): boolean {
  const given = singleValue(query, 'format', 'csv');
  if (given === undefined) return asksFor(headers.accept, 'text/csv');
  if (given === 'csv') return true;
  throw new ApiError(
    'bad_request',
    `format is ${quoted(given)}; it must be csv, or left out for JSON.`,
  );
}

/** What may be some megabytes goes compressed to whoever takes it so. */
function sendLarge(request: FastifyRequest, reply: FastifyReply, body: Readable): FastifyReply {
  addVary(reply, 'accept');
  addVary(reply, 'accept-encoding');
  return sendEncoded(reply, body, chooseEncoding(request.headers['accept-encoding']));
}
