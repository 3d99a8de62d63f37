import { type Clock, wireTime } from '../clock.ts';
import type { Queries } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';
import { listQueriesInOrder } from '../inventory/query-order.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { formFields } from '../sql-templates/form-field-shape.ts';
import type { Parameters } from '../sql-templates/parameter-value.ts';
import { effectiveParameters, ParameterError, reportForm } from '../sql-templates/parameters.ts';
import { parseQuery, type QueryTemplate } from '../sql-templates/query-template.ts';
import { QueryTemplateError } from '../sql-templates/query-template-error.ts';
import type { Run } from './run.ts';
import { countWaitingRuns } from './run-queue-store.ts';
import { getRunByNumber, insertRun } from './run-store.ts';

/** A run that somebody asks for. */
type AskedRun = {
  report: StoredRow;
  /** Values of the report's parameters by name; those that are not given have their defaults. */
  parameters: Readonly<Record<string, unknown>>;
  /** The member who asks for it, or whose schedule does. */
  memberSlot: number | null;
  /** The schedule that asks for it; null where a person does. */
  scheduleNumber: number | null;
  /** What the caller calls the request, so that asking twice makes one run. */
  requestKey?: string | null;
};

/** What it takes to put runs into the queue. */
export type EnqueueParts = {
  clock: Clock;
  identifiers: Identifiers;
  /** How many runs of an organization may wait. */
  mostWaiting: number;
};

type QueryRow = {
  token: string;
  name: string | null;
  raw_query: string | null;
  data_source_token: string | null;
};

/**
 * Puts a run of a report into the queue, with its queries as they are now; within a transaction. A worker of this
 * process finds it at once if it is woken afterwards, others within a second.
 *
 * @throws ApiError bad_request where a parameter is not one that the report takes, conflict where it cannot run,
 *   queue_full where too many wait already.
 */
export async function enqueueRun(
  queries: Queries,
  organizationId: number,
  { report, parameters: given, memberSlot, scheduleNumber, requestKey = null }: AskedRun,
  { clock, identifiers, mostWaiting }: EnqueueParts,
): Promise<Run> {
  if (report.archived) {
    throw new ApiError(
      'conflict',
      'The report is archived, so it does not run.',
      'Unarchive it first.',
    );
  }
  const rows = await listQueriesInOrder(queries, organizationId, report);
  const reportQueries = rows.map(({ body }) => JSON.parse(String(body)) as QueryRow);
  if (reportQueries.length === 0) {
    throw new ApiError(
      'conflict',
      'The report has no query, so there is nothing to run.',
      'Add a query to it.',
    );
  }
  if ((await countWaitingRuns(queries, organizationId, mostWaiting)) >= mostWaiting) {
    throw new ApiError(
      'queue_full',
      `${mostWaiting} runs of the organization wait already, and no more may.`,
      'Wait until some have begun, or cancel runs that nobody needs any more.',
    );
  }
  const templates = reportQueries.map((query) => readTemplate(textOf(query), clock));
  const readable = templates.filter((template) => template !== undefined);
  const parameters = valuesOf(
    readable,
    readable.length < templates.length ? known(readable, given) : given,
  );
  const number = await insertRun(queries, organizationId, {
    token: identifiers.token(),
    reportSlot: report.slot,
    memberSlot,
    scheduleNumber,
    requestKey,
    parameters,
    formFields: formFields(reportForm(readable), parameters),
    createdAt: wireTime(clock()),
    queries: reportQueries.map((query) => ({
      token: identifiers.token(),
      queryToken: query.token,
      queryName: query.name,
      dataSourceToken: query.data_source_token,
      rawSource: textOf(query),
    })),
  });
  return getRunByNumber(queries, organizationId, number);
}

/** What PostgreSQL cannot keep in a text, no SQL may hold either; the engine will say so. */
const textOf = ({ raw_query }: QueryRow) => (raw_query ?? '').replaceAll('\0', '\ufffd');

/** Undefined where the text cannot be read: its query will fail, and say why. */
function readTemplate(text: string, clock: Clock): QueryTemplate | undefined {
  try {
    return parseQuery(text, clock);
  } catch (error) {
    if (error instanceof QueryTemplateError) return undefined;
    throw error;
  }
}

/** The values that these queries ask for. What another one asks for that cannot be read, nobody knows. */
function known(
  templates: readonly QueryTemplate[],
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const names = new Set(
    templates.flatMap(({ form, names }) => [...form.map(({ name }) => name), ...names]),
  );
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name)));
}

function valuesOf(
  templates: readonly QueryTemplate[],
  given: Readonly<Record<string, unknown>>,
): Parameters {
  try {
    return effectiveParameters(templates, given);
  } catch (error) {
    if (error instanceof ParameterError) throw new ApiError('bad_request', error.message);
    throw error;
  }
}
