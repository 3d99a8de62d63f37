import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AccessTokenKind } from '../../src/access-tokens/access-token.ts';
import { listAccessTokens } from '../../src/access-tokens/access-token-store.ts';
import { systemClock } from '../../src/clock.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { addMember } from '../../src/members/change-members.ts';
import { readRollcall, runRollcall } from '../support/run-rollcall.ts';
import { makeOrganization, openOwnWorkplace } from '../support/workplace.ts';

type ApiToken = { token: string; secret: string };
type SignatureToken = { token: string; access_key: string; access_secret: string; bearer: string };

const WIRE_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const FOR_ANA = ['--organization', 'acme', '--member', 'ana@example.com', '--name', 'catalog'];

/** The organizations acme, with the admin ana@example.com, and other; the store is open meanwhile. */
async function openWithAna() {
  const workplace = await openOwnWorkplace();
  const surroundings = { dataDir: workplace.config.dataDir };
  const acme = await makeOrganization(workplace.database);
  await makeOrganization(workplace.database, 'other');
  await addMember(
    workplace.database,
    acme.id,
    { email: 'ana@example.com', role: 'admin' },
    { clock: systemClock, identifiers: randomIdentifiers },
  );
  return {
    ...workplace,
    acme,
    run: (...args: string[]) => runRollcall(args, surroundings),
    read: <Data>(...args: string[]) => readRollcall<Data>(args, surroundings),
  };
}

test('an API token is one object of JSON, and lets its member in', async () => {
  const { read, get } = await openWithAna();
  const expiry = ['--expires-at', '2090-06-30T21:00+0200'];
  const made = await read<ApiToken>('api-token', 'create', ...FOR_ANA, ...expiry);
  expect(Object.entries(made)).toEqual([
    ['token', expect.stringMatching(/^[0-9a-f]{12}$/)],
    ['secret', expect.stringMatching(/^[0-9a-f]{48}$/)],
    ['name', 'catalog'],
    ['member', 'ana@example.com'],
    ['created_at', WIRE_TIME],
    ['expires_at', '2090-06-30T19:00:00.000Z'],
  ]);
  const basic = `Basic ${Buffer.from(`${made.token}:${made.secret}`).toString('base64')}`;
  expect((await get('/batch/acme/signature_tokens', basic)).statusCode).toBe(200);
});

test('a signature token is one object of JSON, and its bearer lists the reports', async () => {
  const { read, get } = await openWithAna();
  const given = ['--organization', 'acme', '--name', 'catalog'];
  const made = await read<SignatureToken>('signature-token', 'create', ...given);
  const parts = `${made.token}:${made.access_key}:${made.access_secret}`;
  expect(Object.entries(made)).toEqual([
    ['token', expect.stringMatching(/^[0-9a-f]{12}$/)],
    ['access_key', expect.stringMatching(/^[0-9a-f]{24}$/)],
    ['access_secret', expect.stringMatching(/^[0-9a-f]{24}$/)],
    ['bearer', `Bearer ${Buffer.from(parts).toString('base64')}`],
    ['name', 'catalog'],
    ['member', null],
    ['created_at', WIRE_TIME],
    ['expires_at', null],
  ]);
  expect((await get('/batch/acme/reports', made.bearer)).statusCode).toBe(200);
});

test('people see the secret once, and how to use it', async () => {
  const { run, get } = await openWithAna();
  const api = await run('api-token', 'create', ...FOR_ANA);
  expect(api.stdout).toMatch(/\n {2}password {3}[0-9a-f]{48}\n/);
  expect(api.stdout).toContain('shown only this once');

  const signature = await run('signature-token', 'create', ...FOR_ANA);
  expect(signature.stdout).toContain('shown only this once');
  const curl =
    /\n {2}curl -H 'Authorization: (Bearer .*)' http:\/\/127\.0\.0\.1:4146(\/batch\/acme\/reports)\n/;
  const [, bearer, path] = curl.exec(signature.stdout) ?? [];
  expect((await get(String(path), bearer)).statusCode).toBe(200);
});

test('the curl line goes where the environment says that the server is', async () => {
  const { config, run } = await openWithAna();
  const args = ['signature-token', 'create', '--organization', 'acme', '--name', 'catalog'];
  const printed = async (env: Record<string, string>) =>
    (await runRollcall(args, { dataDir: config.dataDir, env })).stdout;
  expect(await printed({ ROLLCALL_PORT: '8080', ROLLCALL_HOST: '::' })).toContain(
    ' http://[::1]:8080/batch/acme/reports\n',
  );
  expect(await printed({ ROLLCALL_PUBLIC_URL: 'https://reports.example.com/' })).toContain(
    ' https://reports.example.com/batch/acme/reports\n',
  );
  expect((await run(...args)).stderr).toBe('');
});

const kinds: [string, AccessTokenKind][] = [
  ['api-token', 'api'],
  ['signature-token', 'signature'],
];

describe.each(kinds)('%s', (group, kind) => {
  test('lists never show a secret, and the data folder never holds one', async () => {
    const { config, read, run } = await openWithAna();
    const { token, ...made } = await read<Record<string, string>>(group, 'create', ...FOR_ANA);
    const { secret, access_key: key, access_secret: keySecret } = made;
    const secrets = [secret, key, keySecret].filter((text) => text !== undefined);
    const listed = await read(group, 'list', '--organization', 'acme');
    expect(listed).toEqual([
      {
        token,
        name: 'catalog',
        member: 'ana@example.com',
        created_at: WIRE_TIME,
        expires_at: null,
      },
    ]);
    const { stdout } = await run(group, 'list', '--organization', 'acme');
    expect(stdout).toMatch(/^TOKEN {9}NAME {5}MEMBER {11}MADE {22}EXPIRES\n/);
    expect(stdout).toContain(token);
    for (const text of secrets) expect(stdout).not.toContain(text);

    // The server has the store open, so its log is still beside it.
    const files = readdirSync(config.dataDir, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    );
    expect(files.map(({ name }) => name)).toContain('rollcall.sqlite-wal');
    const bytes = Buffer.concat(
      files.map((file) => readFileSync(join(file.parentPath, file.name))),
    );
    expect(bytes.includes(String(token))).toBe(true);
    for (const text of secrets) {
      expect(bytes.includes(text)).toBe(false);
      expect(bytes.includes(Buffer.from(text, 'hex'))).toBe(false);
    }
  });

  test('a token is revoked by its public part, of any organization or the one that is named', async () => {
    const { read, run } = await openWithAna();
    const one = await read<ApiToken>(group, 'create', ...FOR_ANA);
    const two = await read<ApiToken>(group, 'create', ...FOR_ANA);
    const wrong = await run(group, 'revoke', one.token, '--organization', 'other');
    expect(wrong.stderr).toContain(`"${one.token}" in other; it may have been revoked already`);
    expect(wrong.code).toBe(1);
    expect(await read(group, 'revoke', one.token, '--organization', 'acme')).toEqual({
      token: one.token,
      organization: 'acme',
      revoked_at: WIRE_TIME,
    });
    expect((await run(group, 'revoke', two.token)).stdout).toContain(`${two.token} of acme.`);
    expect(await read(group, 'list', '--organization', 'acme')).toEqual([]);
    const again = await run(group, 'revoke', two.token);
    expect(again.stderr).toContain(`\n  rollcall ${group} list --organization USERNAME\n`);
    expect(again.code).toBe(1);
  });

  test('a token of the other kind is not found', async () => {
    const { read, run } = await openWithAna();
    const other = group === 'api-token' ? 'signature-token' : 'api-token';
    const { token } = await read<ApiToken>(other, 'create', ...FOR_ANA);
    expect((await run(group, 'revoke', token)).code).toBe(1);
    expect(await read(other, 'list', '--organization', 'acme')).toHaveLength(1);
  });

  test.each([
    [{ name: 'abc' }, 'The token\'s name is "abc"; it must have 4 to 64 characters.'],
    [{ name: 'a'.repeat(65) }, 'it must have 4 to 64 characters.'],
    [{ expiry: 'tomorrow' }, 'The expiration time is "tomorrow"; it must be an ISO 8601 time'],
    [
      { expiry: '2020-01-01T00:00Z' },
      '"2020-01-01T00:00Z", which is in the past; it must be in the',
    ],
    [{ member: 'bo@example.com' }, 'acme has no member "bo@example.com". Add one with:\n'],
    [{ member: 'bo' }, 'The email is "bo"; it must look like ana@example.com.'],
    [{ organization: 'nobody' }, 'There is no organization nobody. Create it with:\n'],
  ])('%j is refused', async (given, said) => {
    const { run, acme, database } = await openWithAna();
    const {
      organization = 'acme',
      member = 'ana@example.com',
      name = 'catalog',
      expiry = '2090-01-01T00:00Z',
    } = given as Record<string, string>;
    const flags = ['--organization', organization, '--member', member, '--name', name];
    const { code, stdout, stderr } = await run(group, 'create', ...flags, '--expires-at', expiry);
    expect(stderr).toContain(said);
    expect(stdout).toBe('');
    expect(code).toBe(1);
    expect(await listAccessTokens(database, acme.id, kind)).toEqual([]);
  });
});

test('names cannot steer the terminal of whoever lists them', async () => {
  const { run } = await openWithAna();
  const name = 'evil\u001b[2J\nname';
  await run('signature-token', 'create', '--organization', 'acme', '--name', name);
  const { stdout } = await run('signature-token', 'list', '--organization', 'acme');
  expect(stdout).toContain('evil\ufffd[2J\ufffdname');
});
