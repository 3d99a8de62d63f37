import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type Database,
  DuplicateError,
  StoreBusyError,
  StoreUnavailableError,
  type Value,
} from '../../src/database/database.ts';
import { openPostgres, type PostgresOptions } from '../../src/database/postgres.ts';
import { newDatabaseUrl } from '../support/database-url.ts';

/** A store with a table of things. */
async function openThings(options?: PostgresOptions): Promise<{ database: Database; url: string }> {
  const url = (await newDatabaseUrl()) as string;
  const database = openPostgres(url, options);
  onTestFinished(() => database.close());
  await database.run(
    'create table things (id bigint primary key, name text, weight bigint, body bytea)',
  );
  return { database, url };
}

const INSERT = 'insert into things (id, name, weight, body) values (?, ?, ?, ?)';
const UPDATE = 'update things set name = ?, weight = ?, body = ? where id = ?';
const list = (database: Database) => database.all('select * from things order by id');

const thing = fc.record({
  name: fc.option(
    fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
    { freq: 3 },
  ),
  weight: fc.option(fc.maxSafeInteger(), { freq: 3 }),
  body: fc.option(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    { freq: 3 },
  ),
});
const toValues = ({ name, weight, body }: { name: Value; weight: Value; body: Value }): Value[] => [
  name,
  weight,
  body,
];

describe('a statement for each of many', () => {
  test('writes and finds what it would one by one', async () => {
    const { database } = await openThings();
    const pairs = fc.array(fc.tuple(thing, thing), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(pairs, async (given) => {
        await database.run('delete from things');
        await database.runEach(
          INSERT,
          given.map(([{ name, weight, body }], id) => [id, name, weight, body]),
        );
        expect(await list(database)).toEqual(given.map(([first], id) => ({ id, ...first })));

        await database.runEach(
          UPDATE,
          given.map(([, second], id) => [...toValues(second), id]),
        );
        expect(await list(database)).toEqual(given.map(([, second], id) => ({ id, ...second })));

        const wanted = given.flatMap((_, id) => (id % 2 ? [id, -1 - id] : []));
        const found = await database.allEach<{ id: number }>(
          'select id from things where id = ?',
          wanted.map((id) => [id]),
        );
        expect(found.map(({ id }) => id).toSorted()).toEqual(
          wanted.filter((id) => id >= 0).toSorted(),
        );
      }),
    );
  });

  test('takes more than one statement’s worth, and nothing', async () => {
    const { database } = await openThings();
    const many = Array.from({ length: 2500 }, (_, id) => [id, `thing ${id}`, null, null]);
    await database.runEach(INSERT, many);
    await database.runEach(INSERT, []);
    const found = await database.allEach(
      'select id from things where name = ?',
      many.map(([, name]) => [name as string]),
    );
    expect(found).toHaveLength(2500);
    expect(await database.allEach('select id from things where name = ?', [])).toEqual([]);
  });

  test('changes nothing when a constraint refuses one', async () => {
    const { database } = await openThings();
    const rows = [1, 2, 1].map((id) => [id, null, null, null]);
    await expect(database.runEach(INSERT, rows)).rejects.toThrow(DuplicateError);
    expect(await list(database)).toEqual([]);
  });
});

describe('a transaction', () => {
  test('changes nothing when its work throws, and its connection goes on', async () => {
    const { database } = await openThings({ maxConnections: 2 });
    const failing = database.transaction(async (store) => {
      await store.run(INSERT, [1, 'lost', null, null]);
      throw new Error('a reason');
    });
    await expect(failing).rejects.toThrow('a reason');
    await database.transaction((store) => store.run(INSERT, [2, 'kept', null, null]));
    expect(await list(database)).toMatchObject([{ id: 2 }]);
  });

  test('is refused where its work goes on after a statement that failed', async () => {
    const { database } = await openThings();
    const careless = database.transaction(async (store) => {
      await store.run(INSERT, [1, 'lost', null, null]);
      await store.run(INSERT, [1, 'twice', null, null]).catch(() => undefined);
    });
    await expect(careless).rejects.toThrow('the transaction was rolled back');
    expect(await list(database)).toEqual([]);
  });

  test('that finds every connection in use is refused, and says so', async () => {
    const { database } = await openThings({ maxConnections: 2, connectMs: 1_000 });
    await database.transaction(async () => {
      const second = database.transaction(async () => undefined);
      await expect(second).rejects.toThrow(StoreUnavailableError);
      await expect(second).rejects.toThrow('ROLLCALL_DATABASE_CONNECTIONS');
    });
  });

  test('whose connection breaks is refused, and the next one gets another', async () => {
    const { database } = await openThings({ maxConnections: 2 });
    const broken = database.transaction(async (store) => {
      await store.run(INSERT, [1, 'lost', null, null]);
      const own = await store.get<{ pid: number }>('select pg_backend_pid() as pid');
      await database.get('select pg_terminate_backend(?::int)', [own?.pid ?? 0]);
      const left = () =>
        database.all('select 1 from pg_stat_activity where pid = ?', [own?.pid ?? 0]);
      await expect.poll(left).toEqual([]);
      await store.run(INSERT, [2, 'lost too', null, null]);
    });
    await expect(broken).rejects.toThrow(StoreUnavailableError);
    await database.transaction((store) => store.run(INSERT, [3, 'kept', null, null]));
    expect(await list(database)).toMatchObject([{ id: 3 }]);
  });

  test('is begun again where two get in each other’s way', async () => {
    const { database } = await openThings();
    await database.runEach(
      INSERT,
      [1, 2].map((id) => [id, null, 0, null]),
    );
    const add = 'update things set weight = weight + 1 where id = ?';
    let runs = 0;
    const bothHaveOne = Promise.withResolvers<void>();
    const crosswise = (first: number, second: number) =>
      database.transaction(async (store) => {
        runs++;
        await store.run(add, [first]);
        if (runs === 2) bothHaveOne.resolve();
        await bothHaveOne.promise;
        await store.run(add, [second]);
      });
    await Promise.all([crosswise(1, 2), crosswise(2, 1)]);
    expect(runs).toBeGreaterThan(2);
    expect(await list(database)).toMatchObject([{ weight: 2 }, { weight: 2 }]);
  });

  test('that has waited long enough for another is refused, and reading goes on meanwhile', async () => {
    const { database } = await openThings({ maxConnections: 4, waitMs: 200 });
    await database.run(INSERT, [1, null, 0, null]);
    const write = () =>
      database.transaction((store) => store.run('update things set weight = 1 where id = 1'));
    await database.transaction(async (store) => {
      await store.run('update things set weight = 2 where id = 1');
      const waiting = expect(write()).rejects.toThrow(StoreBusyError);
      for (let reads = 0; reads < 20; reads++) expect(await list(database)).toHaveLength(1);
      await waiting;
    });
    await write();
    expect(await list(database)).toMatchObject([{ weight: 1 }]);
  });
});

test('migrations of several servers that start at once are applied once', async () => {
  const url = (await newDatabaseUrl()) as string;
  const servers = Array.from({ length: 4 }, () => openPostgres(url));
  onTestFinished(async () => {
    for (const server of servers) await server.close();
  });
  const missing = (await servers[0]?.missingMigrations())?.needed ?? [];
  expect(missing.length).toBeGreaterThan(0);
  const applied = await Promise.all(servers.map((server) => server.migrate()));
  // One that waits for another may be applied by another of them.
  expect(applied.flat().toSorted()).toEqual(missing.toSorted());
  expect(await servers[0]?.missingMigrations()).toEqual({ needed: [], waiting: [] });
});
