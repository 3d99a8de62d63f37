import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { runRollcall } from '../support/run-rollcall.ts';
import { temporaryFolder } from '../support/workplace.ts';

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

test('every command, subcommand, argument and flag says what it is for', () => {
  for (const command of everyCommand(createProgram())) {
    const parts = [command.description()];
    for (const { description } of [...command.options, ...command.registeredArguments]) {
      parts.push(description);
    }
    expect(parts, command.name()).not.toContain('');
  }
});

test('help is printed on standard output, of the whole and of one command', async () => {
  const dataDir = temporaryFolder();
  const whole = await runRollcall(['--help'], { dataDir });
  expect(whole).toMatchObject({ code: 0, stderr: '' });
  expect(whole.stdout).toContain('  organization');
  const one = await runRollcall(['member', 'add', '--help'], { dataDir });
  expect(one).toMatchObject({ code: 0, stderr: '' });
  expect(one.stdout).toContain('--role <ROLE>');
});

describe('what cannot be understood fails with the next step on standard error', () => {
  test.each([
    [['serv'], "unknown command 'serv'\n(Did you mean serve?)\nAdd --help"],
    [['member', 'lst'], "unknown command 'lst'\n(Did you mean list?)\nAdd --help"],
    [
      ['organization', 'list', '--jsn'],
      "unknown option '--jsn'\n(Did you mean --json?)\nAdd --help",
    ],
    [['member', 'list'], "required option '--organization <USERNAME>' not specified\nAdd --help"],
    [['organization', 'create', '--name', 'Acme'], "missing required argument 'USERNAME'\nAdd"],
    [['organization'], 'Usage: rollcall organization'],
    [['serve', '--port', 'http'], '--port is "http"; it must be a whole number'],
  ])('%j', async (args, said) => {
    const { code, stdout, stderr } = await runRollcall(args, { dataDir: temporaryFolder() });
    expect(stderr).toContain(said);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });
});
