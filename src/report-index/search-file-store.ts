import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { type ListName, lists, type Row } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { sqlFingerprint } from '../sql-templates/sql-fingerprint.ts';
import { DamagedFileError } from '../storage-fault.ts';
import type { Answer, Asked, QuestionName } from './file-questions.ts';
import { FileRollCall } from './file-roll-call-store.ts';
import { FileSearch } from './file-search-store.ts';
import { PageSums, sumsFile } from './page-sums.ts';
import type { FileProgress, IndexedRow } from './search-order.ts';
import { searchedFields } from './searched-fields.ts';

const CACHE_KILOBYTES = 24_576;
/** As much may be in the log before it is copied into the file. All of it is in memory then. */
const LOG_BYTES = 8 * 1024 * 1024;
/** So many changes are committed together. */
const COMMIT_AFTER = 1000;

const SCHEMA = `
-- Meaning 4: another number if the same columns hold something else.
create table progress (position integer not null, since integer);
insert into progress values (0, null);
-- Up to which change each list is in the file, while that is more than the position says.
create table applied (list text primary key, changed integer not null) without rowid;
-- What reports are filtered by and in order by. All of it is read for many questions, so it is narrow: times are numbers.
create table reports (
  slot integer primary key,
  space integer,
  personal integer not null,
  archived integer not null,
  token text not null,
  name text,
  state text,
  owner_key text,
  name_key text,
  created_at integer,
  edited_at integer,
  last_run_at integer,
  succeeded_at integer,
  viewed_at integer,
  views integer not null,
  owner_left integer not null
);
create index reports_owner on reports (owner_key);
-- All that the roll call of every report reads, in the order of its answer.
create index reports_called on reports (
  space, slot, archived, personal, token, name, state, last_run_at, succeeded_at, viewed_at, owner_left
);
create table report_rows (slot integer primary key, body text not null);
create table stats (slot integer primary key, report integer, views integer, schedules integer);
create index stats_report on stats (report, views, schedules);
create table queries (
  slot integer primary key, report integer, data_source text, sql text, fingerprint integer
);
create index queries_report on queries (report);
create index queries_data_source on queries (data_source, report);
create index queries_fingerprint on queries (fingerprint, report);
create table charts (slot integer primary key, report integer, type text);
create index charts_report on charts (report, type);
create index charts_type on charts (type, report);
create table spaces (slot integer primary key, token text, name text, personal integer not null, name_key text);
create index spaces_token on spaces (token);
-- Those who were not shut out.
create table members (slot integer primary key, email text not null);
create index members_email on members (email);
-- Reports whose words are to be read again.
create table unread (report integer primary key);
create virtual table words using fts5 (${searchedFields}, sql,
  content = '', contentless_delete = 1, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2');
`;

/** A file with another schema is built again. */
const SCHEMA_VERSION = crc32(SCHEMA) & 0x7fffffff;

/** A row that was put into a list, or removed from it: then it is undefined. */
type Put<Name extends ListName> = (change: IndexedRow & { row: Row<Name> | undefined }) => void;

/**
 * A file in which the reports of one organization are looked for: their words, and what they are filtered by, of all
 * changes up to a position. It can be made again from the store at any time, so it is not synced at every write.
 */
export class SearchFile {
  readonly #path: string;
  readonly #connection: Sqlite.Database;
  readonly #sums: PageSums;
  readonly #statements = new Map<string, Sqlite.Statement>();
  readonly #search: FileSearch;
  readonly #rollCall: FileRollCall;
  /** How much was written since the last commit. */
  #uncommitted = 0;
  /** Of how many reports the words are still to be read, once that was counted: it takes as long as reading some. */
  #unread: number | undefined;

  constructor(path: string) {
    this.#path = path;
    const { connection, sums } = open(path);
    this.#connection = connection;
    this.#sums = sums;
    this.#search = new FileSearch(this.#connection);
    this.#rollCall = new FileRollCall(this.#connection);
  }

  get progress(): FileProgress {
    const { position, since } = this.#get('select position, since from progress') as {
      position: number;
      since: number | null;
    };
    const applied = this.#all('select list, changed from applied') as {
      list: ListName;
      changed: number;
    }[];
    return {
      position,
      since: since ?? undefined,
      applied: Object.fromEntries(applied.map(({ list, changed }) => [list, changed])),
    };
  }

  /** Says since when what is removed is put into the file, before anything is. */
  begin(since: number): void {
    this.#write(1, () => this.#run('update progress set since = ?', since));
  }

  /** Puts rows of a list in their places as they are now, oldest change first. */
  apply(changes: readonly IndexedRow[]): void {
    this.#write(changes.length, () => {
      for (const change of changes) {
        const row = change.body ? readRow(lists[change.list], { body: change.body }) : undefined;
        const put = this.#put[change.list] as Put<ListName>;
        put({ ...change, row: row as Row<ListName> | undefined });
      }
      const last = changes.at(-1);
      if (last) this.#run('insert or replace into applied values (?, ?)', last.list, last.changed);
    });
  }

  /** Reads the words of up to `most` reports again; answers how many are still to be read. */
  read(most: number): number {
    return this.#write(most, () => {
      const unread = this.#all('select report from unread limit ?', most) as { report: number }[];
      for (const { report } of unread) this.#readWords(report);
      this.#unread ??= (
        this.#get('select count(*) as count from unread') as { count: number }
      ).count;
      return this.#unread;
    });
  }

  /** Says that everything up to a position is in the file. */
  reach(position: number): void {
    this.#write(COMMIT_AFTER, () => {
      this.#run('update progress set position = ?, since = ?', position, position);
      this.#run('delete from applied');
    });
  }

  /**
   * Does a part of what brings the file up to date, which is committed with later ones once they are many: each commit
   * writes the same pages of the indexes again. Where a part fails, those that are not committed are undone.
   */
  #write<Result>(size: number, work: () => Result): Result {
    this.#rollCall.forgetAnswer();
    if (!this.#connection.inTransaction) this.#run('begin');
    try {
      const result = work();
      this.#uncommitted += size;
      if (this.#uncommitted >= COMMIT_AFTER) this.#commit();
      return result;
    } catch (error) {
      if (this.#connection.inTransaction) this.#run('rollback');
      this.#uncommitted = 0;
      this.#unread = undefined;
      // What was found of it is undone as well.
      this.#rollCall.forgetSameSql();
      throw error;
    }
  }

  #commit(): void {
    this.#run('commit');
    this.#uncommitted = 0;
  }

  answer<Name extends QuestionName>(name: Name, asked: Asked<Name>): Answer<Name> {
    return this.#answers[name](asked);
  }

  /** To be called between two pieces of work: copies the log into the file where it has grown long. */
  rest(): void {
    if (this.#connection.inTransaction) return;
    const log = statSync(`${this.#path}-wal`, { throwIfNoEntry: false });
    if (log && log.size > LOG_BYTES) this.#copyLog();
  }

  get pageCount(): number {
    return this.#sums.pageCount;
  }

  /** Looks at up to so many pages more, whether they are as they were written. @throws DamagedFileError */
  verify(most: number): void {
    if (!this.#connection.inTransaction) this.#copyLog();
    this.#sums.verify(most);
  }

  close(): void {
    try {
      if (this.#connection.inTransaction) this.#commit();
      this.#copyLog();
    } finally {
      this.#end();
    }
  }

  discard(): void {
    this.#end();
    removeFile(this.#path);
  }

  #copyLog(): void {
    this.#sums.copyLog(() => this.#connection.pragma('wal_checkpoint(truncate)'));
  }

  #end(): void {
    this.#connection.close();
    this.#sums.close();
  }

  readonly #answers: { [Name in QuestionName]: (asked: Asked<Name>) => Answer<Name> } = {
    search: (asked) => this.#search.find(asked),
    callRoll: (asked) => this.#rollCall.callRoll(asked),
    countRoll: (asked) => this.#rollCall.countRoll(asked),
    listCalled: (asked) => this.#rollCall.listCalled(asked),
    gatherCalled: (asked) => this.#rollCall.gatherCalled(asked),
    writeLines: (asked) => this.#rollCall.writeLines(asked),
  };

  readonly #put: { [Name in ListName]: Put<Name> } = {
    reports: ({ slot, parent, personal, archived, row }) => {
      const before = this.#findRow(slot);
      const sight = 'select space, personal, archived from reports where slot = ?';
      const seenBefore = JSON.stringify(this.#get(sight, slot));
      if (row === undefined) {
        this.#run('delete from reports where slot = ?', slot);
        this.#run('delete from report_rows where slot = ?', slot);
      } else {
        const ownerKey = addressKey(row.creator_email);
        this.#run(
          `insert or replace into reports values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
             coalesce((select max(views) from stats where report = ?), 0),
             ? is not null and not exists (select 1 from members where email = ?))`,
          slot,
          parent,
          Number(personal),
          Number(archived),
          row.token,
          row.name,
          row.last_run_state,
          ownerKey,
          nameKey(row.name),
          timeMs(row.created_at),
          timeMs(row.edited_at),
          timeMs(row.last_run_at),
          timeMs(row.last_successfully_run_at),
          timeMs(row.last_viewed_at),
          slot,
          ownerKey,
          ownerKey,
        );
        this.#run('insert or replace into report_rows values (?, ?)', slot, JSON.stringify(row));
      }
      if (JSON.stringify(this.#get(sight, slot)) !== seenBefore) this.#rollCall.forgetSameSql();
      // Most changes are of runs and views, and leave the words as they are.
      const old = before && readRow(lists.reports, before);
      const isSame = searchedFields.every((field) => row && old && row[field] === old[field]);
      if (!isSame) this.#willRead(slot);
    },
    report_stats: ({ slot, parent, row }) => {
      const before = this.#get('select report from stats where slot = ?', slot) as
        | { report: number | null }
        | undefined;
      if (row === undefined) {
        this.#run('delete from stats where slot = ?', slot);
      } else {
        const { view_count: views, active_schedules_count: schedules } = row;
        this.#run(
          'insert or replace into stats values (?, ?, ?, ?)',
          slot,
          parent,
          views,
          schedules,
        );
      }
      for (const report of new Set([parent, before?.report])) {
        this.#run(
          `update reports set views = coalesce((select max(views) from stats where report = ?), 0)
           where slot = ?`,
          report,
          report,
        );
      }
    },
    queries: ({ slot, parent, row }) => {
      const before = this.#get('select report, sql from queries where slot = ?', slot) as
        | { report: number | null; sql: string | null }
        | undefined;
      const text = row ? (row.raw_query as string | null) : null;
      if (row) {
        const { data_source_token: source } = row;
        this.#run(
          'insert or replace into queries values (?, ?, ?, ?, ?)',
          slot,
          parent,
          source,
          text,
          sqlFingerprint(text ?? '') ?? null,
        );
      } else {
        this.#run('delete from queries where slot = ?', slot);
      }
      if (before?.report === parent && before.sql === text) return;
      this.#rollCall.forgetSameSql();
      this.#willRead(parent);
      if (before) this.#willRead(before.report);
    },
    charts: ({ slot, parent, row }) => {
      if (row === undefined) return this.#run('delete from charts where slot = ?', slot);
      this.#run('insert or replace into charts values (?, ?, ?)', slot, parent, row.chart_type);
    },
    spaces: ({ slot, personal, row }) => {
      if (row === undefined) return this.#run('delete from spaces where slot = ?', slot);
      this.#run(
        'insert or replace into spaces values (?, ?, ?, ?, ?)',
        slot,
        row.token,
        row.name,
        Number(personal),
        nameKey(row.name),
      );
    },
    members: ({ slot, archived, row }) => {
      const before = this.#get('select email from members where slot = ?', slot) as
        | { email: string }
        | undefined;
      this.#run('delete from members where slot = ?', slot);
      const address = row && !archived && isActive(row) ? addressKey(row.member_email) : null;
      if (address !== null) this.#run('insert into members values (?, ?)', slot, address);
      for (const ownerKey of new Set([before?.email, address])) {
        this.#run(
          `update reports set owner_left = not exists (select 1 from members where email = owner_key)
           where owner_key = ?`,
          ownerKey ?? null,
        );
      }
    },
  };

  #findRow(report: number): { body: string } | undefined {
    return this.#get('select body from report_rows where slot = ?', report) as
      | { body: string }
      | undefined;
  }

  #willRead(report: number | null): void {
    if (report === null) return;
    this.#run('insert or ignore into unread values (?)', report);
    this.#unread = undefined;
  }

  #readWords(report: number): void {
    this.#run('delete from words where rowid = ?', report);
    const found = this.#findRow(report);
    if (found) {
      const row = readRow(lists.reports, found);
      const queries = this.#all(
        'select sql from queries where report = ? and sql is not null order by slot',
        report,
      ) as { sql: string }[];
      this.#run(
        `insert into words (rowid, ${searchedFields}, sql) values (?, ${searchedFields.map(() => '?')}, ?)`,
        report,
        ...searchedFields.map((field) => row[field]),
        queries.map(({ sql }) => sql).join('\n'),
      );
    }
    this.#run('delete from unread where report = ?', report);
    if (this.#unread !== undefined) this.#unread--;
  }

  #statement(sql: string): Sqlite.Statement {
    let prepared = this.#statements.get(sql);
    if (prepared === undefined) {
      prepared = this.#connection.prepare(sql);
      this.#statements.set(sql, prepared);
    }
    return prepared;
  }

  #get(sql: string, ...values: unknown[]): unknown {
    return this.#statement(sql).get(...values);
  }

  #all(sql: string, ...values: unknown[]): unknown[] {
    return this.#statement(sql).all(...values);
  }

  #run(sql: string, ...values: unknown[]): void {
    this.#statement(sql).run(...values);
  }
}

/** What names are put in order by. */
export function nameKey(name: unknown): string | null {
  if (typeof name !== 'string') return null;
  return name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Whether a member was not shut out. */
function isActive({ state, banned_at: bannedAt }: Row<'members'>): boolean {
  return bannedAt === null && (state === null || state === 'active');
}

/** What addresses are compared by. */
function addressKey(email: unknown): string | null {
  return typeof email === 'string' ? email.toLowerCase() : null;
}

/** A time of a row as a number, which takes less room. */
function timeMs(time: unknown): number | null {
  return typeof time === 'string' ? Date.parse(time) : null;
}

/** Whether a file is to be thrown away for this. */
export function isBrokenFile(error: unknown): boolean {
  if (error instanceof DamagedFileError) return true;
  return error instanceof Sqlite.SqliteError && BROKEN.test(error.code);
}

const BROKEN = /^SQLITE_(CORRUPT|NOTADB|IOERR_(READ|SHORT_READ|CORRUPTFS))/;

type Opened = { connection: Sqlite.Database; sums: PageSums };

/** @throws DamagedFileError where what was there is not as it was written; it is gone then. */
function open(path: string): Opened {
  // One without sums is of an earlier version, or was not finished.
  const isKept = existsSync(path) && existsSync(sumsFile(path));
  return (isKept ? openKept(path) : undefined) ?? makeNew(path);
}

/** Undefined where the file is of another version. */
function openKept(path: string): Opened | undefined {
  let sums: PageSums | undefined;
  let connection: Sqlite.Database | undefined;
  try {
    sums = new PageSums(path, { isNew: false }); // before SQLite makes anything of the file
    connection = connect(path);
    const version = connection.pragma('user_version', { simple: true });
    if (version === SCHEMA_VERSION) return { connection, sums };
    connection.close();
    sums.close();
    return undefined;
  } catch (error) {
    connection?.close();
    sums?.close();
    if (isBrokenFile(error)) removeFile(path);
    throw error;
  }
}

function makeNew(path: string): Opened {
  // Somebody may have taken the folder away.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  removeFile(path);
  const connection = connect(path);
  try {
    connection.transaction(() => {
      connection.exec(SCHEMA);
      connection.pragma(`user_version = ${SCHEMA_VERSION}`);
    })();
    connection.pragma('wal_checkpoint(truncate)');
    return { connection, sums: new PageSums(path, { isNew: true }) };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * The folder belongs to this process alone, so that nothing but the file and its log is needed. No memory is mapped: where
 * somebody cuts the file off, that would end the process.
 */
function connect(path: string): Sqlite.Database {
  const connection = new Sqlite(path);
  connection.pragma('locking_mode = exclusive');
  connection.pragma('journal_mode = wal');
  connection.pragma('wal_autocheckpoint = 0'); // see rest
  connection.pragma('synchronous = normal');
  connection.pragma(`cache_size = -${CACHE_KILOBYTES}`);
  return connection;
}

/** Removes a file with what belongs to it, though somebody has put folders in their places. */
export function removeFile(path: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`, sumsFile(path)]) {
    rmSync(file, { recursive: true, force: true });
  }
}
