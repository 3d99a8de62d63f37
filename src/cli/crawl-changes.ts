import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type ListName, type RollcallClient, RollcallError } from '../client/index.ts';
import { UserError } from '../errors.ts';
import { fileProblem } from '../file-problem.ts';

type Wanted = {
  /** Only changes of this list; undefined for all. */
  list: ListName | undefined;
  includeSpaces: 'all' | undefined;
  limit: number | undefined;
};

/**
 * Prints what has changed since the cursor in a file, everything where there is no such file yet. The file gets the new
 * cursor after each batch that was printed: after a crash a batch may come twice, and nothing is left out.
 *
 * @throws UserError where the cursor is too old, or the file is not one that this wrote.
 */
export async function printChanges(
  client: RollcallClient,
  file: string,
  { list, ...options }: Wanted,
  print: (text: string) => Promise<void>,
): Promise<void> {
  const changes = client.changes({ ...options, after: readCursor(file) });
  try {
    for await (const { changes: batch, cursor } of changes.batches()) {
      const wanted = batch.filter((change) => list === undefined || change.list === list);
      await print(wanted.map((change) => `${JSON.stringify(change)}\n`).join(''));
      writeCursor(file, cursor);
    }
  } catch (error) {
    if (!(error instanceof RollcallError) || error.id !== 'gone') throw error;
    throw new UserError(
      `${error.message}\nTo begin again, delete ${file}: the next call prints everything.`,
    );
  }
  writeCursor(file, changes.cursor as string);
}

function readCursor(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const text = inWords(file, 'read', () => readFileSync(file, 'utf8')).trim();
  if (text === '') return undefined;
  // Whatever else it is, it is neither sent to the server nor written over.
  if (/^[\w-]{1,120}$/.test(text)) return text;
  throw new UserError(
    `${file} contains something other than a cursor. Name another file; it is created if it does not exist.`,
  );
}

/** Replaces the file: after a crash at any moment it holds the old cursor or the new one. */
function writeCursor(file: string, cursor: string): void {
  const temporary = `${file}.tmp`;
  inWords(file, 'written', () => {
    writeFileSync(temporary, `${cursor}\n`);
    renameSync(temporary, file);
  });
}

function inWords<Result>(file: string, what: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new UserError(`${file} cannot be ${what}: ${fileProblem(error)}.`);
  }
}
