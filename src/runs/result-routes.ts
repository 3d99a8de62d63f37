import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { admit } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { ApiError, quoted } from '../errors.ts';
import { disconnectSignal } from '../http/abort-on-disconnect.ts';
import { chooseEncoding } from '../http/content-encoding.ts';
import { singleValue } from '../http/paging.ts';
import type { QueryString } from '../http/query-string.ts';
import { type RouteRequest, route } from '../http/route.ts';
import { sendEncoded } from '../http/send-encoded.ts';
import { addVary } from '../http/vary.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { downloadName, fileName } from './download-name.ts';
import { downloadTurns } from './download-turns.ts';
import {
  getQueryRun,
  getReport,
  getRun,
  type OfReport,
  QueryRunPath,
  ReportPath,
  RunPath,
} from './find-runs.ts';
import {
  getResult,
  noResults,
  type ResultFormat,
  type ResultParts,
  resultFormats,
} from './get-result.ts';
import type { BriefQueryRun, Run } from './run.ts';
import { findLastSuccessfulRun, listBriefQueryRuns } from './run-store.ts';
import { ZIP_TYPE, zip } from './zip.ts';

type Parts = ResultParts & { authentication: Authentication };

/** Whose results: of one query, or of all the queries of a run. */
type Asked = OfReport & { run: Run; queryRuns: BriefQueryRun[]; queryName?: string | null };

const formats = Object.keys(resultFormats) as ResultFormat[];
const names: Record<ResultFormat, string> = {
  csv: 'CSV',
  json: 'JSON',
  ndjson: 'NDJSON',
  parquet: 'Parquet',
};

/** What runs have brought, in four formats: of one query, of a run, and of the last run of a report that succeeded. */
export function addResultRoutes(app: FastifyInstance, parts: Parts): void {
  const { database, authentication } = parts;
  const report = '/api/:organization/reports/:token';
  const { members } = admit(app, authentication);
  const inTurn = downloadTurns();

  for (const format of formats) {
    const common = (what: string, of: string) => ({
      tag: 'Results',
      admits: members,
      operationId: `get${what}${names[format]}`,
      summary: `Get ${of} as ${names[format]}`,
      description: describe(format, what),
      query: { schema: Type.Object(format === 'csv' ? { safe } : {}), read: isSafe },
      answers: { 200: { description: 'The rows.', content: contentOf(format, what) } },
      refuses: format === 'parquet' ? [] : (['queue_full'] as const),
    });

    route(app, 'GET', `${report}/results/content.${format}`, {
      ...common('LatestResult', 'the latest results of a report'),
      params: ReportPath,
      handler: async (request, reply) => {
        const of = await getReport(database, request);
        const run = await findLastSuccessfulRun(database, of.organization.id, of.report.slot);
        if (run === undefined) throw noResults();
        return send(request, reply, { ...of, run, queryRuns: await queryRunsOf(of, run) });
      },
    });

    route(app, 'GET', `${report}/runs/:run/results/content.${format}`, {
      ...common('RunResult', 'the results of a run'),
      params: RunPath,
      handler: async (request, reply) => {
        const of = await getRun(database, request);
        return send(request, reply, { ...of, queryRuns: await queryRunsOf(of, of.run) });
      },
    });

    route(app, 'GET', `${report}/runs/:run/query_runs/:query_run/results/content.${format}`, {
      ...common('QueryResult', 'the result of a query'),
      params: QueryRunPath,
      handler: async (request, reply) => {
        const of = await getQueryRun(database, request);
        const { queryRun } = of;
        return send(request, reply, {
          ...of,
          queryRuns: [queryRun],
          queryName: queryRun.queryName,
        });
      },
    });

    const send = (request: RouteRequest<unknown, boolean>, reply: FastifyReply, asked: Asked) =>
      sendResults({ ...parts, inTurn }, request, reply, asked, format);
  }

  const queryRunsOf = ({ organization }: OfReport, run: Run) =>
    listBriefQueryRuns(database, organization.id, run.number);
}

/** Sends the first query's rows or, as CSV, those of all queries: several in a zip archive. */
async function sendResults(
  { inTurn, ...parts }: ResultParts & { inTurn: ReturnType<typeof downloadTurns> },
  { query: safeForSpreadsheets, headers }: RouteRequest<unknown, boolean>,
  reply: FastifyReply,
  { organization, report, run, queryRuns, queryName = null }: Asked,
  format: ResultFormat,
): Promise<FastifyReply> {
  const options = { format, safeForSpreadsheets };
  const withResults = queryRuns.filter(({ result }) => result !== null);
  const open = (queryRun: BriefQueryRun) => getResult(parts, organization.id, queryRun, options);
  const make = (stream: () => Promise<Readable>) =>
    inTurn(organization.id, disconnectSignal(reply.raw), stream);
  const { name } = readRow(lists.reports, report);
  const title = downloadName(name, queryName, run);
  reply.header('cache-control', 'private, no-cache');
  if (format === 'csv' && queryRuns.length > 1) {
    if (run.expiredAt !== null || withResults.length === 0) throw noResults();
    const entries = withResults.map((queryRun) => ({
      name: `${queryRun.position} ${fileName(queryRun.queryName ?? '') || 'query'}.csv`,
      open: () => open(queryRun),
    }));
    const archive = await make(async () => zip(entries));
    reply.type(ZIP_TYPE).header('content-disposition', attachment(`${title}.zip`));
    return reply.send(archive);
  }
  const [queryRun] = queryRuns;
  if (queryRun === undefined) throw noResults();
  // Parquet is sent as it lies in the store, which takes no process.
  const stream = await (format === 'parquet' ? open(queryRun) : make(() => open(queryRun)));
  reply.type(resultFormats[format]);
  reply.header('content-disposition', attachment(`${title}.${format}`));
  if (format === 'parquet') return reply.send(stream); // it is compressed already
  addVary(reply, 'Accept-Encoding');
  return sendEncoded(reply, stream, chooseEncoding(headers['accept-encoding']));
}

const safe = Type.Optional(
  Type.String({
    enum: ['true', 'false'],
    default: 'false',
    description:
      "With `true`, text that a spreadsheet would take for a formula is prefixed with `'`.",
  }),
);

/** @throws ApiError bad_request */
function isSafe(query: QueryString): boolean {
  const value = singleValue(query, 'safe', 'true or false') ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw new ApiError('bad_request', `safe is ${quoted(value)}; it must be true or false.`);
}

function contentOf(format: ResultFormat, what: string) {
  const [mediaType = ''] = resultFormats[format].split(';');
  const bytes = Type.String({ description: 'The rows.' });
  const schema = format === 'json' ? Type.Array(Type.Object({})) : bytes;
  const isMany = format === 'csv' && what !== 'QueryResult';
  return { [mediaType]: { schema }, ...(isMany ? { [ZIP_TYPE]: { schema: bytes } } : {}) };
}

function describe(format: ResultFormat, what: string): string {
  const which =
    what === 'LatestResult'
      ? 'Of the last successful run, with any parameters; `runs/default/results` has what the report shows. '
      : '';
  if (format !== 'csv') {
    return which + (what === 'QueryResult' ? 'All of its rows.' : 'The rows of the first query.');
  }
  const many = 'A run of several queries is a zip archive with a file for each result. ';
  return `${which}${what === 'QueryResult' ? '' : many}RFC 4180: a header, and lines that end with CRLF.`;
}

/** https://datatracker.ietf.org/doc/html/rfc6266: the plain name is for what does not know the other. */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]/g, '-').replaceAll(/[\\"%]/g, '-');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
