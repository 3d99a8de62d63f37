import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium } from 'playwright-core';
import { RestClient } from '../../src/client/index.ts';
import { numbersInTurns } from '../in-turns.ts';
import { type Figure, milliseconds } from '../line.ts';
import { MissingTool } from '../missing-tool.ts';
import { rollcall } from '../start-process.ts';
import { serve } from '../store.ts';

const ROWS = 1_000_000;
const FEW_ROWS = 100;
/** Numbers, texts and dates: of the many rows three years of days, ten products and 200 customers. */
const rowsOf = (rows: number) => `SELECT DATE '2023-01-01' + ((i // 50) % 1000)::INTEGER AS day,
  'region ' || i % 5 AS region, 'product ' || (i // 5) % 10 AS product, 'customer ' || (i * 7919) % 200 AS customer,
  (100 + 40 * sin(i / 9000) + i % 17)::DECIMAL(10, 2) AS price, (i * 31) % 23 AS amount FROM range(${rows}) r(i)`;

const spec = { y: ['price'] };
const days = { ...spec, x: 'day' };
const months = { ...days, unit: 'month' };
const split = { series: 'region' };
/** Of every type, some of them as people have them most; all but the last four are drawings. */
const charts: readonly [type: string, spec: object][] = [
  ['line', days],
  ['line', { ...days, ...split }],
  ['line', { ...months, ...split, aggregate: 'avg' }],
  ['line', { ...months, series: 'customer' }],
  ['area', months],
  ['area', { ...days, ...split }],
  ['totalArea', { ...months, ...split }],
  ['bar', { ...months }],
  ['bar', { ...spec, x: 'product', ...split }],
  ['stackedBar', { ...months, ...split }],
  ['stackedBar100', { ...months, series: 'product' }],
  ['hBar', { ...spec, x: 'product' }],
  ['hStackedBar', { ...spec, x: 'customer', ...split }],
  ['linePlusBar', { ...months, y2: ['amount'] }],
  ['scatter', { x: 'price', y: ['amount'], ...split }],
  ['pie', { ...spec, x: 'customer' }],
  ['donut', { ...spec, x: 'region' }],
  ['pivotTable', { ...months, ...split }],
  ['bigNumber', { y: ['price', 'amount'], aggregate: 'sum' }],
  ['bigNumber', { y: ['customer'], aggregate: 'count_distinct' }],
];
const DRAWINGS = 17;

/** Opening a report of 20 charts of large results, until all are drawn, against the same of small ones. */
export const openCharts: Figure = {
  ids: ['P3'],
  async measure({ folder, rounds }) {
    await using server = await serve(storeIn(folder));
    const { api, organization } = await signUp(folder, server.url);
    const many = await runReport(api, organization, ROWS);
    const few = await runReport(api, organization, FEW_ROWS);
    const browser = await launch();
    try {
      const session = await signIn(browser, api, organization, server.url);
      const open = (report: string) => () =>
        openReport(browser, session, server.url, organization, report);
      await open(many)();
      await open(few)();
      const found = await numbersInTurns(rounds, { many: open(many), few: open(few) });
      return [
        {
          id: 'P3',
          what: 'report of 20 charts of 1,000,000 rows, opened until all are drawn / the same of 100 rows',
          ours: milliseconds(found.many),
          anchor: milliseconds(found.few),
          value: found.many / found.few,
          goal: { atMost: 1.5 },
        },
      ];
    } finally {
      await browser.close();
    }
  },
};

const storeIn = (folder: string) => {
  const dataDir = `${folder}/charts`;
  return { dataDir, env: { ROLLCALL_DATA_DIR: dataDir } };
};

async function signUp(folder: string, url: URL) {
  const { env } = storeIn(folder);
  const organization = `charts${Date.now()}`;
  const of = ['--organization', organization];
  const email = 'reader@example.com';
  mkdirSync(`${storeIn(folder).dataDir}/files/${organization}`, { recursive: true });
  await rollcall(env, ['organization', 'create', organization, '--name', organization]);
  await rollcall(env, ['member', 'add', ...of, '--email', email, '--role', 'admin']);
  const token = [...of, '--member', email, '--name', 'benchmark', '--json'];
  const apiToken = JSON.parse(await rollcall(env, ['api-token', 'create', ...token]));
  return { organization, api: new RestClient({ url: url.href, apiToken }) };
}

/** A report of the charts that has run; answers its token. */
async function runReport(api: RestClient, organization: string, rows: number): Promise<string> {
  type Made = { token: string };
  const root = `/api/${organization}`;
  const name = `Charts of ${rows} rows`;
  const { token: source } = await api.send<Made>('POST', `${root}/data_sources`, {
    data_source: { name, adapter: 'jdbc:duckdb', folder: '.' },
  });
  const { token: space } = await api.send<Made>('POST', `${root}/spaces`, { space: { name } });
  const { token } = await api.send<Made>('POST', `${root}/reports`, {
    report: { name, space_token: space },
  });
  const queries = `${root}/reports/${token}/queries`;
  const query = await api.send<Made>('POST', queries, {
    query: { name, raw_query: rowsOf(rows), data_source_token: source },
  });
  for (const [index, [chart_type, own]] of charts.entries()) {
    const chart = { chart_type, chart_title: `Chart ${index}`, spec: own };
    await api.send('POST', `${queries}/${query.token}/charts`, { chart });
  }
  const runs = `${root}/reports/${token}/runs`;
  const run = await api.send<Made>('POST', runs);
  for (;;) {
    const { state } = await api.get<{ state: string }>(`${runs}/${run.token}`);
    if (state === 'succeeded') return token;
    if (state !== 'enqueued') throw new Error(`The report of ${rows} rows is ${state}.`);
    await sleep(100);
  }
}

async function launch(): Promise<Browser> {
  try {
    const args = ['--no-sandbox', '--disable-gpu'];
    return await chromium.launch({ executablePath: '/usr/bin/chromium', args });
  } catch {
    throw new MissingTool('Chromium', 'apt-get install chromium');
  }
}

type Session = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>;

async function signIn(browser: Browser, api: RestClient, organization: string, url: URL) {
  const invitation = { email: 'looker@example.com', role: 'member' };
  const path = `/api/${organization}/invitations`;
  const { link } = await api.send<{ link: string }>('POST', path, { invitation });
  const context = await browser.newContext({ baseURL: url.href });
  await context.request.post('/api/session/link', {
    headers: { origin: url.origin },
    data: { link: new URL(link).hash.slice('#link='.length) },
  });
  const session = await context.storageState();
  await context.close();
  return session;
}

/** Opens a report in a browser that has the program of the pages and no pictures; answers the milliseconds until all charts are drawn. */
async function openReport(
  browser: Browser,
  storageState: Session,
  url: URL,
  organization: string,
  report: string,
): Promise<number> {
  const context = await browser.newContext({ baseURL: url.href, storageState, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`/${organization}`, { waitUntil: 'networkidle' });
  await page.goto(`/${organization}/reports/${report}`, { waitUntil: 'commit' });
  await page.waitForFunction(areDrawn, undefined, { polling: 'raf' });
  // From the beginning of the page's own time.
  const ms = await page.evaluate(() => performance.now());
  await context.close();
  return ms;
}

/** Whether a page has all figures, and each its drawing, table or number. */
const areDrawn = `(() => {
  const found = [...document.querySelectorAll('figure')];
  const has = (what) => found.filter((figure) => figure.querySelector(what) !== null).length;
  const drawn = has('canvas');
  return drawn === ${DRAWINGS} && drawn + has('table, [style*="--length"]') === ${charts.length};
})()`;
