#!/usr/bin/env node
import { UserError } from '../errors.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  // What the user can act on is said in words; anything else is a fault of ours, and its stack helps to mend it.
  const text = error instanceof UserError ? error.message : (error as Error).stack;
  process.stderr.write(`rollcall: ${text}\n`);
  process.exitCode = 1;
}
