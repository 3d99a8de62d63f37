/** What can be wrong with where files and the store lie. `docs/operating.md` says of each what helps; a test holds the two together. */
export const storageFaults = {
  disk_full: 'The disk, or this user’s quota on it, is full.',
  read_only: 'The disk or a folder on it is read-only, or not writable for the server’s user.',
  too_many_files: 'The process has reached its limit of open files.',
  not_opened:
    'A file cannot be opened: too many are open, or the server has no access to its folder.',
  disk_failed: 'The disk cannot be read or written: it may be broken, or over a quota.',
  store_damaged: 'The store is damaged.',
  store_replaced:
    'The file of the store was replaced, overwritten or deleted while the server used it.',
} as const;

export type StorageFault = keyof typeof storageFaults;

/** Codes of the system, of SQLite and of PostgreSQL. What the system says of a failed write, SQLite keeps to itself. */
const codes: readonly [StorageFault, RegExp][] = [
  ['disk_full', /^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL|53100)$/],
  ['read_only', /^(EROFS|EACCES|EPERM|SQLITE_(READONLY|PERM).*|25006)$/],
  ['too_many_files', /^(EMFILE|ENFILE)$/],
  ['not_opened', /^SQLITE_CANTOPEN/],
  ['disk_failed', /^(EIO|SQLITE_IOERR.*)$/],
  ['store_damaged', /^SQLITE_(CORRUPT|NOTADB)/],
];

/** Something other than the store cannot be done as things stand with the disk; it may later. */
export class StorageFaultError extends Error {
  readonly fault: StorageFault;

  constructor(fault: StorageFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** What is written to see whether anything can be: as much as SQLite wants at once for what it keeps beside a store. */
export const TRIED = Buffer.alloc(32 * 1024);

/** A file that is derived from the store is not as it was written. Whoever uses it makes it again. */
export class DamagedFileError extends Error {}

/** What an error of any source, or its cause, says of the disk; undefined where it is about something else. */
export function storageFaultOf(error: unknown): StorageFault | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { fault, code } = one as { fault?: StorageFault; code?: unknown };
    if (fault !== undefined && Object.hasOwn(storageFaults, fault)) return fault;
    const found = codes.find(([, pattern]) => typeof code === 'string' && pattern.test(code));
    if (found) return found[0];
    // A thread that cannot be started says why in its words alone.
    if (/\b(EMFILE|ENFILE)\b/.test(one.message)) return 'too_many_files';
  }
  return undefined;
}
