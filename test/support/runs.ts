import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import { insertDataSource } from '../../src/data-sources/data-source-store.ts';
import { QueryProcesses } from '../../src/data-sources/query-processes.ts';
import type { Database } from '../../src/database/database.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { findRows, type StoredRow } from '../../src/inventory/row-store.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { enqueueRun, prepareRun } from '../../src/runs/enqueue-run.ts';
import { insertChunks } from '../../src/runs/result-store.ts';
import type { QueryRun, Run } from '../../src/runs/run.ts';
import { endRun, saveOutcome } from '../../src/runs/run-queue-store.ts';
import { insertRun, listQueryRuns } from '../../src/runs/run-store.ts';
import { RunWorker, type WorkerParts } from '../../src/runs/run-worker.ts';
import { putRows } from './rows.ts';
import { templates } from './templates.ts';
import { temporaryFolder, type Workplace } from './workplace.ts';

const MB = 1_000_000;
const LIMITS = { timeMs: 30_000, rows: 1_000_000, bytes: 256 * MB, memoryBytes: 1024 * MB };

/** Gives an organization a data source over a folder with one table, `cities`; answers its token. */
export async function makeFiles(
  database: Database,
  { id: organizationId, username }: Organization,
  filesDir: string,
): Promise<string> {
  mkdirSync(join(filesDir, username, 'data'), { recursive: true });
  writeFileSync(join(filesDir, username, 'data', 'cities.csv'), 'city,people\nBonn,336\nUlm,128\n');
  const token = randomIdentifiers.token();
  const now = '2026-11-01T00:00:00.000Z';
  await insertDataSource(database, organizationId, {
    id: Number.parseInt(token, 16),
    token,
    name: `Files ${token}`,
    description: null,
    adapter: 'duckdb',
    options: { folder: 'data' },
    sealedSecrets: null,
    creatorSlot: null,
    createdAt: now,
    updatedAt: now,
  });
  return token;
}

/** A report with these queries on a data source, and the row that says how it is used; answers its row. */
export async function makeReport(
  database: Database,
  organization: Organization,
  dataSourceToken: string | null,
  queries: readonly string[],
): Promise<StoredRow> {
  const token = randomIdentifiers.token();
  const id = Number.parseInt(token, 16);
  const [slot = 0] = await putRows(database, organization, lists.reports, [
    { id, token, name: 'Cities' },
  ]);
  const ofReport = { report_id: id, report_token: token };
  await putRows(database, organization, lists.report_stats, [{ ...ofReport, view_count: 0 }], {
    parent: slot,
  });
  for (const [index, sql] of queries.entries()) {
    const queryToken = randomIdentifiers.token();
    const query = {
      id: Number.parseInt(queryToken, 16),
      token: queryToken,
      name: `Query ${index + 1}`,
      raw_query: sql,
      data_source_token: dataSourceToken,
      ...ofReport,
    };
    await putRows(database, organization, lists.queries, [query], { parent: slot });
  }
  const [row] = await findRows(database, organization.id, lists.reports, 'slot', [slot]);
  return row as StoredRow;
}

export async function enqueue(
  { database, time }: Pick<Workplace, 'database' | 'time'>,
  organization: Organization,
  report: StoredRow,
  more: Partial<Parameters<typeof enqueueRun>[2] & Parameters<typeof prepareRun>[2]> = {},
  mostWaiting = 10_000,
): Promise<Run> {
  const asked = { report, parameters: {}, memberSlot: null, scheduleNumber: null, ...more };
  const clock = () => time.nowMs;
  const parts = { clock, identifiers: randomIdentifiers, templates, mostWaiting };
  const prepared = await prepareRun(database, organization.id, asked, parts);
  return database.transaction((store) =>
    enqueueRun(store, organization.id, asked, prepared, parts),
  );
}

const KEY = Buffer.alloc(32);

/** A worker beside the server's own, which a test starts and stops; gone when the test ends. */
export function makeWorker(
  { database, time }: Pick<Workplace, 'database' | 'time'>,
  filesDir: string,
  more: Partial<WorkerParts> = {},
): RunWorker {
  const queryProcesses = new QueryProcesses({ spare: 0 });
  const worker = new RunWorker({
    database,
    queryProcesses,
    templates,
    connections: { secretKey: { place: 'here', find: () => KEY, getOrMake: () => KEY }, filesDir },
    findFault: async () => undefined,
    limits: LIMITS,
    folder: temporaryFolder(),
    clock: () => time.nowMs,
    onFault: (error) => {
      throw error;
    },
    atOnce: 2,
    mostRunning: 4,
    ...more,
  });
  onTestFinished(async () => {
    await worker.stop();
    await queryProcesses.close();
  });
  return worker;
}

/** What a run left, for comparison. */
export async function queryRunsOf(
  database: Database,
  organization: Organization,
  { number }: Pick<Run, 'number'>,
): Promise<QueryRun[]> {
  return listQueryRuns(database, organization.id, number);
}

/** The row of a list at a slot as an object. */
export async function rowOf(
  database: Database,
  organization: Organization,
  list: keyof typeof lists,
  column: 'slot' | 'parent',
  slot: number,
): Promise<Record<string, unknown>> {
  const [row] = await findRows(database, organization.id, lists[list], column, [slot]);
  return JSON.parse(String(row?.body));
}

/** Puts a run of a report with one query, which has a result of one row, beside the queue; answers its number and token. */
export async function putRun(
  database: Database,
  { id: organizationId }: Organization,
  {
    slot: reportSlot,
    state,
    chart,
    version = null,
  }: { slot: number; state: 'waiting' | 'succeeded'; chart?: string; version?: number | null },
): Promise<{ number: number; token: string }> {
  const token = randomIdentifiers.token();
  const now = '2026-11-01T00:00:00.000Z';
  const look = { type: 'pivotTable', title: null, spec: null };
  const bytes = await smallParquet();
  const number = await database.transaction(async (store) => {
    const query = { queryToken: 'query', queryName: null, dataSourceToken: null, rawSource: '' };
    const number = await insertRun(store, organizationId, {
      token,
      reportSlot,
      memberSlot: null,
      scheduleNumber: null,
      requestKey: null,
      reportVersion: version,
      parameters: {},
      formFields: [],
      isDefault: true,
      charts: chart === undefined ? [] : [{ token: chart, queryToken: 'query', ...look }],
      createdAt: now,
      queries: [{ token: randomIdentifiers.token(), ...query }],
    });
    const hold = { runNumber: number, attempt: 0 };
    const result = {
      columns: [{ name: 'one', type: 'INTEGER' }],
      rows: 1,
      bytes: bytes.length,
      truncated: false,
    };
    const times = { renderedSource: '', startedAt: now, endedAt: now };
    const outcome = { state: 'succeeded', ...times, result, preview: '[[1]]' } as const;
    await saveOutcome(store, organizationId, hold, 1, outcome);
    await insertChunks(store, organizationId, hold, { position: 1, first: 0, chunks: [bytes] });
    if (state === 'succeeded')
      await endRun(store, organizationId, hold, { state, now, reason: undefined });
    return number;
  });
  return { number, token };
}

let parquet: Promise<Buffer> | undefined;

/** A Parquet file of one row. */
function smallParquet(): Promise<Buffer> {
  parquet ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(`copy (select 1 as one) to '${folder}/one.parquet'`);
    connection.closeSync();
    const bytes = readFileSync(join(folder, 'one.parquet'));
    rmSync(folder, { recursive: true });
    return bytes;
  })();
  return parquet;
}
