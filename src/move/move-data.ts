import { isDeepStrictEqual } from 'node:util';
import type { Database, Store } from '../database/database.ts';
import { quoted, UserError } from '../errors.ts';
import { analyzeRows } from '../inventory/row-store.ts';
import { badCharacter } from '../text.ts';
import {
  continueNumbers,
  countTable,
  insertRows,
  listTables,
  lockTables,
  readTable,
  type Table,
  type TableRow,
} from './table-store.ts';
import { type Part, Tally } from './tally.ts';

/** How many rows of all were copied, or then read back. */
export type OnMove = (step: 'copy' | 'check', rows: number, total: number) => void;

/**
 * Copies everything of a SQLite store into an empty PostgreSQL, numbers of rows and changes included, so that what was
 * given out under the old store (ETags, cursors, tokens) is good under the new one. What has arrived is read back and
 * compared before it is committed: it is all there, byte for byte, or nothing is. Nobody writes to either meanwhile.
 *
 * @returns what was moved and found equal on both sides.
 * @throws UserError where the target is not empty, or something did not arrive as it was.
 */
export async function moveData(
  sqlite: Database,
  postgres: Database,
  onMove: OnMove,
): Promise<Part[]> {
  const moved = await sqlite.transaction((from) =>
    postgres.transaction((to) => move(from, to, onMove)),
  );
  // PostgreSQL would find out by itself in a minute or so how many rows there are; until then it plans in the dark.
  await analyzeRows(postgres);
  return moved;
}

async function move(from: Store, to: Store, onMove: OnMove): Promise<Part[]> {
  const tables = await listTables(from);
  await lockTables(to, tables);
  await requireEmpty(to, tables);
  let total = 0;
  for (const table of tables) total += await countTable(from, table);

  const sent = new Tally();
  let rows = 0;
  for (const table of tables) {
    for await (const some of readTable(from, table, 'sqlite')) {
      requireText(table, some);
      await insertRows(to, table, some);
      sent.add(table, some);
      rows += some.length;
      onMove('copy', rows, total);
    }
  }
  await continueNumbers(to);

  const arrived = new Tally();
  rows = 0;
  for (const table of tables) {
    for await (const some of readTable(to, table, 'postgres')) {
      arrived.add(table, some);
      rows += some.length;
      onMove('check', rows, total);
    }
  }
  const parts = sent.parts();
  if (!isDeepStrictEqual(arrived.parts(), parts)) {
    throw new UserError(
      'The data in PostgreSQL differs from what was sent, so nothing was kept there. This is a fault of Rollcall; please report it.',
    );
  }
  return parts;
}

/** PostgreSQL would refuse such a text without saying whose it is. */
function requireText({ name, key, columns }: Table, rows: readonly TableRow[]): void {
  for (const row of rows) {
    for (const column of columns) {
      const value = row[column];
      const character = typeof value === 'string' ? badCharacter(value) : undefined;
      if (character === undefined) continue;
      const which = key.map((part) => `${part.name} ${quoted(row[part.name])}`).join(', ');
      throw new UserError(
        `The table ${name} has a row that PostgreSQL cannot store: the one with ${which} has the ${column} ${quoted(value)}, ` +
          `which contains ${character}. Nothing was moved. Delete that row, or import its source again without it, and move again.`,
      );
    }
  }
}

async function requireEmpty(to: Store, tables: readonly Table[]): Promise<void> {
  for (const table of tables) {
    const rows = await countTable(to, table);
    if (rows === 0) continue;
    throw new UserError(
      `The database in ROLLCALL_DATABASE_URL is not empty: its table ${table.name} has rows (${rows}). ` +
        'Nothing was changed. Name an empty one.',
    );
  }
}
