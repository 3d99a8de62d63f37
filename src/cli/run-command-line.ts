import { CommanderError } from 'commander';
import { StoreBusyError, StoreFaultError, StoreUnavailableError } from '../database/database.ts';
import { UserError } from '../errors.ts';
import { storageFaultOf, storageFaults } from '../storage-fault.ts';
import { createProgram } from './program.ts';
import type { Surroundings } from './rollcall-command.ts';

/** Runs a command to its end, in these surroundings and no others; answers its exit code. */
export async function runCommandLine(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  try {
    await createProgram(surroundings).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Whoever threw it has said why.
    if (error instanceof CommanderError) return error.exitCode;
    surroundings.stderr.write(`rollcall: ${describe(error as Error)}\n`);
    return 1;
  }
}

/** What the user can act on is said in words; anything else is a fault of ours, and its stack helps to mend it. */
function describe(error: Error): string | undefined {
  if (error instanceof UserError) return error.message;
  if (error instanceof StoreBusyError) {
    return `${error.message} Nothing was changed; try again when that process is done.`;
  }
  if (error instanceof StoreFaultError) return error.message;
  const fault = storageFaultOf(error);
  if (fault) return `${storageFaults[fault]} (${error.message.replace(/\.$/, '')})`;
  if (error instanceof StoreUnavailableError) {
    return `${error.message}\nCheck ROLLCALL_DATABASE_URL, and that the database runs.`;
  }
  return error.stack;
}
