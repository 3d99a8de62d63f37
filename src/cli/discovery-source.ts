import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { RollcallClient, RollcallError } from '../client/index.ts';
import { UserError } from '../errors.ts';
import { readNamedFile } from '../file-problem.ts';
import type { InventoryUrl } from '../import/inventory-url.ts';
import { decodeText } from '../import/read-text.ts';
import { configOf, userDirectory } from './command-line.ts';
import type { RollcallCommand } from './rollcall-command.ts';

/** Gives a command that reads another server the flag for its credential; see `withSource`. */
export function withBearerFile(command: RollcallCommand): RollcallCommand {
  return command.option(
    '--bearer-file <FILE>',
    'File that contains the bearer; by default ROLLCALL_BEARER is used.',
  );
}

/**
 * Reads another server, with the credential from a file or the environment: never from the command line, which every
 * user of the machine can see. `say` is told before each wait for a retry.
 *
 * @throws UserError for what the server answers wrongly or not at all.
 */
export async function withSource<Result>(
  command: RollcallCommand,
  { root, organization }: InventoryUrl,
  say: (text: string) => void,
  read: (client: RollcallClient, credential: string) => Promise<Result>,
): Promise<Result> {
  const bearer = bearerFor(command);
  try {
    const client = new RollcallClient({
      url: root,
      organization,
      bearer,
      onRetry: ({ error, delayMs }) =>
        say(`${error.message} Trying again in ${(delayMs / 1000).toFixed(1)} s.`),
    });
    return await read(client, createHash('sha256').update(bearer.trim()).digest('hex'));
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    throw new UserError(
      error.hint === undefined ? error.message : `${error.message}\n${error.hint}`,
    );
  }
}

function bearerFor(command: RollcallCommand): string {
  const { bearerFile } = command.opts<{ bearerFile?: string }>();
  if (bearerFile !== undefined) {
    const path = resolve(userDirectory(command), bearerFile);
    return decodeText(readNamedFile(path, 'The file with the bearer'), bearerFile);
  }
  const { bearer } = configOf(command);
  if (bearer !== undefined) return bearer;
  throw new UserError(
    'There is no credential for the server. Set ROLLCALL_BEARER to "Bearer ..." as it was shown when the signature ' +
      'token was created, or put it into a file and use --bearer-file FILE.',
  );
}
