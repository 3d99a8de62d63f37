import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { insertDataSource } from '../../src/data-sources/data-source-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { readDocument, samplesOf } from '../support/documents.ts';
import { openListening } from '../support/listening.ts';
import { testWith } from '../support/machine-tools.ts';
import type { OpenApiDocument } from '../support/openapi-document.ts';
import { putRows } from '../support/rows.ts';
import { putSchedule } from '../support/schedules.ts';
import { makeBasic, openWorkplace, temporaryFolder } from '../support/workplace.ts';

const text = readDocument('docs/rest-api.md');

/** The description of the REST API that a server gives of itself. */
async function describedPaths(): Promise<OpenApiDocument['paths']> {
  const { get } = await openWorkplace();
  const { paths } = (await get('/openapi.json')).json<OpenApiDocument>();
  return Object.fromEntries(Object.entries(paths).filter(([path]) => path.startsWith('/api/')));
}

test('the REST API’s document has a section for each one of the reference, and no other but the first', async () => {
  const operations = Object.values(await describedPaths()).flatMap((methods) =>
    Object.values(methods),
  );
  const [, ...headings] = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => String(heading));
  expect(headings.slice(0, 2)).toEqual(['Tasks', 'Conventions']);
  expect(headings.slice(2).toSorted()).toEqual(
    [...new Set(operations.flatMap(({ tags }) => tags))].toSorted(),
  );
});

test('the REST API’s document names only routes that the reference has', async () => {
  const routes = Object.keys(await describedPaths()).map((path) => path.split('/'));
  const isRoute = (path: string) => {
    const parts = path.split('/');
    return routes.some(
      (route) =>
        route.length === parts.length &&
        route.every((part, index) => part.startsWith('{') || part === parts[index]),
    );
  };
  const named = [...text.replaceAll('$api/', '/api/acme/').matchAll(/\/api(?:\/[\w${}.]+)+/g)]
    .map(([path]) => path.replace('/collections', '/spaces'))
    .filter((path) => path !== '/api/acme');
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((path) => !isRoute(path))).toEqual([]);
  const endings = [...text.matchAll(/`(?:…|\.\.\.)(\/[\w/{}.]+)`/g)].map(([, path]) =>
    String(path),
  );
  const paths = routes.map((route) => route.join('/'));
  expect(endings.filter((ending) => !paths.some((path) => path.endsWith(ending)))).toEqual([]);
});

testWith('curl', 'jq')('its samples work, one after another', async () => {
  const { url, database, config, acme } = await openListening({ runsAtOnce: '1' });
  await putRows(database, acme, lists.members, [
    { id: 12, token: '8d1f2b7c3a55', member_email: 'ana@acme.example', state: 'active' },
  ]);
  const spaceRow = { id: 41, token: 'acd5fc167d0g', name: 'Finance', space_type: 'custom' };
  const [space = 0] = await putRows(database, acme, lists.spaces, [spaceRow]);
  await putRows(database, acme, lists.spaces, [
    { id: 42, token: '5b1e66d0c3f4', name: 'Empty', space_type: 'custom' },
  ]);
  const nobodys = { id: 43, token: '7f0c2a9d81be', name: 'Ana', space_type: 'private' };
  await putRows(database, acme, lists.spaces, [nobodys], { personal: true });
  mkdirSync(join(config.dataDir, 'files', 'acme'), { recursive: true });
  writeFileSync(join(config.dataDir, 'files', 'acme', 'orders.csv'), 'id,amount\n1,9.5\n');
  for (const [index, dataSource] of ['c4d8e21f7a90', 'f00d5a1e5b2c'].entries()) {
    await insertDataSource(database, acme.id, {
      id: index + 1,
      token: dataSource,
      name: dataSource,
      description: null,
      adapter: 'duckdb',
      options: { folder: '.' },
      sealedSecrets: null,
      creatorSlot: null,
      createdAt: '2026-11-02T09:12:44.000Z',
      updatedAt: '2026-11-02T09:12:44.000Z',
    });
  }
  const inSpace = { space_id: 41, space_token: 'acd5fc167d0g' };
  const report = { id: 5412, token: 'bfe4fc361d9f', name: 'Weekly revenue', ...inSpace };
  const [slot = 0] = await putRows(database, acme, lists.reports, [report], { parent: space });
  const query = {
    id: 7,
    token: '4b2c8e1f7a90',
    raw_query:
      'select * from orders where amount > {{ least }}\n{% form %}\nleast:\n  type: number\n  default: 1\n{% endform %}',
    data_source_token: 'c4d8e21f7a90',
    report_id: report.id,
    report_token: report.token,
  };
  await putRows(database, acme, lists.queries, [query], { parent: slot });
  const chart = { ...query, id: 9, token: '77d0ba2d9c5e', query_id: 7, query_token: query.token };
  await putRows(database, acme, lists.charts, [chart], { parent: slot });
  // Of a member who was removed.
  const ofNobody = { reportSlot: slot, nextAt: null, creatorSlot: 1_000_000 };
  await putSchedule(database, acme, { token: '9288da2a1b59', ...ofNobody });

  const basic = await makeBasic(database, acme);
  const [token, secret] = Buffer.from(basic.slice(6), 'base64').toString().split(':');
  // What curl takes for success otherwise is any answer at all.
  const home = temporaryFolder();
  writeFileSync(join(home, '.curlrc'), 'fail-with-body\nsilent\nshow-error\n');
  const samples = samplesOf(text, 'sh');
  expect(samples.length).toBeGreaterThan(20);
  // One shell, as samples use what those before them have read. What it says last is the sample that failed.
  const script = samples
    .map((sample) => `cat >&2 <<'SAMPLE'\n${sample}SAMPLE\n${sample}`)
    .join('\n');
  await promisify(execFile)('sh', ['-e', '-c', script.replaceAll('http://127.0.0.1:4146', url)], {
    cwd: home,
    env: { PATH: process.env.PATH, CURL_HOME: home, token, secret },
    maxBuffer: 100_000_000,
  }).catch((error) => {
    throw new Error(String(error.stderr).slice(-2000));
  });
  const csv = readFileSync(join(home, 'orders.csv'), 'utf8');
  expect(csv).toBe('id,amount\r\n1,9.5\r\n');
});
