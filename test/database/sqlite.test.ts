import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { asOfNow, CommitMemo } from '../../src/database/commit-memo.ts';
import { type Database, DuplicateError, StoreBusyError } from '../../src/database/database.ts';
import { openStore } from '../../src/database/open-store.ts';
import { OlderProgramError } from '../../src/database/schema.ts';
import { openSqlite } from '../../src/database/sqlite.ts';
import { commitsInIndex, commitsSeenBy } from '../../src/database/sqlite-commits.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { createServer } from '../../src/server.ts';
import { version } from '../../src/version.ts';
import { makeBasic, makeOrganization, temporaryFolder } from '../support/workplace.ts';

/** A store with a table of notes. */
async function openNotes(options?: {
  waitMs?: number;
}): Promise<{ database: Database; path: string }> {
  const path = join(temporaryFolder(), 'notes.sqlite');
  const database = openSqlite(path, options);
  await database.run('create table notes (id integer primary key, text text not null unique)');
  onTestFinished(() => database.close());
  return { database, path };
}

const insert = 'insert into notes (text) values (?)';
const listNotes = async (database: Database) =>
  (await database.all<{ text: string }>('select text from notes order by id')).map(
    ({ text }) => text,
  );

/** Another process that is in the middle of a write, until `end` is called. */
async function holdWriteTransaction(path: string): Promise<{ end(): Promise<void> }> {
  const program = fileURLToPath(new URL('hold-write-transaction.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [program, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return {
    async end() {
      child.stdin?.end();
      await once(child, 'exit');
    },
  };
}

describe('a transaction', () => {
  test('takes its turn after those that were begun before it', async () => {
    const { database } = await openNotes();
    const inside: string[] = [];
    await Promise.all(
      ['a', 'b', 'c'].map((name, index) =>
        database.transaction(async (store) => {
          inside.push(`${name} begins`);
          await sleep(10 - index * 5);
          await store.run(insert, [name]);
          inside.push(`${name} ends`);
        }),
      ),
    );
    expect(inside).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    expect(await listNotes(database)).toEqual(['a', 'b', 'c']);
  });

  test('changes nothing when its work throws, and the next one goes on', async () => {
    const { database } = await openNotes();
    const failing = database.transaction(async (store) => {
      await store.run(insert, ['lost']);
      throw new Error('a reason');
    });
    const next = database.run(insert, ['kept']);
    await expect(failing).rejects.toThrow('a reason');
    await next;
    expect(await listNotes(database)).toEqual(['kept']);
  });

  test('changes nothing when a constraint refuses one of its rows', async () => {
    const { database } = await openNotes();
    const rows = [['a'], ['b'], ['a']];
    await expect(database.runEach(insert, rows)).rejects.toThrow(DuplicateError);
    expect(await listNotes(database)).toEqual([]);
  });

  test('is seen by nobody before it ends, not even by its own process', async () => {
    const { database } = await openNotes();
    await database.transaction(async (store) => {
      await store.run(insert, ['a']);
      await sleep(5);
      expect(await listNotes(database)).toEqual([]);
      expect(await store.get('select text from notes')).toEqual({ text: 'a' });
    });
    expect(await listNotes(database)).toEqual(['a']);
  });

  test('answers what its work answers', async () => {
    const { database } = await openNotes();
    expect(await database.transaction(async () => 42)).toBe(42);
    expect(await database.run(insert, ['a'])).toBe(1);
    expect(await database.run('delete from notes where id > ?', [100])).toBe(0);
  });
});

describe('the number of commits', () => {
  const commits = (database: Database) => database.commits?.() as number;

  test('is told by the index of the log as by the statement, where the system lets us look', async () => {
    const { database, path } = await openNotes();
    const reader = new Sqlite(path, { readonly: true });
    onTestFinished(() => void reader.close());
    const ways = [commitsSeenBy(reader), commitsInIndex(path)].filter((way) => way !== undefined);
    expect(ways).toHaveLength(process.platform === 'linux' ? 2 : 1);
    const look = () => ways.map((way) => way.count());
    const before = look();
    await database.run(insert, ['a']);
    const after = look();
    for (const [way, number] of after.entries()) expect(number).toBeGreaterThan(before[way] ?? 0);
    await listNotes(database);
    expect(look()).toEqual(after);
    await database.run(insert, ['b']);
    for (const [way, number] of look().entries()) expect(number).toBeGreaterThan(after[way] ?? 0);
  });

  test('is another one after each commit of this process, and only then', async () => {
    const { database, path } = await openNotes();
    const second = openSqlite(path);
    const numbers = [[commits(database), commits(second)]];
    const look = () => numbers.push([commits(database), commits(second)]);
    await listNotes(database);
    look();
    await database
      .transaction(async (store) => {
        await store.run(insert, ['lost']);
        look();
        throw new Error('a reason');
      })
      .catch(() => undefined);
    look();
    expect(new Set(numbers.map(String)).size).toBe(1);
    for (const text of ['a', 'b', 'c']) {
      const [before] = [commits(second), await database.run(insert, [text])];
      expect(commits(second)).not.toBe(before);
    }
    await second.close();
    const before = commits(database);
    await database.run(insert, ['d']);
    expect(commits(database)).not.toBe(before);
  });

  test('is another one after a commit of another process, and after what was written is moved into place', async () => {
    const { database, path } = await openNotes();
    const before = commits(database);
    const other = new Sqlite(path);
    other.exec("insert into notes (text) values ('theirs')");
    const after = commits(database);
    expect(after).not.toBe(before);
    other.pragma('wal_checkpoint(truncate)');
    const checkpointed = commits(database);
    other.exec("insert into notes (text) values ('more')");
    expect(commits(database)).not.toBe(checkpointed);
    other.close();
    expect(await listNotes(database)).toEqual(['theirs', 'more']);
  });

  test('what is remembered is never older than the last commit', async () => {
    const { database, path } = await openNotes();
    const answers = new CommitMemo<string, string[]>();
    const remembered = (key: string, ask = () => listNotes(database)) =>
      answers.get(asOfNow(database), key, ask);
    const notes = () => remembered('notes');
    const other = await holdWriteTransaction(path);
    expect(await notes()).toEqual([]);
    expect(await notes()).toBe(await notes());
    await other.end();
    await database.run(insert, ['a']);
    expect(await notes()).toEqual(['a']);
    // A commit while the store is asked: what was answered may be older.
    const slow = remembered('slow', async () => {
      const found = await listNotes(database);
      await database.run(insert, ['b']);
      return found;
    });
    expect(await slow).toEqual(['a']);
    expect(await remembered('slow')).toEqual(['a', 'b']);
  });
});

describe('while another process writes', () => {
  test('reads go on, and a write waits without holding up anything else', async () => {
    const { database, path } = await openNotes();
    const other = await holdWriteTransaction(path);
    let isWritten = false;
    const writing = database.run(insert, ['mine']).then(() => {
      isWritten = true;
    });
    for (let ticks = 0; ticks < 50; ticks++) {
      expect(await listNotes(database)).toEqual([]);
      await sleep(1);
    }
    expect(isWritten).toBe(false);
    await other.end();
    await writing;
    expect(await listNotes(database)).toEqual(['mine']);
  });

  test('a write that has waited long enough is refused, and can be tried again', async () => {
    const { database, path } = await openNotes({ waitMs: 50 });
    const other = await holdWriteTransaction(path);
    await expect(database.run(insert, ['mine'])).rejects.toThrow(StoreBusyError);
    await other.end();
    await database.run(insert, ['mine']);
    expect(await listNotes(database)).toEqual(['mine']);
  });

  test('a request that has to write is a 503 that says when to try again, and reading goes on', async () => {
    const dataDir = temporaryFolder();
    const config = readConfig({
      environment: {},
      flags: { dataDir, logLevel: 'silent' },
      directory: dataDir,
    });
    await (await openStore(config)).close();
    const path = join(dataDir, 'rollcall.sqlite');
    const database = openSqlite(path, { waitMs: 50 });
    const authorization = await makeBasic(database, await makeOrganization(database));
    const server = await createServer(config, database, {
      clock: systemClock,
      identifiers: randomIdentifiers,
    });
    onTestFinished(async () => {
      await server.close();
      await database.close();
    });
    const other = await holdWriteTransaction(path);
    const url = '/batch/acme/signature_tokens';
    const create = () =>
      server.inject({
        method: 'POST',
        url,
        headers: { authorization },
        payload: {
          signature_token: {
            name: 'catalog',
            expires_at: '9999-01-01T00:00Z',
            auth_scope: { authentication_for: 'batch-api', authorization_type: 'read-only' },
          },
        },
      });
    const refused = await create();
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['retry-after']).toBe('5');
    expect(refused.json()).toEqual({
      id: 'busy',
      message: 'Another process is writing to the store. Nothing was changed.',
      hint: 'Try again in a few seconds.',
    });
    expect((await server.inject({ url, headers: { authorization } })).json()).toEqual({
      signature_tokens: [],
    });
    await other.end();
    expect((await create()).statusCode).toBe(200);
  });
});

describe('migrations', () => {
  test('of a file that a newer Rollcall wrote are refused, and nothing is touched', async () => {
    const dataDir = temporaryFolder();
    const database = await openStore({ dataDir });
    await database.close();
    const path = join(dataDir, 'rollcall.sqlite');
    const newer = new Sqlite(path);
    newer.exec("insert into rollcall_schema values (9999, '9.1.0', '9.0.0', null)");
    newer.close();
    await expect(openStore({ dataDir })).rejects.toThrow(OlderProgramError);
    await expect(openStore({ dataDir })).rejects.toThrow(
      `This is Rollcall ${version}, and the store was upgraded by 9.1.0 and opens with 9.0.0 or newer only: ` +
        'install 9.1.0, or restore a backup made before the upgrade.',
    );
    const untouched = new Sqlite(path);
    expect(untouched.prepare('select max(version) from rollcall_schema').pluck().get()).toBe(9999);
    untouched.close();
  });

  test('are applied once', async () => {
    const database = openSqlite(join(temporaryFolder(), 'rollcall.sqlite'));
    onTestFinished(() => database.close());
    const missing = await database.missingMigrations();
    expect(missing.needed.length).toBeGreaterThan(0);
    expect((await database.migrate()).sort()).toEqual(missing.needed);
    expect(await database.migrate()).toEqual([]);
    expect(await database.missingMigrations()).toEqual({ needed: [], waiting: [] });
    expect(await database.check()).toEqual([]);
  });

  test('of a new file by several processes at once were refused with "database is locked"', async () => {
    const dataDir = temporaryFolder();
    const program = fileURLToPath(new URL('open-store.ts', import.meta.url));
    const startAtMs = Date.now() + 1_500;
    const ends = Array.from({ length: 6 }, async () => {
      const child = spawn(process.execPath, [program, dataDir, `${startAtMs}`, '5'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const errors = child.stderr.setEncoding('utf8').toArray();
      const [code] = await once(child, 'close');
      return { code, errors: (await errors).join('') };
    });
    for (const end of await Promise.all(ends)) expect(end).toEqual({ code: 0, errors: '' });
    const database = await openStore({ dataDir });
    onTestFinished(() => database.close());
    expect(await database.missingMigrations()).toEqual({ needed: [], waiting: [] });
    expect(await database.check()).toEqual([]);
  });
});
