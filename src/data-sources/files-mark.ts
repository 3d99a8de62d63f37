import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import { type DataSourceOf, listAllDataSources } from './data-source-store.ts';
import { kindOf } from './kinds.ts';
import { findFile } from './organization-files.ts';
import { findStoreMarks, keepStoreMark, type StoreMarks } from './store-mark-store.ts';

/** What to do where a machine does not see the store's files. */
export const FILES_HINT =
  'Set ROLLCALL_FILES_DIR to the folder of the other servers and workers, or copy theirs, including hidden files. ' +
  'If this is the right one, run "rollcall adopt --files".';

/** Lies beside the folders of the organizations, where no data source reads. */
const MARK_FILE = '.rollcall-files';

/** The mark of a folder with files; undefined where it has none. */
function markOfFiles(filesDir: string): string | undefined {
  try {
    return readFileSync(join(filesDir, MARK_FILE), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The mark of a folder with files, which gets this one where it has none. One that cannot be written to has none. */
export function markFiles(filesDir: string, mark: string): string | undefined {
  const found = markOfFiles(filesDir);
  if (found !== undefined || !existsSync(filesDir)) return found;
  try {
    writeFileSync(join(filesDir, MARK_FILE), `${mark}\n`, { mode: 0o644 });
    return mark;
  } catch {
    return undefined;
  }
}

/** Lets the store know its files by the folder of this machine, where that has a file which some data source reads. */
export async function recordFiles(
  store: Store,
  filesDir: string,
  identifiers: Identifiers,
): Promise<void> {
  if (!(await hasUnknownFiles(store, await findStoreMarks(store), filesDir))) return;
  const mark = markFiles(filesDir, identifiers.token());
  if (mark !== undefined) await keepStoreMark(store, 'files', mark);
}

/** Whether data sources read files of this machine which the store does not know, so that a machine without them takes runs. */
export async function hasUnknownFiles(
  store: Store,
  { files: mark }: StoreMarks,
  filesDir: string,
): Promise<boolean> {
  if (mark !== undefined) return false;
  return (await listAllDataSources(store)).some((one) => readsFiles(one) && isHere(filesDir, one));
}

/**
 * What is wrong with the files of this machine, by the marks of the store; undefined where nothing is. It changes nothing. A copy without the
 * mark will do that has whatever the data sources read.
 */
export async function findFilesFault(
  store: Store,
  { files: mark }: StoreMarks,
  filesDir: string,
): Promise<string | undefined> {
  const here = markOfFiles(filesDir);
  if (mark === undefined || here === mark) return undefined;
  if (here !== undefined) {
    return `The files of data sources are not those in ${filesDir}, which belong to another store.`;
  }
  const away = (await listAllDataSources(store)).filter(
    (one) => readsFiles(one) && !isHere(filesDir, one),
  );
  const [first] = away;
  if (first === undefined) return undefined;
  return `The files of data sources are not in ${filesDir}: it lacks what "${first.source.name}" of ${first.organization.username} reads.`;
}

const pathOf = ({ source }: DataSourceOf): string | undefined => {
  const { pathOption } = kindOf(source.adapter);
  return pathOption && String(source.options[pathOption]);
};

const readsFiles = (one: DataSourceOf) => pathOf(one) !== undefined;

function isHere(filesDir: string, one: DataSourceOf): boolean {
  return findFile(filesDir, one.organization, pathOf(one) ?? '') !== undefined;
}
