import { expect, test } from 'vitest';
import { readRollcall, runRollcall, runRollcallProcess } from '../support/run-rollcall.ts';
import { temporaryFolder } from '../support/workplace.ts';

/** A data folder with the organization acme and its admin. */
async function makeAcme() {
  const surroundings = { dataDir: temporaryFolder() };
  await readRollcall(['organization', 'create', 'acme', '--name', 'Acme'], surroundings);
  const ana = ['--organization', 'acme', '--email', 'ana@acme.example', '--role', 'admin'];
  await readRollcall(['member', 'add', ...ana], surroundings);
  return surroundings;
}

test.each([
  [['--version'], 0],
  [['member', 'list', '--organization', 'acme', '--json'], 0],
  [['doctor', '--port', '0'], 0],
  [['member', 'list', '--organization', 'nobody'], 1],
  [['import', '--organization', 'acme', 'nowhere'], 1],
  [['serv'], 1],
])('%j does in a process of its own what it does in that of the tests', async (args, code) => {
  const surroundings = await makeAcme();
  const outcome = await runRollcallProcess(args, surroundings);
  expect(outcome.code).toBe(code);
  expect(withoutSpace(outcome)).toEqual(withoutSpace(await runRollcall(args, surroundings)));
});

test('doctor ends with 1 where there is a problem', async () => {
  const surroundings = { dataDir: temporaryFolder() };
  const outcome = await runRollcallProcess(['doctor', '--port', '0'], surroundings);
  expect(outcome).toMatchObject({ code: 1, stderr: '' });
  const inThisProcess = await runRollcall(['doctor', '--port', '0'], surroundings);
  expect(withoutSpace(outcome)).toEqual(withoutSpace(inThisProcess));
});

/** How much of the disk is free may change between two calls. */
function withoutSpace<Outcome extends { stdout: string }>(outcome: Outcome): Outcome {
  return { ...outcome, stdout: outcome.stdout.replace(/[\d,]+ MiB free/, 'MiB free') };
}
