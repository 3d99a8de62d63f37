import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';
import type { Organization } from '../organizations/organization.ts';
import type { Parameters } from '../sql-templates/parameter-value.ts';
import { effectiveParameters, ParameterError } from '../sql-templates/parameters.ts';
import type { FormField } from '../sql-templates/query-form.ts';
import { parseQuery, type QueryTemplate, renderQuery } from '../sql-templates/query-template.ts';
import { QueryTemplateError } from '../sql-templates/query-template-error.ts';
import type { DataSource } from './data-source.ts';
import { kindOf } from './kinds.ts';
import { type ConnectionParts, openConnection } from './open-connection.ts';
import { QueryError } from './query-error.ts';
import type { QueryColumn, QueryLimits } from './query-job.ts';
import type { QueryProcesses } from './query-processes.ts';
import { takeTurns } from './take-turns.ts';

/** Somebody waits for the answer, and only looks at it. */
const LIMITS: Omit<QueryLimits, 'memoryBytes'> = {
  timeMs: 10_000,
  rows: 1000,
  bytes: 16 * 1024 * 1024,
};
/** Others wait for their turn, so that no organization keeps the others’ queries from running. */
const AT_ONCE = 3;

export type TriedQuery = {
  form: readonly FormField[];
  parameters: Parameters;
  /** The SQL as the data source got it; null where it came to none. */
  renderedSource: string | null;
} & (
  | { state: 'succeeded'; columns: QueryColumn[]; rows: unknown[][]; truncated: boolean }
  | { state: 'failed'; failure: Failure }
);
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
};

export type TrialParts = {
  queryProcesses: QueryProcesses;
  connections: ConnectionParts;
  memoryBytes: number;
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
export function queryTrials(parts: TrialParts) {
  const turns = new Map<number, InTurn>();
  return (trial: Trial, signal: AbortSignal): Promise<TriedQuery> => {
    const { id } = trial.organization;
    const inTurn = turns.get(id) ?? takeTurns(AT_ONCE);
    turns.set(id, inTurn);
    return tryQuery(parts, trial, inTurn, signal);
  };
}

type InTurn = ReturnType<typeof takeTurns>;

async function tryQuery(
  { queryProcesses, connections, memoryBytes, folder, clock, identifiers }: TrialParts,
  { organization, dataSource, rawQuery, given }: Trial,
  inTurn: InTurn,
  signal: AbortSignal,
): Promise<TriedQuery> {
  const asked = { form: [] as FormField[], parameters: {}, renderedSource: null as string | null };
  const resultFile = join(folder, `try-${identifiers.token()}.parquet`);
  try {
    const template = parseQuery(rawQuery, clock);
    asked.form = template.form;
    asked.parameters = parametersOf(template, given);
    const { sql, values } = renderQuery(template, asked.parameters, {
      dialect: kindOf(dataSource.adapter).dialect,
    });
    asked.renderedSource = sql;
    const connection = openConnection(organization, dataSource, connections);
    const job = { connection, sql, values, resultFile, limits: { ...LIMITS, memoryBytes } };
    const { columns, preview, ...result } = await inTurn(() => {
      if (signal.aborted)
        throw new QueryError({ code: 'cancelled', message: 'Nobody waits for it.' });
      return queryProcesses.run(job, { signal });
    });
    const rows: unknown[][] = JSON.parse(preview);
    const truncated = result.truncated || rows.length < result.rows;
    return { ...asked, state: 'succeeded', columns, rows, truncated };
  } catch (error) {
    return { ...asked, state: 'failed', failure: failureOf(error) };
  } finally {
    await rm(resultFile, { force: true });
  }
}

function parametersOf(template: QueryTemplate, given: Trial['given']): Parameters {
  const names = new Set([...template.form.map(({ name }) => name), ...template.names]);
  const asked = Object.entries(given).filter(([name]) => names.has(name));
  try {
    return effectiveParameters([template], Object.fromEntries(asked));
  } catch (error) {
    if (error instanceof ParameterError) throw new ApiError('bad_request', error.message);
    throw error;
  }
}

/** @throws whatever is not the query's fault. */
function failureOf(error: unknown): Failure {
  if (error instanceof QueryError) return error;
  if (error instanceof QueryTemplateError) {
    return { code: 'template_error', message: error.message, line: error.line };
  }
  throw error;
}
