import type { FastifyInstance } from 'fastify';
import { admit } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Database, Queries } from '../database/database.ts';
import { halResponse, sendInPieces, wholeList } from '../http/hal.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { withJson } from '../http/with-json.ts';
import { getQueryRun, getRun, QueryRunPath, RunPath } from './find-runs.ts';
import { noResults } from './get-result.ts';
import type { QueryRun } from './run.ts';
import { Preview, QueryRunShown, QueryRuns, runsPath, toQueryRun } from './run-schema.ts';
import { countQueryRuns, findPreview, listQueryRuns } from './run-store.ts';

/** Each may have a megabyte of SQL, twice. */
const READ_AT_ONCE = 4;

/** The runs of single queries, as parts of the run of their report. */
export function addQueryRunRoutes(
  app: FastifyInstance,
  { database, authentication }: { database: Database; authentication: Authentication },
): void {
  const path = '/api/:organization/reports/:token/runs/:run/query_runs';
  const { members } = admit(app, authentication);
  const common = { tag: 'Runs', admits: members };

  route(app, 'GET', path, {
    ...common,
    operationId: 'listQueryRuns',
    summary: 'List the query runs of a run',
    description: 'All of them, in the order in which the queries stand in the report.',
    params: RunPath,
    answers: { 200: halResponse('The query runs.', QueryRuns) },
    handler: async (request, reply) => {
      const { organization, report, run } = await getRun(database, request);
      const { id } = organization;
      const total = (await countQueryRuns(database, id, [run.number])).get(run.number)?.total ?? 0;
      const self = `${runsPath(organization, report.token)}/${run.token}/query_runs`;
      const shown = async function* () {
        for await (const one of queryRunsOf(database, id, run.number)) {
          yield toQueryRun(organization, report.token, run, one);
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
    description: 'What was run, how it ended, and of a failure what the data source said.',
    params: QueryRunPath,
    answers: { 200: halResponse('The query run.', reference(QueryRunShown)) },
    handler: async (request) => {
      const { organization, report, run, queryRun } = await getQueryRun(database, request);
      return toQueryRun(organization, report.token, run, queryRun);
    },
  });

  route(app, 'GET', `${path}/:query_run/results/preview.json`, {
    ...common,
    operationId: 'getPreview',
    summary: 'Get the first rows',
    description:
      'At most 1,000 rows and about 1 MB. A number that a 64-bit float cannot hold is text, as are dates and times.',
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
  queries: Queries,
  organizationId: number,
  runNumber: number,
): AsyncGenerator<QueryRun> {
  for (let after = 0, isFull = true; isFull; ) {
    const some = await listQueryRuns(queries, organizationId, runNumber, {
      after,
      limit: READ_AT_ONCE,
    });
    yield* some;
    after = some.at(-1)?.position ?? after;
    isFull = some.length === READ_AT_ONCE;
  }
}
