import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { QueryError } from '../../query-error.ts';
import type { QueryValue } from '../../query-job.ts';
import { keptAsText } from '../../results/column-notes.ts';
import { numbersLike, type SeenType } from '../../results/seen-types.ts';
import { writeTextRows } from '../../results/write-text-rows.ts';
import { DESCRIBED, type Engine } from '../engine.ts';
import { gatherTables } from '../gather-tables.ts';
import type { SqliteConnection } from './connection-fields.ts';

/** A SQLite file. Its engine does not stop when it is asked to: only the end of its process stops it. */
export const sqliteEngine: Engine<SqliteConnection> = {
  async run(job, { writer }) {
    const database = open(job.connection);
    const statement = prepare(database, job.sql);
    const columns = statement.columns().map(({ name, type }) => ({ name, type: cellsLike(type) }));
    const rows = textsOf(statement.iterate(...job.values.map(bound)), columns);
    try {
      return await writeTextRows(writer, columns, rows, job);
    } catch (error) {
      throw sqlFailure(error);
    }
  },

  async describe(connection) {
    const rows = open(connection)
      .prepare(
        `SELECT m.name, c.name, coalesce(nullif(c.type, ''), 'ANY') FROM sqlite_schema m, pragma_table_info(m.name) c
         WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         ORDER BY m.name, c.cid LIMIT ${DESCRIBED.columns}`,
      )
      .raw()
      .all();
    return gatherTables(rows as unknown[][]);
  },

  async test(connection) {
    open(connection);
  },
};

/** Opens the file to read, and reads its first page: until then a file of anything is taken for a database. */
function open({ file }: SqliteConnection): Database.Database {
  try {
    const database = new Database(file, { readonly: true, fileMustExist: true });
    database.pragma('schema_version');
    return database;
  } catch (error) {
    const { message } = error as Error;
    throw new QueryError({
      code: 'connection_failed',
      message: `The SQLite file ${basename(file)} cannot be opened: ${message}`,
    });
  }
}

/** @throws QueryError unless SQLite takes the text for exactly one statement that reads. */
function prepare(database: Database.Database, sql: string): Database.Statement<unknown[], Cell[]> {
  const statement = (() => {
    try {
      return database.prepare<unknown[], Cell[]>(sql);
    } catch (error) {
      throw error instanceof RangeError
        ? new QueryError({ code: 'not_a_query', message: error.message })
        : sqlFailure(error);
    }
  })();
  if (/database_list/i.test(sql))
    throw new QueryError({
      code: 'sql_error',
      message: 'database_list is not available here, because it shows paths of the server.',
    });
  if (!statement.reader || !statement.readonly)
    throw new QueryError({
      code: 'not_a_query',
      message:
        'The statement does not read; only statements that read are accepted, such as SELECT.',
    });
  return statement.raw().safeIntegers();
}

type Cell = bigint | number | string | Buffer | null;

function bound(value: QueryValue): string | number | bigint | null {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return Number.isSafeInteger(value) ? BigInt(value as number) : value;
}

/** Cells as texts. */
function* textsOf(
  rows: Iterable<Cell[]>,
  columns: readonly { type: ReturnType<typeof cellsLike> }[],
): Generator<(string | null)[]> {
  for (const row of rows) {
    yield row.map((cell, index) => {
      if (cell === null) return null;
      columns[index]?.type.seeCell(cell);
      return Buffer.isBuffer(cell) ? `\\x${cell.toString('hex')}` : String(cell);
    });
  }
}

/** What stands for bytes that are no text. SQLite checks none that it is given. */
const REPLACEMENT = '\uFFFD';

/**
 * In SQLite each cell has a type of its own, whatever the column was declared as: a column's type is the narrowest that
 * all of its cells have. Whole numbers beside others are numbers like these, where that takes no digit from them. Without
 * any cell it is what the declaration says.
 */
function cellsLike(declared: string | null): SeenType & { seeCell(cell: NonNullable<Cell>): void } {
  const numbers = numbersLike({ name: 'number' });
  const kinds = new Set<'whole' | 'fraction' | 'text' | 'binary'>();
  let isBroken = false;
  const isNumber = () => !kinds.has('text') && !kinds.has('binary');
  return {
    seeCell(cell) {
      kinds.add(kindOf(cell));
      isBroken ||= typeof cell === 'string' && cell.includes(REPLACEMENT);
    },
    see(text) {
      if (isNumber()) numbers.see(text);
    },
    get type() {
      if (kinds.size === 0) return declaredType(declared ?? '');
      if (!isNumber()) return 'VARCHAR';
      return kinds.has('fraction') ? numbers.type : 'BIGINT';
    },
    get note() {
      if (isNumber()) return kinds.has('fraction') ? numbers.note : undefined;
      if (kinds.size > 1) return 'Kept as text: its cells have different types.';
      if (kinds.has('binary')) return keptAsText('Binary');
      return isBroken
        ? `Some bytes of its text are not UTF-8, and are shown as ${REPLACEMENT}.`
        : undefined;
    },
  };
}

function kindOf(cell: NonNullable<Cell>) {
  if (typeof cell === 'bigint') return 'whole';
  if (typeof cell === 'number') return 'fraction';
  return typeof cell === 'string' ? 'text' : 'binary';
}

/** As SQLite reads declarations: https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
function declaredType(declared: string): string {
  if (/int/i.test(declared)) return 'BIGINT';
  if (declared === '' || /char|clob|text|blob/i.test(declared)) return 'VARCHAR';
  return 'DOUBLE';
}

function sqlFailure(error: unknown): unknown {
  if (error instanceof QueryError || !(error instanceof Error)) return error;
  return new QueryError({ code: 'sql_error', message: error.message });
}
