import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { insertDataSource } from '../src/data-sources/data-source-store.ts';
import { openStore } from '../src/database/open-store.ts';
import { randomIdentifiers } from '../src/identifiers.ts';
import { lists } from '../src/inventory/lists.ts';
import { toBytes, toRow } from '../src/inventory/row.ts';
import { changeRows } from '../src/inventory/row-writer.ts';
import { findOrganization } from '../src/organizations/organization-store.ts';
import { type Running, rollcall } from './start-process.ts';
import type { Store } from './store.ts';

/** A report with one query on DuckDB, and who may run it. */
export type ReportToRun = { runs: string; authorization: string };

/** Puts it into an organization of the store. */
export async function reportToRun(
  { env, dataDir }: Pick<Store, 'env' | 'dataDir'>,
  username: string,
  sql: string,
): Promise<ReportToRun> {
  const database = await openStore({ dataDir });
  const organization = await findOrganization(database, username);
  if (organization === undefined) throw new Error(`There is no organization ${username}.`);
  const { id: organizationId } = organization;
  mkdirSync(join(dataDir, 'files', username), { recursive: true });
  const token = randomIdentifiers.token();
  const now = new Date().toISOString();
  await database.transaction(async (store) => {
    const numbers = await changeRows(store, organizationId, async (writer) => {
      const [reportId, queryId, sourceId] = [
        writer.nextOwnId(),
        writer.nextOwnId(),
        writer.nextOwnId(),
      ];
      const ofReport = { report_id: reportId, report_token: token };
      const report = toRow(lists.reports, { id: reportId, token, name: 'To run' });
      const query = toRow(lists.queries, {
        id: queryId,
        token,
        raw_query: sql,
        data_source_token: token,
        ...ofReport,
      });
      const place = { token, personal: false, sourceId: null };
      const [slot = 0] = await writer.insert(lists.reports, [
        { id: reportId, parent: null, body: toBytes(report), ...place },
      ]);
      await writer.insert(lists.queries, [
        { id: queryId, parent: slot, body: toBytes(query), ...place },
      ]);
      return { sourceId };
    });
    await insertDataSource(store, organizationId, {
      id: numbers.sourceId,
      token,
      name: token,
      description: null,
      adapter: 'duckdb',
      options: { folder: '.' },
      sealedSecrets: null,
      creatorSlot: null,
      createdAt: now,
      updatedAt: now,
    });
  });
  await database.close();
  const email = `${token}@example.com`;
  const of = ['--organization', username];
  await rollcall(env, ['member', 'add', ...of, '--email', email, '--role', 'admin']);
  const made = await rollcall(env, [
    'api-token',
    'create',
    ...of,
    '--member',
    email,
    '--name',
    'benchmark',
    '--json',
  ]);
  const { token: user, secret } = JSON.parse(made);
  return {
    runs: `/api/${username}/reports/${token}/runs`,
    authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`,
  };
}

type Run = { state: string; started_at: string | null; _links: { self: { href: string } } };

/** Asks for a run; answers its path. */
export async function startRun({ url }: Running, report: ReportToRun): Promise<string> {
  const { _links: links } = await call(url, report, report.runs, 'POST');
  return links.self.href;
}

export function cancelRun({ url }: Running, report: ReportToRun, path: string): Promise<Run> {
  return call(url, report, `${path}/cancel`, 'POST');
}

/** Looks at a run again and again until it is as wanted. */
export async function waitForRun(
  { url }: Running,
  report: ReportToRun,
  path: string,
  isWanted: (run: Run) => boolean,
): Promise<Run> {
  for (;;) {
    const run = await call(url, report, path);
    if (isWanted(run)) return run;
    await sleep(10);
  }
}

async function call(
  url: URL,
  { authorization }: ReportToRun,
  path: string,
  method = 'GET',
): Promise<Run> {
  const response = await fetch(new URL(path, url), { method, headers: { authorization } });
  if (!response.ok)
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Run;
}
