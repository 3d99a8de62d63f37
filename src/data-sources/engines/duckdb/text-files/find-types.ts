import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier } from '../../../results/duckdb.ts';
import { type ColumnFacts, FACTS, factsSql, kindOf, toFacts } from './column-facts.ts';
import { type ColumnType, checkOf, isSettled, typeOf } from './column-type.ts';

const SAMPLE_ROWS = 20_480;
export const QUICK_SAMPLE_ROWS = 2_000;
const LEAST_SAMPLE_ROWS = 1_000;
/** Of wide files fewer rows are looked at first. */
const SAMPLE_CELLS = 1_000_000;
const MOST_COST = 100;

export type FoundType = { type: ColumnType; facts: ColumnFacts };

/**
 * The types of columns of text, which have every value of them. What the first rows have is compared with all others in one pass; only
 * columns in which something else comes later are read once more.
 *
 * @param source SQL for rows whose columns are text.
 * @param isQuick whether the first rows will do.
 */
export async function findTypes(
  duckdb: DuckDBConnection,
  source: string,
  names: readonly string[],
  { isQuick }: { isQuick: boolean },
): Promise<FoundType[]> {
  if (names.length === 0) return [];
  const sampleRows = Math.min(
    SAMPLE_ROWS,
    Math.max(LEAST_SAMPLE_ROWS, SAMPLE_CELLS / names.length),
  );
  const { found, rows } = await readSample(duckdb, source, names, Math.floor(sampleRows));
  if (rows < Math.floor(sampleRows) || isQuick) return found;
  const odd = await confirm(duckdb, source, names, found);
  const oddNames = odd.map((index) => names[index] as string);
  const again = await readFacts(duckdb, source, oddNames);
  for (const [place, index] of odd.entries()) found[index] = again[place] as FoundType;
  return found;
}

/** The facts of the first rows. Cells of all columns follow one another, so that thousands of columns take no more SQL than one. */
async function readSample(
  duckdb: DuckDBConnection,
  source: string,
  names: readonly string[],
  most: number,
): Promise<{ found: FoundType[]; rows: number }> {
  const cells = names.map(identifier).join(', ');
  const sql = `SELECT i, count(*), ${factsSql('v', 'k').join(', ')}
    FROM (SELECT i, v, ${kindOf('v')} AS k FROM
      (SELECT unnest([${cells}]) AS v, unnest(range(${names.length})) AS i FROM (FROM ${source} LIMIT ${most})))
    GROUP BY i`;
  const rows = (await duckdb.runAndReadAll(sql)).getRowsJson();
  const byIndex = new Map(rows.map(([index, ...row]) => [Number(index), row]));
  const found = names.map((_, index) => toFound(byIndex.get(index)?.slice(1) ?? []));
  return { found, rows: Number(byIndex.get(0)?.[0] ?? 0) };
}

async function readFacts(
  duckdb: DuckDBConnection,
  source: string,
  names: readonly string[],
): Promise<FoundType[]> {
  const found: FoundType[] = [];
  await readColumns(duckdb, source, names, (value) => ({
    ...lookForFacts(value),
    read: (row) => found.push(toFound(row)),
  }));
  return found;
}

function lookForFacts(value: string) {
  return { cost: 5, inner: kindOf(value), outer: factsSql };
}

/**
 * Reads all rows once: each value is compared with its column's type, and where that tells nothing the facts are found out instead.
 *
 * @returns the columns that have values of another type.
 */
async function confirm(
  duckdb: DuckDBConnection,
  source: string,
  names: readonly string[],
  found: FoundType[],
): Promise<number[]> {
  const odd: number[] = [];
  await readColumns(duckdb, source, names, (value, index) => {
    const { type, facts } = found[index] as FoundType;
    if (isSettled(type, facts))
      return {
        cost: type.type === 'VARCHAR' ? 0.1 : 1,
        inner: checkOf(type, value),
        outer: (_, check) => [`bool_and(${check})`],
        read: ([isOfType]) => isOfType === false && odd.push(index),
      };
    return {
      ...lookForFacts(value),
      read: (row) => {
        found[index] = toFound(row);
      },
    };
  });
  return odd;
}

function toFound(row: readonly unknown[]): FoundType {
  const facts = toFacts(row.slice(0, FACTS));
  return { facts, type: typeOf(facts) };
}

type Reading = {
  /** How much memory it takes to find it out, beside others. */
  cost: number;
  /** SQL for what is found out about each value. */
  inner: string;
  /** SQL that aggregates it, of the value and of that. */
  outer(value: string, inner: string): string[];
  read(row: readonly unknown[]): void;
};

/** Reads as many columns at once as memory suffices for. */
async function readColumns(
  duckdb: DuckDBConnection,
  source: string,
  names: readonly string[],
  readingOf: (value: string, index: number) => Reading,
): Promise<void> {
  for (let first = 0; first < names.length; ) {
    const columns: string[] = [];
    const aggregates: string[] = [];
    const readers: ((row: readonly unknown[]) => void)[] = [];
    for (let cost = 0; first < names.length && cost < MOST_COST; first++) {
      const value = identifier(names[first] as string);
      const reading = readingOf(value, first);
      const [text, inner] = [`v${first}`, `i${first}`];
      const own = reading.outer(text, inner);
      const at = aggregates.length;
      columns.push(`${value} AS ${text}`, `${reading.inner} AS ${inner}`);
      aggregates.push(...own);
      readers.push((row) => reading.read(row.slice(at, at + own.length)));
      cost += reading.cost;
    }
    const sql = `SELECT ${aggregates.join(', ')} FROM (SELECT ${columns.join(', ')} FROM ${source})`;
    const [row = []] = (await duckdb.runAndReadAll(sql)).getRowsJson();
    for (const read of readers) read(row);
  }
}
