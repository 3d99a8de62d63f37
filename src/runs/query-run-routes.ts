import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { listDataSources } from '../data-sources/data-source-store.ts';
import type { Database, Store } from '../database/database.ts';
import { halResponse, sendInPieces, toHalList, wholeList } from '../http/hal.ts';
import { restPaging } from '../http/paging.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { withJson } from '../http/with-json.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { findRowDetails } from '../inventory/row-detail-store.ts';
import { findRows, findSlots } from '../inventory/row-store.ts';
import { findListedMembers } from '../members/listed-members.ts';
import { notFound } from '../spaces/space-access.ts';
import {
  getQueryRun,
  getReport,
  getRun,
  type OfReport,
  type OfRun,
  QueryRunPath,
  ReportPath,
  RunPath,
} from './find-runs.ts';
import { noResults } from './get-result.ts';
import {
  QueryResult,
  QueryRunShown,
  QueryRuns,
  queryRunSchemas,
  toQueryResult,
  toQueryRun,
} from './query-run-schema.ts';
import type { QueryRun } from './run.ts';
import { Preview, runsPath } from './run-schema.ts';
import {
  countQueryRuns,
  findPreview,
  findQueryRun,
  getRunByNumber,
  listBriefQueryRuns,
  listQueryRuns,
  listRunsOfQuery,
} from './run-store.ts';

/** Each may have a megabyte of SQL, twice. */
const READ_AT_ONCE = 4;

/** The runs of single queries, as parts of the run of their report. */
export function addQueryRunRoutes(
  app: FastifyInstance,
  {
    database,
    authentication,
    resultBytes,
  }: { database: Database; authentication: Authentication; resultBytes: number },
): void {
  for (const schema of queryRunSchemas) app.addSchema(schema);
  const path = '/api/:organization/reports/:token/runs/:run/query_runs';
  const { members } = admit(app, authentication);
  const common = { tag: 'Runs', admits: members };

  route(app, 'GET', path, {
    ...common,
    operationId: 'listQueryRuns',
    summary: 'List the query runs of a run',
    description: 'All query runs, in the order of the queries.',
    params: RunPath,
    answers: { 200: halResponse('The query runs.', QueryRuns) },
    handler: async (request, reply) => {
      const of = await getRun(database, request);
      const { organization, report, run } = of;
      const { id } = organization;
      const total = (await countQueryRuns(database, id, [run.number])).get(run.number)?.total ?? 0;
      const self = `${runsPath(organization, report.token)}/${run.token}/query_runs`;
      const around = await surroundingsOf(of);
      const shown = async function* () {
        for await (const one of queryRunsOf(database, id, run.number)) {
          yield toQueryRun(organization, run, one, around);
        }
      };
      const list = wholeList('query_runs', self, Array(total).fill(null));
      return sendInPieces(reply, list, shown());
    },
  });

  route(app, 'GET', `${path}/:query_run`, {
    ...common,
    operationId: 'getQueryRun',
    summary: 'Get a query run',
    description: 'SQL, outcome and, for a failure, the message of the data source.',
    params: QueryRunPath,
    answers: { 200: halResponse('The query run.', reference(QueryRunShown)) },
    handler: async (request) => {
      const of = await getQueryRun(database, request);
      return toQueryRun(of.organization, of.run, of.queryRun, await surroundingsOf(of));
    },
  });

  route(app, 'GET', `${path}/:query_run/results`, {
    ...common,
    operationId: 'getQueryResult',
    summary: 'Get the formats of a result',
    description:
      'What the link `result` of a query run returns. Has no links to formats if there is no result.',
    params: QueryRunPath,
    answers: { 200: halResponse('The result.', reference(QueryResult)) },
    handler: async (request) => {
      const { organization, report, run, queryRun } = await getQueryRun(database, request);
      return toQueryResult(organization, report.token, run, queryRun);
    },
  });

  route(app, 'GET', '/api/:organization/reports/:token/queries/:query/runs', {
    ...common,
    operationId: 'listRunsOfQuery',
    summary: 'List the runs of a query',
    description: 'Newest first.',
    params: Type.Object({
      ...ReportPath.properties,
      query: Type.String({ description: 'Token of the query.', examples: ['a5f2cd4f3ad1'] }),
    }),
    query: restPaging,
    answers: { 200: halResponse('A page of query runs.', QueryRuns) },
    handler: async (request, reply) => {
      const of = await getReport(database, request);
      const { organization, report } = of;
      const { id } = organization;
      const { query: queryToken } = request.params;
      const { page, perPage } = request.query;
      const asked = { reportSlot: report.slot, queryToken };
      const part = { offset: (page - 1) * perPage, limit: perPage };
      const { found, total } = await listRunsOfQuery(database, id, asked, part);
      if (total === 0) await requireQuery(of, queryToken);
      const self = `/api/${organization.username}/reports/${encodeURIComponent(report.token)}/queries/${encodeURIComponent(queryToken)}/runs`;
      const shown = async function* () {
        for (const { runNumber, token } of found) {
          const run = await getRunByNumber(database, id, runNumber);
          const one = await findQueryRun(database, id, runNumber, token);
          if (one) yield toQueryRun(organization, run, one, await surroundingsOf({ ...of, run }));
        }
      };
      const list = toHalList('query_runs', self, found, total, { page, perPage });
      return sendInPieces(reply, list, shown());
    },
  });

  /** @throws ApiError not_found where the report has no such query. */
  async function requireQuery({ organization, report }: OfReport, token: string): Promise<void> {
    const [query] = await findRows(database, organization.id, lists.queries, 'token', [token]);
    if (query?.parent !== report.slot) throw notFound('query');
  }

  async function surroundingsOf({ organization, report, run }: OfRun) {
    const { id } = organization;
    const brief = await listBriefQueryRuns(database, id, run.number);
    const tokens = brief.map(({ queryToken }) => queryToken);
    const slots = await findSlots(database, id, lists.queries, tokens);
    const details = await findRowDetails(database, id, [...slots.values()]);
    const { created_at: reportCreatedAt } = readRow(lists.reports, report);
    const dataSources = await listDataSources(database, id);
    const people = run.memberSlot === null ? [] : [run.memberSlot];
    const [member] = await findListedMembers(database, id, people);
    return {
      reportToken: report.token,
      dataSourceIds: new Map(dataSources.map(({ id, token }) => [token, id])),
      queriesCreatedAt: new Map(
        [...slots].map(([token, slot]) => [token, details.get(slot)?.createdAt ?? reportCreatedAt]),
      ),
      executedBy: member?.token,
      resultBytes,
    };
  }

  route(app, 'GET', `${path}/:query_run/results/preview.json`, {
    ...common,
    operationId: 'getPreview',
    summary: 'Preview a result',
    description:
      'Up to 1,000 rows and about 1 MB. A number that a 64-bit float cannot keep is text, as are dates and times.',
    params: QueryRunPath,
    answers: {
      200: {
        description: 'The first rows.',
        content: { 'application/json': { schema: reference(Preview) } },
      },
    },
    handler: async (request, reply) => {
      const { organization, queryRun } = await getQueryRun(database, request);
      const { result } = queryRun;
      const rows = await findPreview(database, organization.id, queryRun);
      if (result === null || rows === null) throw noResults();
      const about = { columns: result.columns, row_count: result.rows, limit: result.truncated };
      reply.type('application/json; charset=utf-8');
      return reply.send(withJson(about, 'rows', rows));
    },
  });
}

/** Those of a run, a few at a time, however long their SQL is. */
async function* queryRunsOf(
  store: Store,
  organizationId: number,
  runNumber: number,
): AsyncGenerator<QueryRun> {
  for (let after = 0, isFull = true; isFull; ) {
    const some = await listQueryRuns(store, organizationId, runNumber, {
      after,
      limit: READ_AT_ONCE,
    });
    yield* some;
    after = some.at(-1)?.position ?? after;
    isFull = some.length === READ_AT_ONCE;
  }
}
