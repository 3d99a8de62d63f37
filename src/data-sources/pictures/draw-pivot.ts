import type { Cell, Note, Series, SeriesPicture } from '../../charts/picture.ts';
import type { Plan } from '../../charts/plan-picture.ts';
import type { PivotRange } from '../pivot-range.ts';
import { cellsOf, readCells } from '../results/read-cells.ts';
import { orderOf } from './choose-points.ts';
import { axisOf, measuresOf, notesOfGroups } from './draw-series.ts';
import { type Grouped, groupRows, madeOf, measuredRows, withSums } from './group-rows.ts';
import type { Limits } from './limits.ts';
import type { DrawnResult } from './read-parts.ts';

/** A pivot table of a whole result, in tables of DuckDB whose names begin with `name`. */
export type Pivot = {
  result: DrawnResult;
  plan: Plan;
  name: string;
  grouped: Grouped;
  notes: Note[];
  /** How many values of the column that names its rows there are; each has a row for each measure. */
  lines: number;
  columns: number;
};

/**
 * Makes a pivot table: `…_cells` (line, spot, m0, m1, …), `…_lines` (line, s), `…_columns` (spot, x) and, for what totals
 * are asked for, `…_line_totals`, `…_column_totals` and `…_totals`, which are made of the rows of the result.
 */
export async function makePivot(result: DrawnResult, plan: Plan, name: string): Promise<Pivot> {
  const { duckdb } = result;
  const grouped = await withSums(result, (of) => groupRows(of, plan));
  const made = plan.measures.map((_, index) => `m${index}`);
  const values = made.map((one) => `coalesce(${one}::DOUBLE, 0)`).join(' + ');
  const total = plan.sort === 'x' || plan.sort === 'rows' ? '0' : `sum(${values})`;
  await duckdb.run(`
    CREATE OR REPLACE TEMP TABLE ${name}_lines AS
    SELECT s, row_number() OVER (ORDER BY place) - 1 AS line
    FROM (SELECT s, min(place) AS place FROM grouped GROUP BY s);
    CREATE OR REPLACE TEMP TABLE ${name}_columns AS
    SELECT x, row_number() OVER (ORDER BY ${orderOf(plan.sort)}) - 1 AS spot
    FROM (SELECT x, min(place) AS place, ${total} AS total FROM grouped GROUP BY x);
    CREATE OR REPLACE TEMP TABLE ${name}_cells AS
    SELECT line, spot, ${made.join(', ')} FROM grouped
    JOIN ${name}_lines l ON grouped.s IS NOT DISTINCT FROM l.s
    JOIN ${name}_columns c ON grouped.x IS NOT DISTINCT FROM c.x
    ORDER BY line, spot;
    DROP TABLE grouped`);
  await makeTotals(result, plan, name);
  const counted = await duckdb.runAndReadAll(`
    SELECT (SELECT count(*) FROM ${name}_lines)::DOUBLE, (SELECT count(*) FROM ${name}_columns)::DOUBLE`);
  const [lines = 0, columns = 0] = (counted.getRows()[0] ?? []) as number[];
  return {
    result,
    plan,
    name,
    grouped,
    notes: notesOfGroups(plan, grouped, false),
    lines,
    columns,
  };
}

async function makeTotals(result: DrawnResult, plan: Plan, name: string): Promise<void> {
  const rows = measuredRows(result, plan);
  const totals = (table: string, key: string, from: string) =>
    withSums(result, (of) =>
      of.duckdb.run(`
        CREATE OR REPLACE TEMP TABLE ${name}_${table} AS
        SELECT ${key || '0'} AS key, ${madeOf(of, plan).join(', ')} FROM (${from}) ${key && `GROUP BY ${key}`}`),
    );
  const { ofRows, ofColumns } = totalsIn(plan);
  if (ofRows)
    await totals(
      'line_totals',
      'line',
      `FROM (${rows}) r JOIN ${name}_lines l ON r.s IS NOT DISTINCT FROM l.s`,
    );
  if (ofColumns)
    await totals(
      'column_totals',
      'spot',
      `FROM (${rows}) r JOIN ${name}_columns c ON r.x IS NOT DISTINCT FROM c.x`,
    );
  if (ofRows && ofColumns) await totals('totals', '', rows);
}

const totalsIn = ({ totals }: Plan) => ({
  ofRows: totals === 'rows' || totals === 'both',
  ofColumns: totals === 'columns' || totals === 'both',
});

/** All of a pivot table where there is room for it, and else its first rows and columns. */
export function firstPart({ lines, columns, plan }: Pivot, limits: Limits): PivotRange {
  const rows = lines * plan.measures.length;
  if (rows * columns <= limits.cells) return { row: 0, rows, column: 0, columns };
  const shown = Math.min(columns, limits.columns);
  return { row: 0, rows: Math.max(1, Math.floor(limits.cells / shown)), column: 0, columns: shown };
}

/** A part of a pivot table. */
export async function readPivot(pivot: Pivot, range: PivotRange): Promise<SeriesPicture> {
  const { result, plan, name, grouped, notes, lines, columns } = pivot;
  const { duckdb } = result;
  const rowCount = lines * plan.measures.length;
  const end = Math.min(range.row + range.rows, rowCount);
  const lastSpot = Math.min(range.column + range.columns, columns) - 1;
  const inColumns = `BETWEEN ${range.column} AND ${lastSpot}`;
  const values = await readCells(
    duckdb,
    `FROM ${name}_columns WHERE spot ${inColumns}`,
    ['x'],
    'ORDER BY spot',
  );
  const series: Series[] = [];
  const rowTotals: Cell[] = [];
  for (const measure of plan.measures.keys()) {
    const first = Math.max(range.row - measure * lines, 0);
    const last = Math.min(end - measure * lines, lines) - 1;
    if (last < first) continue;
    const part = { pivot, measure, inLines: `BETWEEN ${first} AND ${last}`, inColumns };
    series.push(...(await readLines(part, { first, column: range.column, count: values.length })));
    if (totalsIn(plan).ofRows)
      rowTotals.push(...(await readTotals(pivot, 'line', measure, part.inLines)));
  }
  const isWhole = series.length === rowCount && values.length === columns;
  return {
    kind: 'series',
    x: { ...axisOf(plan, grouped), values: values.map(([x = null]) => x) },
    measures: measuresOf(plan.measures, grouped),
    split: plan.series ?? null,
    series,
    ...(!isWhole && {
      part: {
        offset: range.row,
        row_count: rowCount,
        column_offset: range.column,
        column_count: columns,
      },
    }),
    ...(plan.totals && { totals: await totalsOf(pivot, rowTotals, inColumns) }),
    notes,
  };
}

type Lines = { pivot: Pivot; measure: number; inLines: string; inColumns: string };

async function readLines(
  { pivot: { result, plan, name }, measure, inLines, inColumns }: Lines,
  { first, column, count }: { first: number; column: number; count: number },
): Promise<Series[]> {
  const { duckdb } = result;
  const names = await readCells(
    duckdb,
    `FROM ${name}_lines WHERE line ${inLines}`,
    ['s'],
    'ORDER BY line',
  );
  const from = `FROM ${name}_cells`;
  const [cell] = await cellsOf(duckdb, from, [`m${measure}`]);
  const read = await duckdb.runAndReadAll(`
    SELECT (line - ${first})::DOUBLE, (spot - ${column})::DOUBLE, (${cell})::VARCHAR ${from}
    WHERE line ${inLines} AND spot ${inColumns} ORDER BY line, spot`);
  const found = names.map((): { at: number[]; values: Cell[] } => ({ at: [], values: [] }));
  for (const [line, at, text] of read.getRows()) {
    const one = found[line as number];
    one?.at.push(at as number);
    one?.values.push(text === null ? null : JSON.parse(String(text)));
  }
  return names.map(([value = null], index): Series => {
    const { at, values } = found[index] ?? { at: [], values: [] };
    const series = plan.series === undefined ? { measure } : { measure, value };
    return at.length === count ? { ...series, values } : { ...series, at, values };
  });
}

async function totalsOf(
  pivot: Pivot,
  rows: Cell[],
  inColumns: string,
): Promise<NonNullable<SeriesPicture['totals']>> {
  const { result, plan, name } = pivot;
  const { ofRows, ofColumns } = totalsIn(plan);
  const measures = [...plan.measures.keys()];
  const columns: Cell[][] = [];
  for (const measure of ofColumns ? measures : [])
    columns.push(await readTotals(pivot, 'column', measure, inColumns));
  const names = measures.map((measure) => `m${measure}`);
  const [all] =
    ofRows && ofColumns ? await readCells(result.duckdb, `FROM ${name}_totals`, names) : [];
  return { ...(ofRows && { rows }), ...(ofColumns && { columns }), ...(all && { all }) };
}

async function readTotals(
  { result, name }: Pivot,
  of: 'line' | 'column',
  measure: number,
  within: string,
): Promise<Cell[]> {
  const from = `FROM ${name}_${of}_totals WHERE key ${within}`;
  const cells = await readCells(result.duckdb, from, [`m${measure}`], 'ORDER BY key');
  return cells.map(([cell = null]) => cell);
}
