import { type Clock, wireTime } from '../clock.ts';
import { type Templates, TOO_MUCH } from '../data-sources/templates/templates.ts';
import type { Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';
import { lists, type Row } from '../inventory/lists.ts';
import { listQueriesInOrder } from '../inventory/query-order.ts';
import { readRow } from '../inventory/row.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { formFields } from '../sql-templates/form-field-shape.ts';
import type { Parameters } from '../sql-templates/parameter-value.ts';
import type { Run } from './run.ts';
import { listChartsOf, type RunChart } from './run-charts.ts';
import { countWaitingRuns } from './run-queue-store.ts';
import { findLastVersion, getRunByNumber, insertRun } from './run-store.ts';

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
  templates: Templates;
  /** How many runs of an organization may wait. */
  mostWaiting: number;
};

/** What a run is made of, as it was when it was asked for. */
export type PreparedRun = {
  parameters: Parameters;
  formFields: ReturnType<typeof formFields>;
  /** Whether the parameters have the values that they have where none are given. */
  isDefault: boolean;
  queries: Row<'queries'>[];
  charts: RunChart[];
  /** The version of the report; null where it has none, or was edited while this was read. */
  version: number | null;
};

type RunOfReport = Pick<AskedRun, 'report' | 'parameters'>;

/**
 * Reads what a run is made of: the queries of its report as they are now, and the values that they get. That takes as long
 * as those who wrote them like, so it is done outside of a transaction.
 *
 * @throws ApiError bad_request where a parameter is not one that the report takes, conflict where it cannot run,
 *   queue_full where too many wait already.
 */
export async function prepareRun(
  store: Store,
  organizationId: number,
  { report, parameters: given }: RunOfReport,
  parts: Pick<EnqueueParts, 'templates' | 'clock' | 'mostWaiting'>,
): Promise<PreparedRun> {
  const { templates, clock } = parts;
  if (report.archived) {
    throw new ApiError(
      'conflict',
      'The report is archived, so it cannot run.',
      'Unarchive it first.',
    );
  }
  const version = await findLastVersion(store, organizationId, report.slot);
  const reportQueries = await readQueries(store, organizationId, report);
  if (reportQueries.length === 0) {
    throw new ApiError(
      'conflict',
      'The report has no queries, so there is nothing to run.',
      'Add a query to it.',
    );
  }
  await requirePlace(store, organizationId, parts);
  const texts = reportQueries.map(textOf);
  const asked = { texts, given, nowMs: clock() };
  const read = await templates.carryOut(organizationId, 'read', asked);
  if (read === undefined) throw new ApiError('bad_request', TOO_MUCH);
  if (read.refusal) throw new ApiError('bad_request', read.refusal.message);
  const { form, parameters, isDefault } = read;
  const fields = formFields(form, parameters);
  const charts = await listChartsOf(store, organizationId, report);
  const isSame = (await findLastVersion(store, organizationId, report.slot)) === version;
  return {
    ...{ parameters, formFields: fields, isDefault, queries: reportQueries, charts },
    version: isSame ? version : null,
  };
}

/**
 * The form of a report as it is now, with the values that a run has where none are given.
 *
 * @throws ApiError bad_request where the queries take more time or memory to read than they may.
 */
export async function readForm(
  store: Store,
  organizationId: number,
  report: StoredRow,
  { templates, clock }: Pick<EnqueueParts, 'templates' | 'clock'>,
): Promise<PreparedRun['formFields']> {
  const texts = (await readQueries(store, organizationId, report)).map(textOf);
  const asked = { texts, given: {}, nowMs: clock() };
  const read = await templates.carryOut(organizationId, 'read', asked);
  if (read === undefined) throw new ApiError('bad_request', TOO_MUCH);
  // A value that is required and has no default is no fault of a form.
  const defaults = Object.fromEntries(read.form.map((field) => [field.name, field.default]));
  return formFields(read.form, { ...defaults, ...read.parameters });
}

async function readQueries(
  store: Store,
  organizationId: number,
  report: StoredRow,
): Promise<Row<'queries'>[]> {
  const rows = await listQueriesInOrder(store, organizationId, report);
  return rows.map(({ body }) => readRow(lists.queries, { body }));
}

/**
 * Puts a run of a report into the queue; within a transaction. A worker of this process finds it at once if it is woken
 * afterwards, others within a second.
 *
 * @throws ApiError queue_full where too many wait already.
 */
export async function enqueueRun(
  store: Store,
  organizationId: number,
  { report, memberSlot, scheduleNumber, requestKey = null }: Omit<AskedRun, 'parameters'>,
  prepared: PreparedRun,
  parts: Omit<EnqueueParts, 'templates'>,
): Promise<Run> {
  const { identifiers, clock } = parts;
  await requirePlace(store, organizationId, parts);
  const number = await insertRun(store, organizationId, {
    token: identifiers.token(),
    reportSlot: report.slot,
    memberSlot,
    scheduleNumber,
    requestKey,
    parameters: prepared.parameters,
    formFields: prepared.formFields,
    isDefault: scheduleNumber !== null || prepared.isDefault,
    charts: prepared.charts,
    reportVersion: prepared.version,
    createdAt: wireTime(clock()),
    queries: prepared.queries.map((query) => ({
      token: identifiers.token(),
      queryToken: query.token,
      queryName: query.name,
      dataSourceToken: query.data_source_token,
      rawSource: textOf(query),
    })),
  });
  return getRunByNumber(store, organizationId, number);
}

async function requirePlace(
  store: Store,
  organizationId: number,
  { mostWaiting }: Pick<EnqueueParts, 'mostWaiting'>,
): Promise<void> {
  if ((await countWaitingRuns(store, organizationId, mostWaiting)) < mostWaiting) return;
  throw new ApiError(
    'queue_full',
    `The organization’s run queue is full, with ${mostWaiting} ${mostWaiting === 1 ? 'run' : 'runs'} waiting.`,
    'Wait until some have started, or cancel runs that are no longer needed.',
  );
}

/** What PostgreSQL cannot keep in a text, no SQL may hold either; the engine will say so. */
const textOf = ({ raw_query }: Row<'queries'>) => (raw_query ?? '').replaceAll('\0', '\ufffd');
