import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { beginRequest, openConnection } from '../support/connection.ts';
import { freePort, portIsFree } from '../support/free-port.ts';
import { testWith } from '../support/machine-tools.ts';
import { copyCheckout, type RunningNpm, runNpmStart } from '../support/npm.ts';
import { runRollcall, startRollcall } from '../support/run-rollcall.ts';
import { waitFor } from '../support/wait-for.ts';
import { temporaryFolder } from '../support/workplace.ts';

const PRINTED =
  /listens on (?<url>\S+)\n.*^ {2}(?<curl>curl .+?)$.*^The data is in (?<dataDir>.+?)$.*Ctrl-C/ms;

/** What `npm start` prints, once it serves. */
async function printedBy(npm: RunningNpm) {
  await expect.poll(() => PRINTED.test(npm.output().stdout) || !npm.isAlive()).toBe(true);
  const { stdout, stderr } = npm.output();
  const { url, curl, dataDir } = PRINTED.exec(stdout)?.groups ?? {};
  if (!url || !curl || !dataDir) throw new Error(`npm start printed:\n${stdout}${stderr}`);
  return { url, curl, dataDir };
}

const tlsFile = (name: string) => fileURLToPath(new URL(`../data/tls/${name}`, import.meta.url));
/** What the curl line answers when it is pasted into a shell. */
const listedBy = (curl: string) =>
  execFileSync('sh', ['-c', curl], { encoding: 'utf8', stdio: 'pipe' });
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** Of all tests: what Node compiles of it the first time, it need not again. */
const folder = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
const checkout = join(folder, 'rollcall');
beforeAll(() => copyCheckout(checkout));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder in the checkout where a user may stand, with no data. */
function userFolder(name: string): string {
  const folder = join(checkout, name);
  mkdirSync(folder);
  return folder;
}

/** For tests that are about no run: the demo's reports do not run, which takes longer than all else. */
const noRuns = { ROLLCALL_RUNS_AT_ONCE: '0' };

testWith('curl')(
  'npm start serves a demo, prints how to list it, keeps it, and stops cleanly by SIGTERM or Ctrl-C',
  async () => {
    const user = userFolder('where the user stands');
    const port = await freePort();
    const env = { ROLLCALL_PORT: String(port) };
    const stopCleanly = async (npm: RunningNpm, ...how: Parameters<RunningNpm['stop']>) => {
      const { code, stderr } = await npm.stop(...how);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(npm.isAlive()).toBe(false);
      expect(await portIsFree(port)).toBe(true);
      // A store that was closed has no log of changes beside it.
      expect(existsSync(join(user, 'rollcall-data', 'rollcall.sqlite'))).toBe(true);
      expect(existsSync(join(user, 'rollcall-data', 'rollcall.sqlite-wal'))).toBe(false);
    };

    const first = runNpmStart(user, { ...env, ...noRuns });
    const printed = await printedBy(first);
    expect(printed.url).toBe(`http://127.0.0.1:${port}`);
    expect(printed.dataDir).toBe(join(user, 'rollcall-data'));
    expect(mode(printed.dataDir)).toBe('700');
    expect(mode(join(printed.dataDir, 'demo.json'))).toBe('600');
    const answer = listedBy(printed.curl);
    const { reports, pagination } = JSON.parse(answer);
    expect(reports.length).toBe(20);
    expect(pagination.total_count).toBe(reports.length);
    await stopCleanly(first, 'SIGTERM', 'npm');

    // The demo's reports are still to run, and do.
    const second = runNpmStart(user, env);
    expect(await printedBy(second)).toEqual(printed);
    const names = (text: string) =>
      JSON.parse(text).reports.map((row: { name: string }) => row.name);
    expect(names(listedBy(printed.curl)).sort()).toEqual(names(answer).sort());
    await stopCleanly(second, 'SIGINT', 'all');
  },
);

test('a taken port is said, with the variable that chooses another', async () => {
  const port = await freePort();
  const other = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void other.close());
  const npm = runNpmStart(checkout, { ROLLCALL_PORT: String(port) });
  const { code, stderr } = await npm.ended;
  expect(code).not.toBe(0);
  expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
  expect(stderr).toContain('ROLLCALL_PORT');
  expect(stderr).not.toContain('    at ');
});

test('serve makes no demo data', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const server = await startRollcall(['serve', '--port', '0'], { dataDir, until: /listens on/ });
  const { stdout } = await runRollcall(['organization', 'list', '--json'], { dataDir });
  expect(JSON.parse(stdout)).toEqual([]);
  expect(existsSync(join(dataDir, 'demo.json'))).toBe(false);
  await server.stop();
});

test('serve and worker say where they listen, where people find them, and that they are read-only', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  await runRollcall(['organization', 'create', 'acme', '--name', 'Acme'], { dataDir });
  const env = {
    ROLLCALL_PUBLIC_URL: 'https://reports.example.com',
    ROLLCALL_READ_ONLY: 'Until 22:00',
  };
  const until = /The data is in/;
  const [server, worker] = await Promise.all([
    startRollcall(['serve', '--port', '0'], { dataDir, env, until }),
    startRollcall(['worker'], { dataDir, env, until }),
  ]);
  expect(server.output().stdout).toMatch(
    /^Rollcall listens on http:\/\/127\.0\.0\.1:\d+\nPeople and tools use https:\/\/reports\.example\.com\nNothing can be changed, and no reports run: Until 22:00\n/,
  );
  expect(worker.output().stdout).toMatch(/^No reports run: Until 22:00\n/);
});

test('an organization acme of the user’s own stays as it is', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  await runRollcall(['organization', 'create', 'acme', '--name', 'Mine'], { dataDir });
  const demo = ['demo', '--port', '0'];
  const server = await startRollcall(demo, { dataDir, until: /signature-token create/ });
  expect(server.output().stdout).toContain('acme is your own');
  expect(existsSync(join(dataDir, 'demo.json'))).toBe(false);
  const { stdout } = await runRollcall(['member', 'list', '--organization', 'acme', '--json'], {
    dataDir,
  });
  expect(JSON.parse(stdout)).toEqual([]);
  await server.stop();
});

testWith('curl')('with a certificate the printed curl line speaks https', async () => {
  const server = await startRollcall(
    [
      'demo',
      '--port',
      '0',
      '--tls-cert',
      tlsFile('certificate.pem'),
      '--tls-key',
      tlsFile('key.pem'),
    ],
    { dataDir: join(temporaryFolder(), 'data'), env: noRuns, until: /^ {2}curl / },
  );
  expect(server.line).toContain(" 'https://127.0.0.1:");
  const answer = listedBy(server.line);
  expect(JSON.parse(answer).pagination.page).toBe(1);
  await server.stop();
});

test('a second Ctrl-C some time after the first ends it though a request is still running', async () => {
  const server = await startRollcall(['serve', '--port', '0'], {
    dataDir: join(temporaryFolder(), 'data'),
    until: /listens on/,
  });
  const port = Number(/:(\d+)$/.exec(server.line)?.[1]);
  await beginRequest(
    await openConnection(port),
    'POST /batch/acme/signature_tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n',
  );
  const ended = server.stop('SIGINT');
  await waitFor(async () => expect(await portIsFree(port)).toBe(true));
  await setTimeout(1200);
  expect(server.process.exitCode).toBe(null);
  server.process.kill('SIGINT');
  expect((await ended).code).toBe(1);
});
