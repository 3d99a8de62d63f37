import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { StoreUnavailableError } from '../../src/database/database.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { checkServerVersion } from '../../src/database/postgres-errors.ts';
import { UserError } from '../../src/errors.ts';
import { runRollcall } from '../support/run-rollcall.ts';
import { type RunningPostgres, startPostgres } from '../support/start-postgres.ts';
import { temporaryFolder } from '../support/workplace.ts';

const PASSWORD = 'hunter2-Zx';

let postgres: RunningPostgres;

beforeAll(async () => {
  postgres = await startPostgres({
    access: [
      'host all guest 127.0.0.1/32 scram-sha-256',
      'hostnossl all secured 127.0.0.1/32 reject',
    ],
  });
  const database = openPostgres(postgres.url);
  await database.run(`create role guest login password '${PASSWORD}'`);
  await database.run('create role secured login');
  await database.run('create role newcomer login');
  await database.close();
  return () => postgres.stop();
});

/** The URL of the server with other parts. */
function urlWith(change: Partial<URL>): string {
  return Object.assign(new URL(postgres.url), change).href;
}

async function refusal(url: string): Promise<Error> {
  const database = openPostgres(url, { connectMs: 2_000, answerMs: 2_000 });
  onTestFinished(() => database.close());
  return database.migrate().then(
    () => expect.fail('it was let in'),
    (error) => error,
  );
}

describe('is said in words, without the password:', () => {
  test.each([
    [
      'a wrong password',
      () => urlWith({ username: 'guest', password: `${PASSWORD}!` }),
      'rejects this user',
    ],
    [
      'a missing password',
      () => urlWith({ username: 'guest', password: '' }),
      'password is wrong, or missing',
    ],
    [
      'a database that there is not',
      () => urlWith({ pathname: '/nowhere', password: PASSWORD }),
      'database "nowhere" does not exist',
    ],
    ['a closed port', () => urlWith({ port: '1', password: PASSWORD }), 'does not respond'],
    [
      'a host that there is not',
      () => urlWith({ hostname: 'nowhere.invalid', password: PASSWORD }),
      'does not respond',
    ],
    [
      'a user who must use TLS',
      () => urlWith({ username: 'secured', password: PASSWORD }),
      'without TLS. The end of the URL sets TLS: ?sslmode=verify-full',
    ],
    [
      'a server that has no TLS',
      () => urlWith({ search: '?sslmode=verify-full', password: PASSWORD }),
      'by TLS',
    ],
  ])('%s', async (_what, url, words) => {
    const error = await refusal(url());
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(error.message).toContain(words);
    expect(error.message).not.toContain(PASSWORD);
  });

  test('a user who may not make tables', async () => {
    const error = await refusal(urlWith({ username: 'newcomer' }));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain('permission denied for schema public');
  });

  test('a database that has no place for most characters, for a new store', async () => {
    const database = openPostgres(postgres.url);
    await database.run(
      `create database latin with encoding 'LATIN1' template template0 lc_collate 'C' lc_ctype 'C'`,
    );
    await database.close();
    const error = await refusal(urlWith({ pathname: '/latin' }));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain('has the encoding LATIN1; Rollcall needs UTF8.');
  });

  test('a certificate file that cannot be read', () => {
    const url = urlWith({ search: '?sslrootcert=/nowhere/ca.pem', password: PASSWORD });
    expect(() => openPostgres(url)).toThrow(/ROLLCALL_DATABASE_URL, .* cannot be used: .*ca\.pem/);
    expect(() => openPostgres(url)).not.toThrow(PASSWORD);
  });

  test('a server that is too old', () => {
    expect(() => checkServerVersion(140_012, '"db"')).toThrow(
      'PostgreSQL at "db" is version 14; Rollcall needs 15 or newer.',
    );
    checkServerVersion(150_000, '"db"');
  });
});

test('the command line says what to do, and no password in any stream', async () => {
  const url = urlWith({ username: 'guest', password: `${PASSWORD}!` });
  const surroundings = { dataDir: temporaryFolder(), env: { ROLLCALL_DATABASE_URL: url } };
  for (const args of [['organization', 'list'], ['doctor'], ['serve', '--port', '0']]) {
    const { code, stdout, stderr } = await runRollcall(args, surroundings);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('rejects this user');
    expect(stdout + stderr).toContain('ROLLCALL_DATABASE_URL');
    expect(stdout + stderr).not.toContain(PASSWORD);
  }
});

test('doctor looks at the database, and asks for no data folder', async () => {
  const dataDir = `${temporaryFolder()}/none`;
  const env = { ROLLCALL_DATABASE_URL: postgres.url, ROLLCALL_PORT: '0' };
  const findings = async () => (await runRollcall(['doctor'], { dataDir, env })).stdout;
  expect(await findings()).toMatch(/^problem store: There is no store in PostgreSQL at /m);
  expect((await runRollcall(['migrate'], { dataDir, env })).stdout).toContain('Applied 001');
  const again = await runRollcall(['migrate'], { dataDir, env });
  expect(again.stdout).toMatch(
    /^The store in PostgreSQL at "127.0.0.1:\d+\/postgres" is up to date/,
  );
  expect(await findings()).toMatch(/^ok +store: PostgreSQL at .* answers\.\nok +schema: /m);
  expect(existsSync(dataDir)).toBe(false);
});
