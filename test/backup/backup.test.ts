import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/backup/manifest.ts';
import { copySqlite } from '../../src/database/copy-sqlite.ts';
import { StoreBusyError } from '../../src/database/database.ts';
import { lists } from '../../src/inventory/lists.ts';
import { toBytes, toRow } from '../../src/inventory/row.ts';
import { findRows, getPosition } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { rounds } from '../support/rounds.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { readRollcall, runRollcall, runRollcallProcess } from '../support/run-rollcall.ts';
import {
  makeBearer,
  makeOrganization,
  openOwnWorkplace,
  temporaryFolder,
  type Workplace,
} from '../support/workplace.ts';

const LIST = '/batch/acme/reports';
const REPORTS = 300;

/** A server with reports, and a writer that keeps the list as it was after each of its changes. */
async function openChanging() {
  const workplace = await openOwnWorkplace();
  const { database, get } = workplace;
  const acme = await makeOrganization(database);
  const rows = Array.from({ length: REPORTS }, (_, index) => reportRow(index + 1));
  const slots = await putRows(database, acme, lists.reports, rows);
  const bearer = await makeBearer(database, acme);
  /** The list by the organization's position. */
  const history = new Map<number, string>();
  const remember = async () =>
    history.set(await getPosition(database, acme.id), (await get(LIST, bearer)).body);
  await remember();

  let changes = 0;
  async function change(): Promise<void> {
    const number = ++changes;
    await database.transaction((store) =>
      changeRows(store, acme.id, async (writer) => {
        const slot = slots[(number * 7) % REPORTS] as number;
        const [row] = await findRows(store, acme.id, lists.reports, 'slot', [slot]);
        if (row === undefined) throw new Error(`There is no report at ${slot}.`);
        const named = { ...reportRow(row.id), name: `Change ${number}` };
        await writer.update(lists.reports, [
          { ...row, body: toBytes(toRow(lists.reports, named)) },
        ]);
      }),
    );
    await remember();
  }
  /** Changes one report after another for as long as something else takes. */
  async function during<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await change();
      await sleep(1);
    }
    return done;
  }
  return { ...workplace, acme, bearer, history, during, change };
}

const dataOf = ({ config }: Workplace) => ({ dataDir: config.dataDir });

describe('a backup that is restored, both while servers run and reports change,', () => {
  test('is the whole list as it was at one moment, byte for byte, and a running server shows it at once', async () => {
    const source = await openChanging();
    const target = await openOwnWorkplace();
    const folder = temporaryFolder();
    const CYCLES = rounds({ usual: 3, full: 5 });
    const positions = new Set<number>();
    for (let cycle = 1; cycle <= CYCLES; cycle++) {
      const backup = join(folder, `${cycle}`);
      const made = await source.during(readRollcall<Manifest>(['backup', backup], dataOf(source)));
      expect(made.organizations).toMatchObject([{ username: 'acme', rows: { reports: REPORTS } }]);
      const restored = source.during(
        runRollcallProcess(['restore', backup, '--replace'], dataOf(target)),
      );
      // Whoever asks meanwhile gets one whole list or another.
      const wholes = new Set(source.history.values());
      let isDone = false;
      restored.finally(() => {
        isDone = true;
      });
      while (!isDone) {
        const { statusCode, body } = await target.get(LIST, source.bearer);
        if (statusCode === 200) expect(wholes).toContain(body);
        else expect(cycle).toBe(1);
        await sleep(5);
      }
      expect(await restored).toMatchObject({ code: 0, stderr: '' });
      const position = await getPosition(target.database, source.acme.id);
      expect((await target.get(LIST, source.bearer)).body).toBe(source.history.get(position));
      positions.add(position);
    }
    expect(positions.size).toBe(CYCLES);
    expect(await target.database.check()).toEqual([]);
    expect(readdirSync(target.config.dataDir).filter((name) => name.includes('restoring'))).toEqual(
      [],
    );
  });

  test('comes with numbers of changes that are not taken for those that it replaces', async () => {
    const server = await openChanging();
    const backup = join(temporaryFolder(), 'backup');
    await runRollcallProcess(['backup', backup], dataOf(server));
    const before = await server.get(LIST, server.bearer);
    await server.change();
    const { etag } = (await server.get(LIST, server.bearer)).headers;
    await runRollcallProcess(['restore', backup, '--replace'], dataOf(server));
    await server.change();
    // As many changes as before, and others.
    const asked = await server.send({
      method: 'GET',
      url: LIST,
      headers: { authorization: server.bearer, 'if-none-match': String(etag) },
    });
    expect(asked.statusCode).toBe(200);
    expect(asked.body).not.toBe(before.body);
    expect(asked.headers.etag).not.toBe(etag);
  });
});

describe('a backup', () => {
  test('says what it holds, and is nobody else’s to read', async () => {
    const server = await openChanging();
    const backup = join(temporaryFolder(), 'new', 'backup');
    const manifest = await readRollcall<Manifest>(['backup', backup], dataOf(server));
    expect(readdirSync(backup).toSorted()).toEqual(['manifest.json', 'rollcall.sqlite']);
    expect((statSync(backup).mode & 0o777).toString(8)).toBe('700');
    expect(manifest).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      schema: expect.stringMatching(/^\d{3}-/),
      made_at: expect.stringMatching(/Z$/),
      bytes: statSync(join(backup, 'rollcall.sqlite')).size,
      sha256: expect.stringMatching(/^[\da-f]{64}$/),
    });
  });

  test('never replaces another', async () => {
    const server = await openChanging();
    const backup = join(temporaryFolder(), 'backup');
    await runRollcall(['backup', backup], dataOf(server));
    const again = await runRollcall(['backup', backup], dataOf(server));
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('exists already');
  });

  test('of a folder without a store makes nothing', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await runRollcall(['backup', join(folder, 'backup')], {
      dataDir: join(folder, 'nothing'),
    });
    expect(code).toBe(1);
    expect(stderr).toContain('There is no data in');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of PostgreSQL is made by PostgreSQL, with the command that is said', async () => {
    const surroundings = {
      dataDir: temporaryFolder(),
      env: { ROLLCALL_DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/none' },
    };
    const backup = await runRollcall(['backup', 'x'], surroundings);
    expect(backup.code).toBe(1);
    expect(backup.stderr).toContain('pg_dump --format=custom');
    const restore = await runRollcall(['restore', 'x'], surroundings);
    expect(restore.code).toBe(1);
    expect(restore.stderr).toContain('pg_restore --clean');
    expect(restore.stderr).toContain('update organizations set epoch');
  });
});

describe('a restore', () => {
  test('into a folder that is not there yet makes it', async () => {
    const server = await openChanging();
    const folder = temporaryFolder();
    await runRollcall(['backup', join(folder, 'backup')], dataOf(server));
    const dataDir = join(folder, 'data');
    const { code, stdout } = await runRollcall(['restore', join(folder, 'backup')], { dataDir });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Restored 1 organization with 300 rows from /),
    });
    const organizations = await readRollcall(['organization', 'list'], { dataDir });
    expect(organizations).toMatchObject([{ username: 'acme' }]);
  });

  test('loses nothing that it was not told to lose', async () => {
    const server = await openChanging();
    const backup = join(temporaryFolder(), 'backup');
    await runRollcall(['backup', backup], dataOf(server));
    await server.change();
    const { body } = await server.get(LIST, server.bearer);
    const refused = await runRollcall(['restore', backup], dataOf(server));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('holds acme. Add --replace');
    expect((await server.get(LIST, server.bearer)).body).toBe(body);
  });

  test('that is killed leaves all of the one or all of the other', async () => {
    const server = await openChanging();
    const folder = temporaryFolder();
    await runRollcall(['backup', join(folder, 'backup')], dataOf(server));
    await server.change();
    const program = fileURLToPath(new URL('../../src/cli/rollcall.ts', import.meta.url));
    for (let ms = 300; ms <= 1_200; ms += 150) {
      const child = spawn(
        process.execPath,
        [
          program,
          'restore',
          join(folder, 'backup'),
          '--replace',
          '--data-dir',
          server.config.dataDir,
        ],
        { stdio: 'ignore' },
      );
      await sleep(ms);
      child.kill('SIGKILL');
      const { body } = await server.get(LIST, server.bearer);
      expect([...server.history.values()]).toContain(body);
      expect(await server.database.check()).toEqual([]);
    }
  });

  test('waits for a writer, and gives up with nothing changed', async () => {
    const folder = temporaryFolder();
    const make = (name: string) => {
      const path = join(folder, name);
      const store = new Sqlite(path);
      store.pragma('journal_mode = wal');
      store.exec(`create table notes (text); insert into notes values ('${name}')`);
      return { path, store, read: () => store.prepare('select text from notes').pluck().get() };
    };
    const from = make('from');
    const to = make('to');
    to.store.exec('begin immediate');
    await expect(copySqlite(from.path, to.path, { waitMs: 60 })).rejects.toThrow(StoreBusyError);
    const copying = copySqlite(from.path, to.path);
    await sleep(100);
    expect(to.read()).toBe('to');
    to.store.exec('commit');
    await copying;
    expect(to.read()).toBe('from');
    for (const { store } of [from, to]) store.close();
    expect(existsSync(`${to.path}-wal`)).toBe(false);
  });
});
