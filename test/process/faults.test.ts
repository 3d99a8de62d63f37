import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openStore } from '../../src/database/open-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { testWith } from '../support/machine-tools.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { runRollcallProcess, startRollcall } from '../support/run-rollcall.ts';
import { makeFiles } from '../support/runs.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { makeBasic, makeBearer, makeOrganization, temporaryFolder } from '../support/workplace.ts';

type Answer = { status: number; retryAfter: string | null; body: string };
type Paths = Record<string, Record<string, unknown>>;

/** The real program with reports in its store, and what asks it. */
async function serveAcme() {
  const dataDir = temporaryFolder();
  const store = await openStore({ dataDir });
  const acme = await makeOrganization(store);
  const rows = Array.from({ length: 200 }, (_, index) => reportRow(index + 1));
  await putRows(store, acme, lists.reports, rows);
  const source = await makeFiles(store, acme, join(dataDir, 'files'));
  const bearer = await makeBearer(store, acme);
  const basic = await makeBasic(store, acme);
  await store.close();
  const server = await startRollcall(['serve', '--port', '0'], { dataDir, until: /listens on/ });
  const url = server.line.split(' ').at(-1);
  const ask = async (asked: string, payload?: object): Promise<Answer> => {
    const [method = '', path = ''] = asked.split(' ');
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: path.startsWith('/batch') ? bearer : basic,
        ...(payload ? { 'content-type': 'application/json' } : {}),
      },
      ...(payload ? { body: JSON.stringify(payload) } : {}),
    });
    const retryAfter = response.headers.get('retry-after');
    return { status: response.status, retryAfter, body: await response.text() };
  };
  const token = String(rows[0]?.token);
  const { paths } = JSON.parse((await ask('GET /openapi.json')).body) as { paths: Paths };
  const readable = Object.entries(paths)
    .filter(([, operations]) => 'get' in operations)
    .map(([path]) => path.replace('{organization}', 'acme').replaceAll(/\{\w+\}/g, token))
    .map((path) => path.replace(/\/events$/, '/events?seconds=0'));
  const asked: [asked: string, payload?: object][] = [
    ...readable.map((path): [string] => [`GET ${path}`]),
    ['GET /batch/acme/reports?per_page=10&page=1'],
    ['GET /batch/acme/reports?per_page=10&page=2'],
    ['GET /api/acme/reports?q=Report'],
    ['POST /api/acme/reports', { report: { name: 'New' } }],
    [`PATCH /api/acme/reports/${token}`, { report: { description: `${Math.random()}` } }],
    [`POST /api/acme/reports/${token}/views`],
    [
      `POST /api/acme/data_sources/${source}/query`,
      { query: { raw_query: 'select * from range(100)' } },
    ],
  ];
  /** What every GET that there is answers, and some of the rest. */
  const askAll = async () => {
    const answers = new Map<string, Answer>();
    for (const [one, payload] of asked) answers.set(one, await ask(one, payload));
    return answers;
  };
  const pid = `${server.process.pid}`;
  const prlimit = (...args: string[]) =>
    execFileSync('prlimit', ['--pid', pid, ...args], { encoding: 'utf8' });
  /** Gives the running server less of something; answers what gives it back. */
  const limit = (what: 'fsize' | 'nofile', soft: number) => {
    const said = prlimit(`--${what}`, '--output=SOFT,HARD', '--noheadings', '--raw');
    const [before, hard] = said.trim().split(' ');
    prlimit(`--${what}=${soft}:${hard}`);
    return () => void prlimit(`--${what}=${before}:${hard}`);
  };
  return { ask, askAll, limit, server };
}

testWith('prlimit')(
  'a server that may write no file, or open none, answers what it can, and says what it cannot',
  async () => {
    const { ask, askAll, limit, server } = await serveAcme();
    const before = await askAll();
    for (const [what, most, fault] of [
      ['fsize', 0, 'disk_full'],
      ['nofile', 1, 'too_many_files'],
    ] as const) {
      // Search follows what was written, for which it needs the disk; lists do without.
      await ask('GET /api/acme/reports?q=Report');
      const release = limit(what, most);
      const refused = new Set<string>();
      for (const [asked, { status, retryAfter, body }] of await askAll()) {
        if (status === before.get(asked)?.status) continue;
        expect([asked, status, retryAfter, JSON.parse(body).id], body).toEqual([
          asked,
          503,
          '30',
          'busy',
        ]);
        refused.add(asked);
      }
      const isRead = (one: string) => /^GET \/(batch\/acme\/reports|api)/.test(one);
      expect([...refused].filter(isRead)).toEqual([]);
      if (what === 'fsize') expect([...refused]).toContain('POST /api/acme/reports');
      const readiness = await ask('GET /readyz');
      expect([readiness.status, JSON.parse(readiness.body)]).toEqual([
        200,
        { status: 'degraded', faults: [{ id: fault, message: expect.any(String) }] },
      ]);
      release();
      const isWell = async () => JSON.parse((await ask('GET /readyz')).body).status;
      await expect.poll(isWell).toBe('ok');
      // A query process that was begun under the limit is used up by the first who asks.
      const statuses = async () => [...(await askAll())].map(([one, { status }]) => [one, status]);
      await expect
        .poll(statuses, { timeout: FAR_TOO_LONG_MS })
        .toEqual([...before].map(([one, { status }]) => [one, status]));
    }
    expect(server.output().stderr).toContain('files and the store can be written again');
  },
);

test('a log or an output that cannot be written ends no server', async () => {
  const program = fileURLToPath(new URL('../../src/cli/rollcall.ts', import.meta.url));
  const script = `exec "$0" "$1" serve --port 0 --data-dir "$2" >/dev/full 2>/dev/full`;
  const server = spawn('sh', ['-c', script, process.execPath, program, temporaryFolder()]);
  const ended = once(server, 'exit');
  const first = await Promise.race([
    ended.then(() => 'ended'),
    new Promise((resolve) => setTimeout(resolve, 4_000, 'serves')),
  ]);
  expect(first).toBe('serves');
  server.kill('SIGTERM');
  await ended;
});

const ONE_SENTENCE = /^rollcall: [^\n]+\n(Check that it belongs to this user, [^\n]+\n)?$/;

testWith('mount')('a start on a full or read-only disk says so in one sentence', async () => {
  const { path, fill, free, remount } = mountSmallDisk(4);
  const commands = [['serve', '--port', '0'], ['worker'], ['organization', 'list']];
  const say = async (command: string[], dataDir = path) => {
    const { code, stderr } = await runRollcallProcess(command, { dataDir });
    expect([command, code]).toEqual([command, 1]);
    expect(stderr).toMatch(ONE_SENTENCE);
    return stderr;
  };
  fill();
  // With nothing there yet, and with a store that was made before.
  expect(await say(['serve', '--port', '0'], join(path, 'new'))).toContain('quota on it, is full');
  free();
  await (await openStore({ dataDir: path })).close();
  fill();
  for (const command of commands.slice(0, 2))
    expect(await say(command)).toContain('quota on it, is full');
  free();
  remount('ro');
  for (const command of commands.slice(0, 2)) expect(await say(command)).toContain('read-only');
  remount('rw');
});

test('a start in a folder of somebody else says so in one sentence', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'rollcall.sqlite'), '');
  // Root may write anywhere, so it is somebody else who starts.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(dataDir, 1, 1);
  chmodSync(join(dataDir, '..'), 0o755);
  chmodSync(dataDir, 0o555);
  const program = fileURLToPath(new URL('../../src/cli/rollcall.ts', import.meta.url));
  const child = spawn(process.execPath, [program, 'serve', '--port', '0'], {
    env: { ...process.env, ROLLCALL_DATA_DIR: dataDir },
    ...(isRoot ? { uid: 65_534, gid: 65_534 } : {}),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  chmodSync(dataDir, 0o755);
  expect(stderr).toMatch(ONE_SENTENCE);
  expect(code).toBe(1);
});
