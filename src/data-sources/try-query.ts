import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';
import type { Organization } from '../organizations/organization.ts';
import type { BoundSql } from '../sql-templates/bind-values.ts';
import type { Parameters } from '../sql-templates/parameter-value.ts';
import type { FormField } from '../sql-templates/query-form.ts';
import type { DataSource } from './data-source.ts';
import type { KeptTrials } from './kept-trials.ts';
import { limitConcurrencyEach } from './limit-concurrency.ts';
import { type ConnectionParts, openConnection } from './open-connection.ts';
import { QueryError } from './query-error.ts';
import type { Cut, QueryColumn, QueryLimits } from './query-job.ts';
import type { QueryProcesses } from './query-processes.ts';
import { type Templates, TOO_MUCH } from './templates/templates.ts';

/** Somebody waits for the answer, and only looks at it. */
const LIMITS: Omit<QueryLimits, 'memoryBytes'> = {
  timeMs: 10_000,
  rows: 1000,
  bytes: 16 * 1024 * 1024,
};
/** Where the result is kept, for charts to be drawn of it, it has as many rows as that of a run. */
const KEPT_BYTES = 64 * 1024 * 1024;
/** Others wait for their turn, so that no organization keeps the others’ queries from running. */
const AT_ONCE = 3;

export type TriedQuery = {
  form: readonly FormField[];
  parameters: Parameters;
  /** The SQL as the data source got it; null where it came to none. */
  renderedSource: string | null;
} & (({ state: 'succeeded' } & TriedRows) | { state: 'failed'; failure: Failure });
/** `rows` as JSON: an array of arrays. */
type TriedRows = {
  columns: QueryColumn[];
  rows: string;
  rowCount: number;
  truncated: boolean;
  /** Under which the whole result is kept for some minutes; null where nobody asked for that. */
  kept: string | null;
};
type Failure = {
  code: string;
  message: string;
  line?: number | undefined;
  position?: number | undefined;
};

type Trial = {
  organization: Organization;
  dataSource: DataSource;
  rawQuery: string;
  /** Values by name; those that the query does not ask for are passed over. */
  given: Readonly<Record<string, unknown>>;
  /** Whether charts are to be drawn of the result. */
  keep: boolean;
  /** Who tries it. */
  memberSlot: number | null;
};

export type TrialParts = {
  queryProcesses: QueryProcesses;
  templates: Templates;
  connections: ConnectionParts;
  memoryBytes: number;
  /** How many rows of a result a run keeps. */
  resultRows: number;
  /** A folder of this process alone, where a result lies while it is read. */
  folder: string;
  clock: Clock;
  identifiers: Identifiers;
};

/**
 * Runs queries whose results are shown and not kept, a few of each organization at once.
 *
 * @throws ApiError bad_request for a value that a parameter does not take. What is wrong with the query is an answer.
 */
export function queryTrials(parts: TrialParts, keptTrials: KeptTrials) {
  const turnsOf = limitConcurrencyEach(AT_ONCE);
  return (trial: Trial, signal: AbortSignal): Promise<TriedQuery> => {
    const { id } = trial.organization;
    return tryQuery({ ...parts, keptTrials }, trial, turnsOf(id), signal);
  };
}

type InTurn = ReturnType<ReturnType<typeof limitConcurrencyEach>>;
type KeepingParts = TrialParts & { keptTrials: KeptTrials };

async function tryQuery(
  parts: KeepingParts,
  trial: Trial,
  inTurn: InTurn,
  signal: AbortSignal,
): Promise<TriedQuery> {
  const asked = { form: [] as FormField[], parameters: {}, renderedSource: null as string | null };
  try {
    return await inTurn(async () => {
      if (signal.aborted)
        throw new QueryError({ code: 'cancelled', message: 'Nobody waits for it.' });
      const { organization, dataSource, rawQuery: text, given } = trial;
      const read = await parts.templates.carryOut(organization.id, 'try', {
        text,
        given,
        adapter: dataSource.adapter,
        nowMs: parts.clock(),
      });
      if (read?.refusal) throw new ApiError('bad_request', read.refusal.message);
      Object.assign(asked, read && { form: read.form, parameters: read.parameters });
      if (read?.bound === undefined) {
        const failure = read?.failure ?? { message: TOO_MUCH };
        return { ...asked, state: 'failed', failure: { code: 'template_error', ...failure } };
      }
      asked.renderedSource = read.bound.sql;
      return { ...asked, state: 'succeeded', ...(await run(parts, trial, read.bound, signal)) };
    });
  } catch (error) {
    if (error instanceof QueryError) return { ...asked, state: 'failed', failure: error };
    throw error;
  }
}
/** The first rows of what the data source brings. */
async function run(
  { queryProcesses, connections, folder, identifiers, keptTrials, ...limits }: KeepingParts,
  { organization, dataSource, keep, memberSlot }: Trial,
  { sql, values }: BoundSql,
  signal: AbortSignal,
): Promise<TriedRows> {
  const token = identifiers.token();
  const resultFile = join(folder, `try-${token}.parquet`);
  let isKept = false;
  try {
    const connection = openConnection(organization, dataSource, connections);
    const job = {
      connection,
      sql,
      values,
      resultFile,
      limits: {
        ...LIMITS,
        ...(keep && { rows: limits.resultRows, bytes: KEPT_BYTES }),
        memoryBytes: limits.memoryBytes,
      },
    };
    const { columns, preview, ...result } = await queryProcesses.run(job, { signal });
    const truncated = result.truncated || result.previewRows < result.rows;
    if (keep) {
      isKept = true;
      const cut: Cut | undefined = result.truncated ? { rows: result.rows, by: 'try' } : undefined;
      await keptTrials.keep(token, {
        organizationId: organization.id,
        memberSlot,
        file: resultFile,
        cut,
      });
    }
    const kept = isKept ? token : null;
    return { columns, rows: preview, rowCount: result.previewRows, truncated, kept };
  } finally {
    if (!isKept) await rm(resultFile, { force: true });
  }
}
