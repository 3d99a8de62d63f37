import type { Store, Value } from '../database/database.ts';
import type { BriefQueryRun, QueryRun, Run } from './run.ts';
import type { RunChart } from './run-charts.ts';
import type { RunErrorCode } from './run-errors.ts';

const RUN_COLUMNS = `number, token, report_slot as "reportSlot", member_slot as "memberSlot",
  schedule_number as "scheduleNumber",
  (select token from schedules where schedules.organization_id = ?
     and schedules.number = runs.schedule_number) as "scheduleToken", state, parameters, form_fields as "formFields",
  is_default as "isDefault", created_at as "createdAt",
  updated_at as "updatedAt", started_at as "startedAt", ended_at as "endedAt", attempt, times_lost as "timesLost",
  expired_at as "expiredAt"`;

const BRIEF_COLUMNS = `run_number as "runNumber", position, token, query_token as "queryToken",
  query_name as "queryName", data_source_token as "dataSourceToken", state, started_at as "startedAt", ended_at as "endedAt",
  error_code as "errorCode", error_message as "errorMessage", error_line as "errorLine", error_position as "errorPosition",
  result_columns as "resultColumns", row_count as "rowCount", byte_count as "byteCount", truncated, attempt`;
const QUERY_RUN_COLUMNS = `${BRIEF_COLUMNS}, raw_source as "rawSource", rendered_source as "renderedSource"`;

export type NewRun = Pick<
  Run,
  | 'token'
  | 'reportSlot'
  | 'memberSlot'
  | 'scheduleNumber'
  | 'parameters'
  | 'formFields'
  | 'isDefault'
  | 'createdAt'
> & {
  /** What whoever asked for it called the request, if anything. */
  requestKey: string | null;
  /** The version of the report that it runs; null where that is not known. */
  reportVersion: number | null;
  charts: readonly RunChart[];
  queries: Pick<QueryRun, 'token' | 'queryToken' | 'queryName' | 'dataSourceToken' | 'rawSource'>[];
};

/** Adds a run at the end of the queue, within a transaction; answers its number. */
export async function insertRun(
  store: Store,
  organizationId: number,
  run: NewRun,
): Promise<number> {
  const next = await store.get<{ number: number }>(
    'update organizations set last_run_number = last_run_number + 1 where id = ? returning last_run_number as number',
    [organizationId],
  );
  if (next === undefined) throw new Error(`No organization has the number ${organizationId}.`);
  const { number } = next;
  await store.run(
    `insert into runs (organization_id, number, token, report_slot, member_slot, schedule_number, state, parameters,
       form_fields, is_default, charts, request_key, report_version, created_at, updated_at)
     values (?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      organizationId,
      number,
      run.token,
      run.reportSlot,
      run.memberSlot,
      run.scheduleNumber,
      JSON.stringify(run.parameters),
      JSON.stringify(run.formFields),
      run.isDefault ? 1 : 0,
      JSON.stringify(run.charts),
      run.requestKey,
      run.reportVersion,
      run.createdAt,
      run.createdAt,
    ],
  );
  await store.runEach(
    `insert into query_runs (organization_id, run_number, position, token, query_token, query_name, data_source_token,
       raw_source, state)
     values (?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
    run.queries.map((query, index) => [
      organizationId,
      number,
      index + 1,
      query.token,
      query.queryToken,
      query.queryName,
      query.dataSourceToken,
      query.rawSource,
    ]),
  );
  return number;
}

export async function findRun(
  store: Store,
  organizationId: number,
  token: string,
): Promise<Run | undefined> {
  const row = await store.get<RunRow>(
    `select ${RUN_COLUMNS} from runs where organization_id = ? and token = ?`,
    [organizationId, organizationId, token],
  );
  return row && toRun(row);
}

export async function getRunByNumber(
  store: Store,
  organizationId: number,
  number: number,
): Promise<Run> {
  const row = await store.get<RunRow>(
    `select ${RUN_COLUMNS} from runs where organization_id = ? and number = ?`,
    [organizationId, organizationId, number],
  );
  if (row === undefined) throw new Error(`No run has the number ${number}.`);
  return toRun(row);
}

/** The number of the last version of a report; null for one that was never edited here. */
export async function findLastVersion(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<number | null> {
  const row = await store.get<{ last: number | null }>(
    'select max(number) as last from report_versions where organization_id = ? and report_slot = ?',
    [organizationId, reportSlot],
  );
  return row?.last ?? null;
}

/**
 * The token of the run that shows what a version of a report returned: the last that succeeded and has its results, with
 * the defaults of the form if there is one.
 */
export async function findRunOfVersion(
  store: Store,
  organizationId: number,
  { reportSlot, version }: { reportSlot: number; version: number },
): Promise<string | undefined> {
  const row = await store.get<{ token: string }>(
    `select token from runs where organization_id = ? and report_slot = ? and report_version = ?
       and state = 'succeeded' and expired_at is null
     order by is_default desc, number desc limit 1`,
    [organizationId, reportSlot, version],
  );
  return row?.token;
}

/** The run of a report that a request of this name made after a time, if there is one. */
export async function findRunOfRequest(
  store: Store,
  organizationId: number,
  { reportSlot, requestKey, after }: { reportSlot: number; requestKey: string; after: string },
): Promise<Run | undefined> {
  const row = await store.get<RunRow>(
    `select ${RUN_COLUMNS} from runs
     where organization_id = ? and report_slot = ? and request_key = ? and created_at > ? order by number desc limit 1`,
    [organizationId, organizationId, reportSlot, requestKey, after],
  );
  return row && toRun(row);
}

/** Which runs: those of a report, or those that a schedule asked for. */
export type RunsOf = { reportSlot: number } | { scheduleNumber: number };

/** A part of the runs, newest first, and how many there are. */
export async function listRuns(
  store: Store,
  organizationId: number,
  of: RunsOf,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ runs: Run[]; total: number }> {
  const [column, value] = columnOf(of);
  const rows = await store.all<RunRow>(
    `select ${RUN_COLUMNS} from runs where organization_id = ? and ${column} = ?
     order by number desc limit ? offset ?`,
    [organizationId, organizationId, value, limit, offset],
  );
  const counted = await store.get<{ total: number }>(
    `select count(*) as total from runs where organization_id = ? and ${column} = ?`,
    [organizationId, value],
  );
  return { runs: rows.map(toRun), total: counted?.total ?? 0 };
}

/** The run that was asked for last, if there is one. */
export async function findNewestRunOf(
  store: Store,
  organizationId: number,
  of: RunsOf,
): Promise<Run | undefined> {
  const [column, value] = columnOf(of);
  const row = await store.get<RunRow>(
    `select ${RUN_COLUMNS} from runs where organization_id = ? and ${column} = ?
     order by number desc limit 1`,
    [organizationId, organizationId, value],
  );
  return row && toRun(row);
}

const columnOf = (of: RunsOf): [column: string, value: number] =>
  'reportSlot' in of ? ['report_slot', of.reportSlot] : ['schedule_number', of.scheduleNumber];

/** The newest run of a report that succeeded, if there is one. */
export async function findLastSuccessfulRun(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<Run | undefined> {
  const row = await store.get<RunRow>(
    `select ${RUN_COLUMNS} from runs
     where organization_id = ? and report_slot = ? and state = 'succeeded' order by number desc limit 1`,
    [organizationId, organizationId, reportSlot],
  );
  return row && toRun(row);
}

/**
 * The run that a report shows to those who choose none: the newest default run that succeeded, so that what one person
 * tries with other values changes nothing for the others. Without one it is the newest run that succeeded.
 */
export async function findDefaultRun(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<Run | undefined> {
  const row = await store.get<RunRow>(
    `select ${RUN_COLUMNS} from runs
     where organization_id = ? and report_slot = ? and is_default = 1 and state = 'succeeded' order by number desc limit 1`,
    [organizationId, organizationId, reportSlot],
  );
  return row ? toRun(row) : findLastSuccessfulRun(store, organizationId, reportSlot);
}

/** The newest runs of a report: of all, of those that succeeded, of those that failed; 0 where there is none. */
export type NewestRuns = { any: number; succeeded: number; failed: number };

export async function findNewestRuns(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<NewestRuns> {
  const newest = async (condition: string): Promise<number> => {
    const row = await store.get<{ number: number }>(
      `select number from runs where organization_id = ? and report_slot = ? ${condition}
       order by number desc limit 1`,
      [organizationId, reportSlot],
    );
    return row?.number ?? 0;
  };
  return {
    any: await newest(''),
    succeeded: await newest("and state = 'succeeded'"),
    failed: await newest("and state = 'failed'"),
  };
}

/** How many queries a run has, how many of them have ended, and how many have a result. */
export type QueryRunCounts = { total: number; ended: number; results: number };

/** The counts of runs by their numbers. */
export async function countQueryRuns(
  store: Store,
  organizationId: number,
  runNumbers: readonly number[],
): Promise<Map<number, QueryRunCounts>> {
  const rows = await store.allEach<QueryRunCounts & { runNumber: number }>(
    `select run_number as "runNumber", count(*) as total, count(ended_at) as ended, count(result_columns) as results
     from query_runs where organization_id = ? and run_number = ? group by run_number`,
    runNumbers.map((number) => [organizationId, number]),
  );
  return new Map(rows.map(({ runNumber, ...counts }) => [runNumber, counts]));
}

/** The queries of a run in the order of the report: all of them, or some after a position. */
export async function listQueryRuns(
  store: Store,
  organizationId: number,
  runNumber: number,
  { after = 0, limit = Number.MAX_SAFE_INTEGER }: { after?: number; limit?: number } = {},
): Promise<QueryRun[]> {
  const rows = await store.all<QueryRunRow>(
    `select ${QUERY_RUN_COLUMNS} from query_runs
     where organization_id = ? and run_number = ? and position > ? order by position limit ?`,
    [organizationId, runNumber, after, limit],
  );
  return rows.map(toQueryRun);
}

/** The runs of one query of a report, newest first: which they are, and how many there are. */
export async function listRunsOfQuery(
  store: Store,
  organizationId: number,
  { reportSlot, queryToken }: { reportSlot: number; queryToken: string },
  { offset, limit }: { offset: number; limit: number },
): Promise<{ found: { runNumber: number; token: string }[]; total: number }> {
  const condition = `organization_id = ? and query_token = ?
    and run_number in (select number from runs where organization_id = ? and report_slot = ?)`;
  const values = [organizationId, queryToken, organizationId, reportSlot];
  const found = await store.all<{ runNumber: number; token: string }>(
    `select run_number as "runNumber", token from query_runs where ${condition}
     order by run_number desc limit ? offset ?`,
    [...values, limit, offset],
  );
  const counted = await store.get<{ total: number }>(
    `select count(*) as total from query_runs where ${condition}`,
    values,
  );
  return { found, total: counted?.total ?? 0 };
}

/** The queries of a run without their SQL. */
export async function listBriefQueryRuns(
  store: Store,
  organizationId: number,
  runNumber: number,
): Promise<BriefQueryRun[]> {
  const rows = await store.all<BriefRow>(
    `select ${BRIEF_COLUMNS} from query_runs where organization_id = ? and run_number = ? order by position`,
    [organizationId, runNumber],
  );
  return rows.map(toQueryRun);
}

export async function findQueryRun(
  store: Store,
  organizationId: number,
  runNumber: number,
  token: string,
): Promise<QueryRun | undefined> {
  const row = await store.get<QueryRunRow>(
    `select ${QUERY_RUN_COLUMNS} from query_runs where organization_id = ? and run_number = ? and token = ?`,
    [organizationId, runNumber, token],
  );
  return row && toQueryRun(row);
}

/** The first rows of a query's result as JSON; null where it has none, or it has expired. */
export async function findPreview(
  store: Store,
  organizationId: number,
  { runNumber, position }: Pick<QueryRun, 'runNumber' | 'position'>,
): Promise<string | null> {
  const row = await store.get<{ preview: string | null }>(
    'select preview from query_runs where organization_id = ? and run_number = ? and position = ?',
    [organizationId, runNumber, position],
  );
  return row?.preview ?? null;
}

/** The newest run of each of these reports that succeeded, by the slots of the reports. */
export async function findLastSuccesses(
  store: Store,
  organizationId: number,
  reportSlots: readonly number[],
): Promise<Map<number, LastSuccess>> {
  const rows = await store.allEach<LastSuccess & { slot: number }>(
    `select report_slot as slot, token, started_at as "startedAt", ended_at as "endedAt",
       expired_at as "expiredAt" from runs
     where organization_id = ? and report_slot = ? and state = 'succeeded' order by number desc limit 1`,
    reportSlots.map((slot) => [organizationId, slot]),
  );
  return new Map(rows.map(({ slot, ...run }) => [slot, run]));
}

export type LastSuccess = Pick<Run, 'token' | 'startedAt' | 'endedAt' | 'expiredAt'>;

/** How many runs there are of each of these reports; none where there is no number. */
export async function countRuns(
  store: Store,
  organizationId: number,
  reportSlots: readonly number[],
): Promise<Map<number, number>> {
  const rows = await store.allEach<{ slot: number; count: number }>(
    `select report_slot as slot, count(*) as count from runs
     where organization_id = ? and report_slot = ? group by report_slot`,
    reportSlots.map((slot) => [organizationId, slot]),
  );
  return new Map(rows.map(({ slot, count }) => [slot, count]));
}

/** Deletes the runs of a report with all that they left, within a transaction. A worker that has one loses it. */
export async function deleteRunsOfReport(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<void> {
  // From here on no worker has a say in them.
  await store.run(
    'update runs set attempt = attempt + 1 where organization_id = ? and report_slot = ?',
    [organizationId, reportSlot],
  );
  const ofReport =
    'run_number in (select number from runs where organization_id = ? and report_slot = ?)';
  const values: Value[] = [organizationId, organizationId, reportSlot];
  for (const table of ['result_chunks', 'pictures', 'query_runs']) {
    await store.run(`delete from ${table} where organization_id = ? and ${ofReport}`, values);
  }
  await store.run('delete from runs where organization_id = ? and report_slot = ?', [
    organizationId,
    reportSlot,
  ]);
}

type RunRow = Omit<Run, 'parameters' | 'formFields' | 'isDefault'> & {
  parameters: string;
  formFields: string;
  isDefault: number;
};

function toRun({ parameters, formFields, isDefault, ...row }: RunRow): Run {
  return {
    ...row,
    parameters: JSON.parse(parameters),
    formFields: JSON.parse(formFields),
    isDefault: isDefault === 1,
  };
}

/** What became of a query, as it stands in columns. */
type OutcomeColumns = {
  errorCode: RunErrorCode | null;
  errorMessage: string | null;
  errorLine: number | null;
  errorPosition: number | null;
  resultColumns: string | null;
  rowCount: number | null;
  byteCount: number | null;
  truncated: number | null;
};
type Outcome = Pick<QueryRun, 'failure' | 'result'>;
type QueryRunRow = Omit<QueryRun, keyof Outcome> & OutcomeColumns;
type BriefRow = Omit<BriefQueryRun, keyof Outcome> & OutcomeColumns;

function toQueryRun<Row extends OutcomeColumns>({
  errorCode,
  errorMessage,
  errorLine,
  errorPosition,
  resultColumns,
  rowCount,
  byteCount,
  truncated,
  ...row
}: Row): Omit<Row, keyof OutcomeColumns> & Outcome {
  return {
    ...row,
    failure:
      errorCode === null
        ? null
        : {
            code: errorCode,
            message: errorMessage ?? '',
            line: errorLine,
            position: errorPosition,
          },
    result:
      resultColumns === null
        ? null
        : {
            columns: JSON.parse(resultColumns),
            rows: rowCount ?? 0,
            bytes: byteCount ?? 0,
            truncated: truncated === 1,
          },
  };
}
