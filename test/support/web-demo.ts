import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';
import {
  type ApiToken,
  bearerOf,
  RestClient,
  RollcallClient,
  type Rows,
} from '../../src/client/index.ts';
import { readCredentials } from '../../src/demo/credentials-file.ts';
import { CHROMIUM, launchBrowserServer } from './chromium.ts';
import { launchRollcall } from './rollcall-process.ts';

type ListedReport = Pick<Rows['reports'], 'token' | 'name' | 'last_run_state' | 'last_run_token'>;

type DemoQueryRun = {
  query_token: string;
  columns: { name: string }[];
  row_count: number;
  error_message: string | null;
  error_line: number | null;
};
type DemoChart = { spec: { x?: string; series?: string; y?: string[] } };

/** A report of the demo with the queries of its last run, each with its charts. */
export type DemoReport = ListedReport & { queryRuns: (DemoQueryRun & { charts: DemoChart[] })[] };

/** What all tests of the web pages share: the demo as `npm start` runs it, and a browser to open it with. */
export type WebDemo = {
  url: string;
  /** The link that it printed for its admin. */
  link: string;
  /** The admin's, as the demo keeps it in its file. */
  apiToken: ApiToken;
  /** Lets in to the Discovery API. */
  bearer: string;
  /** Its reports as they were once each had run, before any test changed them. */
  reports: DemoReport[];
  dataDir: string;
  /** Where to reach the browser. */
  browser: string;
};

declare module 'vitest' {
  interface ProvidedContext {
    web: WebDemo | undefined;
  }
}

/** Starts both for the project `web`, and waits for the demo's first runs; neither where the machine has no Chromium, for then the tests are left out. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (spawnSync(CHROMIUM, ['--version']).status !== 0) {
    project.provide('web', undefined);
    return async () => undefined;
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-web-'));
  const env = { ROLLCALL_PORT: '0', ROLLCALL_RUNS_AT_ONCE: '2' };
  const demo = launchRollcall(['demo'], { dataDir, env });
  const [browser, line] = await Promise.all([launchBrowserServer(), demo.findLine(/#link=/)]);
  const link = line.trim();
  const { api: apiToken, signature } = readCredentials(join(dataDir, 'demo.json'));
  if (!apiToken || !signature) throw new Error('The demo has kept no credentials.');
  const url = new URL(link).origin;
  const bearer = bearerOf(signature);
  const client = new RollcallClient({ url, organization: 'acme', bearer });
  let listed = await listReports(client);
  while (listed.some(isUnderWay)) {
    await setTimeout(200);
    listed = await listReports(client);
  }
  const api = new RestClient({ url, apiToken });
  const reports = await Promise.all(listed.map((report) => withQueryRuns(api, report)));
  const endpoint = browser.wsEndpoint();
  project.provide('web', { url, link, apiToken, bearer, reports, dataDir, browser: endpoint });
  return async () => {
    await browser.close();
    await demo.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** The demo asks for a run of each of its reports. */
const isUnderWay = ({ last_run_state: state }: ListedReport) => !state || state === 'enqueued';

async function listReports(client: RollcallClient): Promise<ListedReport[]> {
  const reports: ListedReport[] = [];
  for await (const { rows } of client.pages('reports', { includeSpaces: 'all' }))
    for (const { token, name, last_run_state, last_run_token } of rows)
      reports.push({ token, name, last_run_state, last_run_token });
  return reports;
}

async function withQueryRuns(api: RestClient, report: ListedReport): Promise<DemoReport> {
  const path = `/api/acme/reports/${report.token}`;
  const { _embedded: run } = await api.get<{ _embedded: { query_runs: DemoQueryRun[] } }>(
    `${path}/runs/${report.last_run_token}/query_runs`,
  );
  const queryRuns: DemoReport['queryRuns'] = [];
  for (const queryRun of run.query_runs) {
    const { _embedded } = await api.get<{ _embedded: { charts: DemoChart[] } }>(
      `${path}/queries/${queryRun.query_token}/charts`,
    );
    queryRuns.push({ ...queryRun, charts: _embedded.charts });
  }
  return { ...report, queryRuns };
}
