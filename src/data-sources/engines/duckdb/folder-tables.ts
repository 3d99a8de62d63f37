import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { QueryError } from '../../query-error.ts';

/** What reads a file: a function of DuckDB, or for `arrow` this program; see createArrowTable. */
export type FileReader = 'read_csv' | 'read_json' | 'read_ndjson' | 'read_parquet' | 'arrow';

const texts = {
  csv: 'read_csv',
  tsv: 'read_csv',
  json: 'read_json',
  ndjson: 'read_ndjson',
  jsonl: 'read_ndjson',
} as const;
const readers: Record<string, FileReader> = {
  ...texts,
  ...Object.fromEntries(
    Object.entries(texts).flatMap(([ending, reader]) => [
      [`${ending}.gz`, reader],
      [`${ending}.zst`, reader],
    ]),
  ),
  parquet: 'read_parquet',
  arrow: 'arrow',
  arrows: 'arrow',
  feather: 'arrow',
};

/** A file of a data folder that is read as a table. */
export type FolderTable = {
  /** The file's name in lower case without its ending, and `_` for what no identifier has. */
  name: string;
  /** Name of the file in the folder. */
  file: string;
  reader: FileReader;
};

/**
 * The tables of a folder, in the order of their names: its own files, not those of folders in it. A link counts where
 * it leads to a file in the folder. Where two files would have one name, each gets its ending too: `sales_csv`.
 */
export function listFolderTables(folder: string): FolderTable[] {
  const root = realFolder(folder);
  const tables = readdirSync(root).flatMap((file): (FolderTable & { ending: string })[] => {
    const [, stem = '', ending = ''] = /^(.+?)\.((?:[a-z]+)(?:\.(?:gz|zst))?)$/i.exec(file) ?? [];
    const reader = readers[ending.toLowerCase()];
    if (reader === undefined || !isFileWithin(root, file)) return [];
    return [{ name: identifierOf(stem), file, reader, ending: identifierOf(ending) }];
  });
  const count = Map.groupBy(tables, ({ name }) => name);
  return tables
    .map(({ name, ending, ...rest }) => ({
      name: count.get(name)?.length === 1 ? name : `${name}_${ending}`,
      ...rest,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Where the folder really is. @throws QueryError where it cannot be read. */
export function realFolder(folder: string): string {
  try {
    const root = realpathSync(folder);
    readdirSync(root);
    return root;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new QueryError({
      code: 'connection_failed',
      message: `The folder ${folder} of the data source cannot be read (${reason}).`,
    });
  }
}

function isFileWithin(root: string, file: string): boolean {
  try {
    const real = realpathSync(join(root, file));
    return real.startsWith(root + sep) && statSync(real).isFile();
  } catch {
    return false; // a link that leads nowhere, or a file that may not be read
  }
}

function identifierOf(stem: string): string {
  return stem.toLowerCase().replace(/[^\p{L}\p{N}_]/gu, '_');
}
