import { CommanderError } from 'commander';
import {
  OrganizationBusyError,
  StoreBusyError,
  StoreFaultError,
  StoreUnavailableError,
} from '../database/database.ts';
import { describeDamage } from '../database/sqlite-damage.ts';
import { quoted, UserError } from '../errors.ts';
import { describeFileError } from '../file-problem.ts';
import { storageFaultOf, storageFaults } from '../storage-fault.ts';
import { badCharacter } from '../text.ts';
import { createProgram } from './program.ts';
import type { Surroundings } from './rollcall-command.ts';

/** Runs a command to its end, in these surroundings and no others; answers its exit code. */
export async function runCommandLine(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  try {
    checkArguments(args);
    await createProgram(surroundings).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Whoever threw it has said why.
    if (error instanceof CommanderError) return error.exitCode;
    surroundings.stderr.write(`rollcall: ${describe(error as Error)}\n`);
    return 1;
  }
}

/** Bytes that are not UTF-8 have become U+FFFD by now, and would be kept as that. */
function checkArguments(args: readonly string[]): void {
  for (const arg of args) {
    if (badCharacter(arg) === undefined && !arg.includes('\ufffd')) continue;
    throw new UserError(
      `The argument ${quoted(arg)} is not UTF-8. Type it in a terminal whose locale is UTF-8, such as LANG=C.UTF-8.`,
    );
  }
}

/** What the user can act on is said in words; anything else is a fault of ours, and its stack helps to mend it. */
function describe(error: Error): string | undefined {
  if (error instanceof UserError) return error.message;
  if (error instanceof OrganizationBusyError) {
    return `${error.message} Nothing was changed. Try again when it is done. An interrupted import continues when a server or the next import starts.`;
  }
  if (error instanceof StoreBusyError) {
    return `${error.message} Nothing was changed. Try again when that process is done.`;
  }
  const damage = describeDamage(error);
  if (damage !== undefined) return damage;
  if (error instanceof StoreFaultError) return error.message;
  const fault = storageFaultOf(error);
  if (fault) return `${storageFaults[fault]} (${error.message.replace(/\.$/, '')})`;
  if (error instanceof StoreUnavailableError) {
    return `${error.message}\nCheck ROLLCALL_DATABASE_URL, and that the database is running.`;
  }
  const cause = error.cause instanceof Error ? `\nCaused by: ${error.cause.stack}` : '';
  return describeFileError(error) ?? `${error.stack}${cause}`;
}
