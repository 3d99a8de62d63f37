import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { endLineOf } from '../../src/inventory/end-line.ts';
import { type ListName, lists } from '../../src/inventory/lists.ts';
import { answer, startFaultProxy } from '../support/fault-proxy.ts';
import { query, report, reports, space, writeNdjson } from '../support/import-place.ts';
import { openListening } from '../support/listening.ts';
import { putRows } from '../support/rows.ts';
import { type Outcome, runRollcall, startRollcall } from '../support/run-rollcall.ts';
import { unpackWorkspace } from '../support/saved-workspace.ts';
import { makeBasic, temporaryFolder } from '../support/workplace.ts';

type Place = { dataDir: string };

async function succeed(
  args: string[],
  place: Place & { env?: Record<string, string> },
): Promise<Outcome> {
  const outcome = await runRollcall(args, place);
  expect(outcome, args.join(' ')).toMatchObject({ code: 0 });
  return outcome;
}

async function bearerFor(organization: string, place: Place): Promise<string> {
  const made = await succeed(
    ['signature-token', 'create', '--organization', organization, '--name', 'test', '--json'],
    place,
  );
  return JSON.parse(made.stdout).bearer;
}

async function openServed(organization: string) {
  const place = { dataDir: temporaryFolder() };
  await succeed(['organization', 'create', organization, '--name', 'Test'], place);
  const bearer = await bearerFor(organization, place);
  const running = await startRollcall(['serve', '--port', '0'], { ...place, until: /listens on/ });
  const url = /http:\/\/\S+/.exec(running.line)?.[0] ?? '';
  const get = (path: string) => fetch(url + path, { headers: { authorization: bearer } });
  return { ...place, url, bearer, get };
}

/** Every page of every list, as bytes, in both views. */
async function everyPage(
  organization: string,
  get: (path: string) => Promise<Response>,
): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  for (const name of Object.keys(lists) as ListName[]) {
    for (const spaces of ['', '&include_spaces=all']) {
      for (let page = 1, total = 1; page <= total; page++) {
        const response = await get(`/batch/${organization}/${name}?page=${page}${spaces}`);
        const body = await response.text();
        total = JSON.parse(body).pagination.total_pages;
        pages.set(`${name} ${page}${spaces}`, body);
      }
    }
  }
  return pages;
}

test('a workspace is imported while the server runs, and copied from it into another organization byte for byte', async () => {
  const { folder, facts } = unpackWorkspace();
  const source = await openServed('acme');
  const saved = await succeed(['import', '--organization', 'acme', folder, '--json'], source);
  expect(JSON.parse(saved.stdout).reports).toMatchObject({
    added: facts.reports_all,
    isWhole: true,
  });

  const target = await openServed('copy');
  const from = ['import', '--organization', 'copy', '--from', `${source.url}/batch/acme`, '--json'];
  const copied = await succeed(from, { ...target, env: { ROLLCALL_BEARER: source.bearer } });
  expect(JSON.parse(copied.stdout).reports).toMatchObject({
    added: facts.reports_all,
    isWhole: true,
  });
  expect(readdirSync(join(target.dataDir, 'imports'))).toEqual([]);

  const originals = await everyPage('acme', source.get);
  const copies = await everyPage('copy', target.get);
  expect([...copies.keys()]).toEqual([...originals.keys()]);
  for (const [page, bytes] of originals) {
    const renamed = bytes
      .replaceAll('/api/acme/', '/api/copy/')
      .replaceAll('/batch/acme/', '/batch/copy/');
    expect(copies.get(page) === renamed, page).toBe(true);
  }

  // What goes at the source goes here too, at the next copy.
  for (const file of readdirSync(folder)) if (file.startsWith('charts')) rmSync(join(folder, file));
  const end = endLineOf({ list: 'charts', rows: 0, includesPersonal: true });
  writeFileSync(join(folder, 'charts.ndjson'), end);
  await succeed(['import', '--organization', 'acme', folder, '--delete'], source);
  const env = { ROLLCALL_BEARER: source.bearer };
  const again = await succeed([...from, `--delete=${facts.charts}`], { ...target, env });
  expect(JSON.parse(again.stdout)).toMatchObject({
    charts: { deleted: facts.charts },
    reports: { added: 0, changed: 0, unchanged: facts.reports_all, deleted: 0 },
  });
});

test('what is wrong is said with the next step, and nothing is written', async () => {
  const place = { dataDir: temporaryFolder() };
  await succeed(['organization', 'create', 'acme', '--name', 'Acme'], place);
  const folder = temporaryFolder();
  const failing = async (args: string[], env = {}) => {
    const { code, stdout, stderr } = await runRollcall(['import', ...args], { ...place, env });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    return stderr;
  };
  expect(await failing(['--organization', 'nobody', folder])).toContain(
    'rollcall organization create nobody',
  );
  expect(await failing(['--organization', 'acme', folder])).toContain(
    'has neither saved Discovery pages',
  );
  expect(await failing(['--organization', 'acme'])).toContain(
    'Name a folder or a server to import',
  );
  expect(
    await failing(['--organization', 'acme', folder, '--from', 'http://127.0.0.1:1/batch/acme']),
  ).toContain('Name a folder or a server to import');
  expect(
    await failing(['--organization', 'acme', '--from', 'http://127.0.0.1:1/batch/acme']),
  ).toContain('ROLLCALL_BEARER');
  writeFileSync(
    join(folder, 'reports.ndjson'),
    '{"id": 1, "token": "a"}\n{"id": "x", "token": "b"}\n',
  );
  expect(await failing(['--organization', 'acme', folder])).toContain(
    'rollcall: reports.ndjson, row 2: field id is "x"; it must be a whole number.',
  );
  for (const flags of [['--fresh'], ['--bearer-file', 'bearer'], ['--fresh', '--dry-run']])
    expect(await failing(['--organization', 'acme', folder, ...flags])).toMatch(
      /^rollcall: --(fresh|bearer-file) cannot be used with a folder/,
    );
  expect(existsSync(join(place.dataDir, 'imports'))).toBe(false);
});

async function openTarget(): Promise<Place> {
  const place = { dataDir: temporaryFolder() };
  await succeed(['organization', 'create', 'acme', '--name', 'Acme'], place);
  const ana = ['--email', 'ana@acme.example', '--role', 'admin'];
  await succeed(['member', 'add', '--organization', 'acme', ...ana], place);
  return place;
}

const INTO = ['import', '--organization', 'acme'];

describe('where much would be deleted', () => {
  const inventory = { spaces: [space(1)], reports: reports(30), queries: [query(1, 30)] };
  const left = { spaces: [space(1)], reports: [report(1, { name: 'New' }), report(31)] };

  test('nothing is, the exit code says so, and the message names the way on', async () => {
    const place = await openTarget();
    const folder = writeNdjson(temporaryFolder(), inventory);
    await succeed([...INTO, folder], place);
    const less = writeNdjson(temporaryFolder(), left);
    const { code, stdout, stderr } = await runRollcall([...INTO, less], place);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^reports +1 added, 1 changed, 0 unchanged, 0 deleted$/m);
    expect(stderr).toContain(
      'Nothing was deleted. The source no longer has rows of reports (29), report_stats (29), queries (1): ',
    );
    expect(stderr).toContain('--delete=29');

    const few = await runRollcall([...INTO, less, '--delete=28'], place);
    expect(few).toMatchObject({ code: 3 });
    expect(few.stderr).toContain('queries (1): more than --delete=28 allows. ');
    // What follows --delete is the folder.
    const told = await succeed([...INTO, '--delete', less, '--json'], place);
    expect(JSON.parse(told.stdout)).toMatchObject({
      reports: { deleted: 29, unchanged: 2 },
      queries: { deleted: 1 },
    });
  });

  test('--dry-run prints each row and writes nothing', async () => {
    const place = await openTarget();
    await succeed([...INTO, writeNdjson(temporaryFolder(), inventory)], place);
    const less = writeNdjson(temporaryFolder(), left);
    const { code, stdout } = await runRollcall([...INTO, less, '--dry-run'], place);
    expect(code).toBe(3);
    const lines = stdout.split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'change     reports       000000000001  "New"',
      'add        reports       00000000001f  "Report 31"',
    ]);
    expect(lines.filter((line) => /^delete +reports /.test(line))).toHaveLength(29);
    expect(lines.filter((line) => /^delete +report_stats /.test(line))).toHaveLength(29);
    expect(lines).toContain('delete     queries       query-1');
    expect(lines.at(-2)).toBe('Nothing was written.');

    const again = await runRollcall([...INTO, less, '--dry-run', '--json'], place);
    const { rows, lists: counts } = JSON.parse(again.stdout);
    expect(rows).toHaveLength(lines.filter((line) => /^(add|change|delete) /.test(line)).length);
    expect(counts.reports).toMatchObject({ added: 1, changed: 1, refused: 29 });
  });

  test('--dry-run lets no token write to the terminal', async () => {
    const place = await openTarget();
    const odd = report(1, { token: 'a\n\u001b[31mb' });
    const folder = writeNdjson(temporaryFolder(), { spaces: [space(1)], reports: [odd] });
    const { stdout } = await succeed([...INTO, folder, '--dry-run'], place);
    expect(stdout).toContain('add        reports       "a\\n\\u001b[31mb"  "Report 1"\n');
    expect(stdout).not.toContain('\u001b');
  });

  test.each([
    [['--delete=some', 'DIR'], '--delete is "some"; it must be a whole number'],
    [['--delete=some', '--from', 'http://127.0.0.1:1/batch/acme'], '--delete is "some"; it must'],
    [['--delete=', 'DIR'], '--delete is ""; it must be a whole number'],
    [['--source=', 'DIR'], '--source is ""; it must be one line of 1 to 255 characters'],
    [['--source=a\nb', 'DIR'], '--source is "a\\nb"; it must be one line'],
    [[`--source=${'x'.repeat(256)}`, 'DIR'], 'it must be one line of 1 to 255 characters'],
    [['--delete', '--keep-missing', 'DIR'], 'Use only one of them'],
  ])('%j is refused', async (flags, message) => {
    const place = await openTarget();
    const { code, stderr } = await runRollcall([...INTO, ...flags], place);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});

test('one Rollcall is imported into another, both with members and reports of their own', async () => {
  const { url, send, database, acme, bearer, get } = await openListening();
  const authorization = await makeBasic(database, acme);
  const make = (name: string) => ({
    method: 'POST' as const,
    url: '/api/acme/reports',
    headers: { authorization },
    payload: { report: { name } },
  });
  await send(make('Theirs'));
  const place = await openTarget();
  const from = [...INTO, '--from', `${url}/batch/acme`, '--json'];
  const here = { ...place, env: { ROLLCALL_BEARER: bearer } };
  expect(JSON.parse((await succeed(from, here)).stdout)).toMatchObject({
    reports: { added: 1 },
    members: { added: 1 },
  });
  await send(make('Theirs, later'));
  await succeed(
    ['member', 'add', '--organization', 'acme', '--email', 'bo@acme.example', '--role', 'member'],
    place,
  );
  expect(JSON.parse((await succeed(from, here)).stdout)).toMatchObject({
    reports: { added: 1, unchanged: 1, deleted: 0 },
    spaces: { unchanged: 1 },
  });
  expect((await get('/batch/acme/reports', bearer)).json().reports).toEqual([]);
});

test('a copy that was refused is not used again', async () => {
  const { url, database, acme, bearer } = await openListening();
  const place = await openTarget();
  await putRows(database, acme, lists.spaces, [space(1)]);
  await putRows(database, acme, lists.members, [{ id: 1_000, token: 'm' }]);
  const from = [...INTO, '--from', `${url}/batch/acme`];
  const here = { ...place, env: { ROLLCALL_BEARER: bearer } };
  await succeed(
    [...INTO, writeNdjson(temporaryFolder(), { members: [{ id: 1_000, token: 'x' }] })],
    place,
  );
  const refused = await runRollcall(from, here);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain('conflicts with id 1000, token "x" which came from the source');
  expect(readdirSync(join(place.dataDir, 'imports'))).toEqual([]);
});

test('a copy that was broken off is gone on with, which is said; --fresh begins again', async () => {
  const { url, database, acme, bearer } = await openListening();
  await putRows(database, acme, lists.members, [{ id: 1, token: 'm' }]);
  const proxy = await startFaultProxy(url);
  const place = await openTarget();
  const from = [...INTO, '--from', `${proxy.url}/batch/acme`];
  const here = { ...place, env: { ROLLCALL_BEARER: bearer } };
  const breakOff = async () => {
    proxy.fail(({ url: path = '' }) => (path.includes('/charts') ? answer(400, {}) : undefined));
    expect(await runRollcall(from, here)).toMatchObject({ code: 1 });
    proxy.fail(() => undefined);
  };
  await breakOff();
  const goneOn = await succeed(from, here);
  expect(goneOn.stderr).toMatch(
    /Continuing the interrupted copy of .* which has .*Use --fresh to start over/,
  );
  await breakOff();
  expect((await succeed([...from, '--fresh'], here)).stderr).not.toContain('Continuing');
});

test('two copies of one source at once do not write into each other: the second is refused', async () => {
  const { url, database, acme, bearer } = await openListening();
  await putRows(database, acme, lists.members, [{ id: 1, token: 'm' }]);
  const proxy = await startFaultProxy(url);
  const place = await openTarget();
  const from = [...INTO, '--from', `${proxy.url}/batch/acme`];
  const here = { ...place, env: { ROLLCALL_BEARER: bearer } };
  let second: Outcome | undefined;
  proxy.fail(async ({ url: path = '' }) => {
    if (path.includes('/charts')) second ??= await runRollcall([...from, '--fresh'], here);
    return undefined;
  });
  const first = await succeed(from, here);
  expect(second).toMatchObject({ code: 1 });
  expect(second?.stderr).toMatch(
    /Another process is copying 127\.0\.0\.1:\d+\/acme for acme\. Import again when it is done\./,
  );
  expect(first.stdout).toMatch(/^members +1 added/m);
  expect(readdirSync(join(place.dataDir, 'imports'))).toEqual([]);
});

test('a server that answers with nothing for a moment takes nothing', async () => {
  const { url, database, acme, bearer } = await openListening();
  await putRows(database, acme, lists.spaces, [space(1)]);
  await putRows(database, acme, lists.reports, reports(30));
  await putRows(
    database,
    acme,
    lists.report_stats,
    reports(30).map(({ id, token }) => ({ report_id: id, report_token: token })),
  );
  const proxy = await startFaultProxy(url);
  const place = await openTarget();
  const from = [...INTO, '--from', `${proxy.url}/batch/acme`];
  const here = { ...place, env: { ROLLCALL_BEARER: bearer } };
  await succeed(from, here);

  const pagination = { page: 1, per_page: 1000, count: 0, total_pages: 0, total_count: 0 };
  const empty = (list: string) => answer(200, { pagination, [list]: [], _links: {} });
  proxy.fail(({ url: path = '' }) => (path.includes('/reports?') ? empty('reports') : undefined));
  const one = await succeed(from, here);
  expect(one.stdout).toMatch(
    /^reports +0 added, 0 changed, 0 unchanged, 0 deleted, 30 kept, nothing deleted because report_stats refer to 000000000001, which reports lack$/m,
  );
  expect(one.stderr).toContain('reports (30) missing in the copy were kept: ');

  proxy.fail(({ url: path = '' }) => empty(/batch\/acme\/(\w+)/.exec(path)?.[1] ?? ''));
  const all = await runRollcall(from, here);
  expect(all).toMatchObject({ code: 3 });
  expect(all.stderr).toContain(
    'The source no longer has rows of reports (30), report_stats (30), spaces (1)',
  );
});
