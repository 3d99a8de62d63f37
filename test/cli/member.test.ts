import { expect, test } from 'vitest';
import { readRollcall, runRollcall } from '../support/run-rollcall.ts';
import { makeOrganization, openOwnWorkplace } from '../support/workplace.ts';

async function openWithAcme() {
  const { config, database } = await openOwnWorkplace();
  await makeOrganization(database);
  const surroundings = { dataDir: config.dataDir };
  const member = (verb: string, ...args: string[]) => [
    'member',
    verb,
    '--organization',
    'acme',
    ...args,
  ];
  return {
    run: (verb: string, ...args: string[]) => runRollcall(member(verb, ...args), surroundings),
    read: (verb: string, ...args: string[]) => readRollcall(member(verb, ...args), surroundings),
    runOther: (...args: string[]) => runRollcall(args, surroundings),
  };
}

test('a member who was added is listed, with the address in lower case', async () => {
  const { read, run } = await openWithAcme();
  const ana = { email: 'ana@example.com', role: 'admin', created_at: expect.any(String) };
  expect(await read('add', '--email', ' Ana@Example.com', '--role', 'admin')).toEqual(ana);
  await run('add', '--email', 'bo@example.com', '--role', 'member');
  const bo = { email: 'bo@example.com', role: 'member', created_at: expect.any(String) };
  expect(await read('list')).toEqual([ana, bo]);
  const { stdout } = await run('list');
  expect(stdout).toMatch(/^EMAIL {12}ROLE {4}JOINED\nana@example\.com {2}admin {3}\d{4}-/);
});

test('adding a member again changes the role and says so', async () => {
  const { run, read } = await openWithAcme();
  const add = (role: string) => run('add', '--email', 'ana@example.com', '--role', role);
  expect((await add('member')).stdout).toBe('ana@example.com is now member of acme.\n');
  expect((await add('admin')).stdout).toBe(
    'ana@example.com was member of acme and is now admin.\n',
  );
  expect((await add('admin')).stdout).toBe('ana@example.com is already admin of acme.\n');
  expect(await read('list')).toEqual([expect.objectContaining({ role: 'admin' })]);
});

test('removing a member revokes the tokens and says how many', async () => {
  const { run, read, runOther } = await openWithAcme();
  await run('add', '--email', 'ana@example.com', '--role', 'admin');
  await run('add', '--email', 'bo@example.com', '--role', 'admin');
  const token = ['--organization', 'acme', '--member', 'bo@example.com', '--name', 'catalog'];
  await runOther('api-token', 'create', ...token);
  await runOther('signature-token', 'create', ...token);
  const { stdout, stderr } = await run('remove', '--email', 'BO@example.com');
  expect(stdout).toBe('Removed bo@example.com from acme; access tokens revoked: 2.\n');
  expect(stderr).toBe('');
  expect(await read('list')).toEqual([expect.objectContaining({ email: 'ana@example.com' })]);
});

test('an organization loses its last admin with a warning', async () => {
  const { run, read } = await openWithAcme();
  const warning =
    'rollcall: warning: acme has no admin any more, so nobody can create tokens through its API. Add one with:\n' +
    '  rollcall member add --organization acme --email EMAIL --role admin\n';
  await run('add', '--email', 'ana@example.com', '--role', 'admin');
  const demoted = await run('add', '--email', 'ana@example.com', '--role', 'member');
  expect(demoted).toMatchObject({ code: 0, stderr: warning });
  await run('add', '--email', 'ana@example.com', '--role', 'admin');
  const removed = await run('remove', '--email', 'ana@example.com', '--json');
  expect(removed).toMatchObject({ code: 0, stderr: warning });
  expect(JSON.parse(removed.stdout)).toEqual({ email: 'ana@example.com', revoked_tokens: 0 });
  expect(await read('list')).toEqual([]);
});

test.each([
  [['add', '--email', 'ana', '--role', 'admin'], 'The email is "ana"; it must look like'],
  [
    ['add', '--email', 'ana@example.com', '--role', 'boss'],
    "option '--role <ROLE>' argument 'boss' is invalid. Allowed choices are admin, member.",
  ],
  [
    ['remove', '--email', 'ana@example.com'],
    'acme has no member "ana@example.com". Add one with:\n  rollcall member add --organization acme --email ana@example.com',
  ],
])('%j is refused', async ([verb = '', ...args], said) => {
  const { run } = await openWithAcme();
  const { code, stdout, stderr } = await run(verb, ...args);
  expect(stderr).toContain(said);
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

test('an unknown organization names the command that makes it', async () => {
  const { runOther } = await openWithAcme();
  const { code, stderr } = await runOther('member', 'list', '--organization', 'nobody');
  expect(stderr).toBe(
    'rollcall: There is no organization nobody. Create it with:\n  rollcall organization create nobody --name "nobody"\n',
  );
  expect(code).toBe(1);
});

test('a link signs a member in, and begins with the address of the server', async () => {
  const { run, runOther } = await openWithAcme();
  await run('add', '--email', 'ana@example.com', '--role', 'admin');
  const link = (...more: string[]) =>
    runOther('member', 'link', 'Ana@example.com', '--organization', 'acme', ...more);
  const { stdout, stderr } = await link();
  expect(stderr).toMatch(
    /^rollcall: warning: ROLLCALL_PUBLIC_URL is not set, so the link leads to http:\/\/127\.0\.0\.1:4146,/,
  );
  expect(stdout).toMatch(
    /^Open this link in a browser to sign ana@example\.com in to acme. It works once, until .*Z:\n {2}http:\/\/127\.0\.0\.1:4146\/sign-in#link=[0-9a-f]{64}\n$/,
  );
  const told = await link('--json', '--public-url', 'https://a.example/x');
  expect(told.stderr).toBe('');
  const json = JSON.parse(told.stdout);
  expect(json).toEqual({
    email: 'ana@example.com',
    link: expect.stringMatching(/^https:\/\/a\.example\/x\/sign-in#link=[0-9a-f]{64}$/),
    expires_at: expect.any(String),
  });
});

test('there is no link for who is no member', async () => {
  const { runOther } = await openWithAcme();
  const { code, stderr } = await runOther(
    'member',
    'link',
    'bo@a.example',
    '--organization',
    'acme',
  );
  expect(code).toBe(1);
  expect(stderr).toContain('acme has no member "bo@a.example"');
});
