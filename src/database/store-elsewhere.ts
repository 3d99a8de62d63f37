import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quoted } from '../errors.ts';

/** In the data folder of what serves from PostgreSQL: says where the store is. */
export const ELSEWHERE_FILE = 'store-elsewhere.txt';

/** Lets a data folder say that its store is in PostgreSQL. */
export function markFolder(dataDir: string, place: string): void {
  const file = join(dataDir, ELSEWHERE_FILE);
  const text = `${place}\n`;
  // A disk that has become full keeps nothing from starting that was said before.
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(file, text, { mode: 0o600 });
}

/**
 * Why a store in this data folder would be a second one beside that which counts; undefined where it would not. A folder
 * from before it said so is known by its lists, which a store of its own always has more beside.
 */
export function findStoreElsewhere({ dataDir }: { dataDir: string }): string | undefined {
  const has = (name: string) => existsSync(join(dataDir, name));
  const isMarked = has(ELSEWHERE_FILE);
  const isOfOlder = has('lists') && !has('rollcall.sqlite') && !has('crawls.sqlite');
  if (!isMarked && !isOfOlder) return undefined;
  const mark = join(dataDir, isMarked ? ELSEWHERE_FILE : 'lists');
  const place = isMarked ? placeIn(mark) : 'PostgreSQL';
  return (
    `The data folder ${dataDir} belongs to a Rollcall whose store is in ${place}, and ROLLCALL_DATABASE_URL is not set.\n` +
    'Set what the server has set, such as with the file in its EnvironmentFile=. If the store is to be in this folder ' +
    `from now on, delete ${mark}.`
  );
}

function placeIn(file: string): string {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return /^PostgreSQL at "[^"\n]{1,500}"$/.test(text) ? text : 'PostgreSQL';
  } catch (error) {
    return `PostgreSQL (${quoted(file)} cannot be read: ${(error as Error).message})`;
  }
}
