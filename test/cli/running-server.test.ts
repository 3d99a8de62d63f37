import { expect, test } from 'vitest';
import { readRollcall, runRollcall, startRollcall } from '../support/run-rollcall.ts';
import { temporaryFolder } from '../support/workplace.ts';

type Token = { token: string; secret: string; bearer: string };

/** The real server in a process of its own, and commands on the same folder. */
async function serveAcme() {
  const dataDir = temporaryFolder();
  const server = await startRollcall(['serve', '--port', '0'], { dataDir, until: /listens on/ });
  const url = server.line.replace('Rollcall listens on ', '');
  const run = async (...args: string[]) => {
    const outcome = await runRollcall(args, { dataDir });
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    return outcome;
  };
  const make = (group: string, ...more: string[]) =>
    readRollcall<Token>([group, 'create', '--organization', 'acme', '--name', 'catalog', ...more], {
      dataDir,
    });
  const statusOf = async (path: string, authorization: string) =>
    (await fetch(`${url}${path}`, { headers: { authorization } })).status;
  await run('organization', 'create', 'acme', '--name', 'Acme');
  await run(
    'member',
    'add',
    '--organization',
    'acme',
    '--email',
    'ana@a.example',
    '--role',
    'admin',
  );
  return { dataDir, run, make, statusOf, server };
}

const basicOf = ({ token, secret }: Token) =>
  `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`;

test('a token works from the next request on, and is refused from the next one after it was revoked', async () => {
  const { run, make, statusOf } = await serveAcme();
  const { token, bearer } = await make('signature-token');
  expect(await statusOf('/batch/acme/reports', bearer)).toBe(200);
  await run('signature-token', 'revoke', token);
  expect(await statusOf('/batch/acme/reports', bearer)).toBe(401);

  const api = await make('api-token', '--member', 'ana@a.example');
  expect(await statusOf('/batch/acme/signature_tokens', basicOf(api))).toBe(200);
  await run('api-token', 'revoke', api.token, '--organization', 'acme');
  expect(await statusOf('/batch/acme/signature_tokens', basicOf(api))).toBe(401);
});

test('a removed member is out with the next request, and coming back brings no token back', async () => {
  const { run, make, statusOf } = await serveAcme();
  const ana = ['--organization', 'acme', '--email', 'ana@a.example'];
  const { bearer } = await make('signature-token', '--member', 'ana@a.example');
  const api = await make('api-token', '--member', 'ana@a.example');
  const ofOrganization = await make('signature-token');
  const statuses = () =>
    Promise.all([
      statusOf('/batch/acme/reports', bearer),
      statusOf('/batch/acme/signature_tokens', basicOf(api)),
      statusOf('/batch/acme/reports', ofOrganization.bearer),
    ]);
  expect(await statuses()).toEqual([200, 200, 200]);
  await run('member', 'remove', ...ana);
  expect(await statuses()).toEqual([401, 401, 200]);
  await run('member', 'add', ...ana, '--role', 'admin');
  expect(await statuses()).toEqual([401, 401, 200]);
});

test('another role counts from the next request on', async () => {
  const { run, make, statusOf } = await serveAcme();
  const api = await make('api-token', '--member', 'ana@a.example');
  const ana = ['--organization', 'acme', '--email', 'ana@a.example'];
  await run('member', 'add', ...ana, '--role', 'member');
  expect(await statusOf('/batch/acme/signature_tokens', basicOf(api))).toBe(403);
});

test('members are in their list with the next request', async () => {
  const { run, make, server } = await serveAcme();
  const { bearer } = await make('signature-token');
  const url = server.line.replace('Rollcall listens on ', '');
  const emails = async () => {
    const answer = await fetch(`${url}/batch/acme/members`, { headers: { authorization: bearer } });
    const { members } = (await answer.json()) as { members: { member_email: string }[] };
    return members.map((member) => member.member_email);
  };
  const bo = ['--organization', 'acme', '--email', 'bo@a.example'];
  expect(await emails()).toEqual(['ana@a.example']);
  await run('member', 'add', ...bo, '--role', 'member');
  expect(await emails()).toEqual(['ana@a.example', 'bo@a.example']);
  await run('member', 'remove', ...bo);
  expect(await emails()).toEqual(['ana@a.example']);
});

test('every command that reads works meanwhile', async () => {
  const { run } = await serveAcme();
  await run('organization', 'list');
  await run('member', 'list', '--organization', 'acme');
  await run('api-token', 'list', '--organization', 'acme');
  await run('signature-token', 'list', '--organization', 'acme');
  expect((await run('migrate')).stdout).toContain('is up to date.');
  await run('doctor', '--port', '0');
});
