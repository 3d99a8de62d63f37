import { type StorageFault, StorageFaultError } from '../storage-fault.ts';
import { QueryError } from './query-error.ts';

/** What the system says, at the end of DuckDB's words: nothing that somebody's SQL has in it stands there without quotes. */
const ENDS: readonly [string, StorageFault][] = [
  ['No space left on device', 'disk_full'],
  ['File too large', 'disk_full'],
  ['Disk quota exceeded', 'disk_full'],
  ['Read-only file system', 'read_only'],
  ['Too many open files', 'too_many_files'],
];
const OF_DUCKDB = /^IO Error: .*: ([A-Z][a-z -]+)$/s;
const OF_NODE = /^(ENOSPC|EDQUOT|EFBIG|EROFS): |\(spawn \S+ (EMFILE|ENFILE)\)/;
const CODES: Record<string, StorageFault> = {
  EROFS: 'read_only',
  EMFILE: 'too_many_files',
  ENFILE: 'too_many_files',
};

/** What kept this machine from running a query or writing its result, where it was neither the query nor its source. */
export function storageTroubleOf(error: unknown): StorageFaultError | undefined {
  if (!(error instanceof QueryError)) return undefined;
  const [, end] = OF_DUCKDB.exec(error.message) ?? [];
  const fault = ENDS.find(([words]) => words === end)?.[1] ?? faultOfNode(error.message);
  return fault && new StorageFaultError(fault, error.message, { cause: error });
}

function faultOfNode(message: string): StorageFault | undefined {
  const [found, written, spawned] = OF_NODE.exec(message) ?? [];
  return found === undefined ? undefined : (CODES[written ?? spawned ?? ''] ?? 'disk_full');
}
