import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, wireTime } from '../clock.ts';
import { findDataSource } from '../data-sources/data-source-store.ts';
import type { Connection } from '../data-sources/kinds.ts';
import { type ConnectionParts, openConnection } from '../data-sources/open-connection.ts';
import { QueryError } from '../data-sources/query-error.ts';
import type { QueryLimits } from '../data-sources/query-job.ts';
import type { QueryProcesses } from '../data-sources/query-processes.ts';
import type { Answer } from '../data-sources/templates/template-order.ts';
import { type Templates, TOO_MUCH } from '../data-sources/templates/templates.ts';
import type { Database } from '../database/database.ts';
import { quoted } from '../errors.ts';
import type { Organization } from '../organizations/organization.ts';
import type { BoundSql } from '../sql-templates/bind-values.ts';
import { storageFaultOf, storageFaults } from '../storage-fault.ts';
import { keepPictures } from './keep-pictures.ts';
import { looksOf } from './looks.ts';
import { retryUntilStoreIsUp } from './retry-until-store-is-up.ts';
import type { QueryOutcome, QueryRun, RunFailure } from './run.ts';
import { type ClaimedRun, keepOutcome, RunLostError } from './run-queue.ts';
import { storeResultFile } from './store-result-file.ts';

/** What it takes to execute queries. */
export type ExecutionParts = {
  database: Database;
  queryProcesses: QueryProcesses;
  templates: Templates;
  connections: ConnectionParts;
  limits: QueryLimits;
  /** A folder of this process alone, where results lie until they are kept. */
  folder: string;
  clock: Clock;
  /** Told of what is our own fault and not the query's. */
  onFault: (error: Error) => void;
};

/**
 * Runs a query of a run on its data source, and keeps what became of it.
 *
 * @param signal ends it, and nothing is kept.
 * @throws RunLostError
 */
export async function executeQuery(
  parts: ExecutionParts,
  taken: ClaimedRun,
  queryRun: QueryRun,
  signal: AbortSignal,
): Promise<QueryOutcome> {
  const { database, clock, folder } = parts;
  const { organization, lease } = taken;
  const startedAt = wireTime(clock());
  const name = [organization.id, lease.runNumber, lease.attempt, queryRun.position].join('-');
  const resultFile = join(folder, `${name}.parquet`);
  let renderedSource: string | null = null;
  let outcome: QueryOutcome;
  try {
    const connection = await connect(parts, organization, queryRun);
    const bound = await parts.templates.carryOut(organization.id, 'render', {
      text: queryRun.rawSource,
      parameters: taken.run.parameters,
      adapter: connection.adapter,
      nowMs: clock(),
    });
    const { sql, values } = requireBound(bound);
    renderedSource = sql;
    const looks = await looksOf(database, organization.id, queryRun);
    const charts = [...looks.values()];
    const job = { connection, sql, values, resultFile, limits: parts.limits, charts };
    const ran = await parts.queryProcesses.run(job, { signal });
    const { preview, previewRows: _, pictures = [], ...result } = ran;
    await storeResultFile(parts, taken, queryRun.position, { file: resultFile, signal });
    const marks = [...looks.keys()].slice(0, pictures.length);
    const drawn = new Map(marks.map((mark, index) => [mark, pictures[index] as string]));
    await keepPictures(parts, taken, queryRun.position, drawn, signal);
    const endedAt = wireTime(clock());
    outcome = { state: 'succeeded', renderedSource, startedAt, endedAt, result, preview };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RunLostError) throw error;
    const failure = failureOf(error as Error, parts.onFault);
    outcome = { state: 'failed', renderedSource, startedAt, endedAt: wireTime(clock()), failure };
  } finally {
    await rm(resultFile, { force: true });
  }
  await retryUntilStoreIsUp(
    () => keepOutcome(database, taken, { position: queryRun.position, outcome, clock }),
    signal,
  );
  return outcome;
}

async function connect(
  { database, connections }: ExecutionParts,
  organization: Organization,
  { dataSourceToken }: QueryRun,
): Promise<Connection> {
  const source =
    dataSourceToken === null
      ? undefined
      : await findDataSource(database, organization.id, 'token', dataSourceToken);
  if (source) return openConnection(organization, source, connections);
  const what =
    dataSourceToken === null
      ? 'The query has no data source.'
      : `The query's data source, ${quoted(dataSourceToken)}, was deleted or never created here.`;
  throw new QueryError({
    code: 'connection_failed',
    message: `${what} Choose another data source for the query.`,
  });
}

/** The query has no SQL that could be run. */
class TemplateRefusedError extends Error {
  readonly failure: RunFailure;

  constructor(message: string, line: number | null = null) {
    super(message);
    this.failure = { code: 'template_error', message, line, position: null };
  }
}

function requireBound(bound: Answer<'render'> | undefined): BoundSql {
  if (bound === undefined) throw new TemplateRefusedError(TOO_MUCH);
  if (!('failure' in bound)) return bound;
  throw new TemplateRefusedError(bound.failure.message, bound.failure.line);
}

function failureOf(error: Error, onFault: (error: Error) => void): RunFailure {
  if (error instanceof QueryError) {
    const { code, message, line = null, position = null } = error;
    return { code, message, line, position };
  }
  if (error instanceof TemplateRefusedError) return error.failure;
  onFault(error);
  const fault = storageFaultOf(error);
  const message = fault
    ? `The server could not run the query. ${storageFaults[fault]}`
    : 'The server failed to run the query; the cause is in its log.';
  return { code: 'internal_error', message, line: null, position: null };
}
