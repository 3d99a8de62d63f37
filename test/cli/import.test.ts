import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ListName, lists } from '../../src/inventory/lists.ts';
import { type Outcome, runRollcall, startRollcall } from '../support/run-rollcall.ts';
import { unpackWorkspace } from '../support/saved-workspace.ts';
import { temporaryFolder } from '../support/workplace.ts';

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
  writeFileSync(join(folder, 'charts.ndjson'), '');
  await succeed(['import', '--organization', 'acme', folder], source);
  const again = await succeed(from, { ...target, env: { ROLLCALL_BEARER: source.bearer } });
  expect(JSON.parse(again.stdout)).toMatchObject({
    charts: { deleted: facts.charts },
    reports: { added: 0, changed: 0, unchanged: facts.reports_all, deleted: 0 },
  });
}, 120_000);

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
    'holds neither saved Discovery pages',
  );
  expect(await failing(['--organization', 'acme'])).toContain(
    'Say what to import, a folder or a server',
  );
  expect(
    await failing(['--organization', 'acme', folder, '--from', 'http://127.0.0.1:1/batch/acme']),
  ).toContain('Say what to import');
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
  expect(existsSync(join(place.dataDir, 'imports'))).toBe(false);
});
