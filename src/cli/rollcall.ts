#!/usr/bin/env node
import { Command } from 'commander';
import { UserError } from '../errors.ts';
import { version } from '../version.ts';
import { addServeCommand } from './serve.ts';

/** Every command, one file each. */
const program = new Command('rollcall')
  .description('Open, self-hosted analytics reports whose whole inventory every catalog can list.')
  .version(version)
  .showHelpAfterError('Add --help for what it takes.');

addServeCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  // What the user can act on is said in words; anything else is a fault of ours, and its stack helps to mend it.
  const text = error instanceof UserError ? error.message : (error as Error).stack;
  process.stderr.write(`rollcall: ${text}\n`);
  process.exitCode = 1;
}
