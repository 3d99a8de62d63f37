import { StoreBusyError, StoreUnavailableError } from '../database/database.ts';
import { UserError } from '../errors.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  process.stderr.write(`rollcall: ${describe(error as Error)}\n`);
  process.exitCode = 1;
}

/** What the user can act on is said in words; anything else is a fault of ours, and its stack helps to mend it. */
function describe(error: Error): string | undefined {
  if (error instanceof UserError) return error.message;
  if (error instanceof StoreBusyError) {
    return `${error.message} Nothing was changed; try again when that process is done.`;
  }
  if (error instanceof StoreUnavailableError) {
    return `${error.message}\nCheck ROLLCALL_DATABASE_URL, and that the database runs.`;
  }
  return error.stack;
}
