import type { DuckDBConnection } from '@duckdb/node-api';
import { notStacked } from '../../charts/chart-types.ts';
import { type TimeUnit, timeUnits } from '../../charts/chart-words.ts';
import type { Cell, Measure, Note, Picture, Series } from '../../charts/picture.ts';
import type { Plan, PlannedMeasure } from '../../charts/plan-picture.ts';
import { readCells } from '../results/read-cells.ts';
import { choosePlaces, choosePoints, chooseStackedPoints } from './choose-points.ts';
import { countRows, type Grouped, groupRows } from './group-rows.ts';
import { keepSeries } from './keep-series.ts';
import type { Limits } from './limits.ts';
import type { DrawnResult } from './read-parts.ts';

/** Values along x, for lines, areas, bars and slices. */
export async function drawSeries(result: DrawnResult, plan: Plan, most: Limits): Promise<Picture> {
  const { duckdb } = result;
  const notes: Note[] = [];
  let grouped = await groupRows(result, plan);
  const limits = withRoom(plan, grouped, most);
  const inUnits = await withUnit(result, plan, grouped, limits);
  if (inUnits !== plan) grouped = await groupRows(result, inUnits);
  notes.push(...notesOfGroups(inUnits, grouped, inUnits !== plan));
  const canStack = await isStackable(duckdb, inUnits, grouped);
  if (!canStack) notes.push({ note: 'not_stacked' });
  const planned = canStack ? inUnits : { ...inUnits, look: notStacked };

  const kept = await keepSeries(result, planned, grouped, limits);
  notes.push(...kept.notes);
  const negative = await findNegative(duckdb, planned);
  if (negative) return { kind: 'refused', reason: negative, notes: [] };

  const isOnScale = planned.sort === 'x' && isScale(planned) && planned.look.mark === 'line';
  const choose = !isOnScale
    ? choosePlaces
    : planned.look.isStacked
      ? chooseStackedPoints
      : choosePoints;
  const chosen = await choose(result, planned, limits, grouped);
  notes.push(...chosen);
  const others = chosen.find(({ note }) => note === 'other_values');

  const { values, series } = await readSeries(duckdb, planned, kept.series, others !== undefined);
  const drawn = kept.measures.map((index) => planned.measures[index] as PlannedMeasure);
  return {
    kind: 'series',
    x: {
      ...axisOf(planned, grouped),
      values,
      ...(others?.note === 'other_values' && { others: others.count }),
    },
    measures: measuresOf(drawn, grouped),
    split: planned.series ?? null,
    series,
    notes,
  };
}

/** What is known of x beside its values. */
export function axisOf({ x, unit, timeZone }: Plan, { hasZone }: Grouped) {
  return {
    column: x?.column ?? null,
    kind: x?.kind ?? 'text',
    unit: unit ?? null,
    time_zone: unit && hasZone ? timeZone : null,
  };
}

/** Measures as a picture names them: with their aggregate where several rows fell together, or somebody asked for it. */
export function measuresOf(
  measures: readonly PlannedMeasure[],
  { hasSeveral }: Grouped,
): Measure[] {
  return measures.map(({ column = null, aggregate, axis, isAsked }) => ({
    column,
    aggregate: isAsked || hasSeveral ? aggregate : null,
    axis,
  }));
}

const isScale = ({ x }: Plan) => x?.kind === 'number' || x?.kind === 'date' || x?.kind === 'time';

/** Bars beside each other share the room that there is: the more series, the fewer places. */
function withRoom({ look, measures }: Plan, { series }: Grouped, limits: Limits): Limits {
  if (look.mark !== 'bar' || look.isStacked) return limits;
  const most = Math.max(1, Math.floor(limits.series / measures.length));
  const drawn = series > most ? most + 1 : Math.max(1, series);
  const bars = measures.filter(({ axis }) => axis === 'left').length;
  const beside = Math.min(limits.series, Math.max(1, bars)) * drawn;
  return { ...limits, places: Math.max(1, Math.floor(limits.places / beside)) };
}

/** Bars of more times than there is room for stand for longer ones: days become weeks, or months. */
async function withUnit(
  result: DrawnResult,
  plan: Plan,
  { places }: Grouped,
  limits: Limits,
): Promise<Plan> {
  const isTime = plan.x?.kind === 'date' || plan.x?.kind === 'time';
  const isBars = plan.look.mark === 'bar';
  if (!isTime || !isBars || plan.unit !== undefined || places <= limits.places) return plan;
  const units: readonly TimeUnit[] = timeUnits;
  for (const unit of units) {
    const grouped = { ...plan, unit };
    if ((await countRows(result, grouped)) <= limits.places) return grouped;
  }
  return plan;
}

/** What was done to the rows; `chosen` is whether nobody asked for the unit. */
export function notesOfGroups(
  plan: Plan,
  { hasSeveral, emptyRows, odd, hasZone }: Grouped,
  chosen: boolean,
): Note[] {
  const notes: Note[] = [];
  const { x, unit, measures } = plan;
  const column = x?.column ?? '';
  if (unit) {
    const time_zone = hasZone ? plan.timeZone : null;
    notes.push({ note: 'grouped', column, unit, time_zone, chosen });
  }
  const [first] = measures;
  if (hasSeveral && first) {
    const columns = measures.map((measure) => measure.column ?? null);
    notes.push({ note: 'aggregated', columns, aggregate: first.aggregate });
  }
  if (emptyRows > 0 && isScale(plan) && plan.look.shape !== 'pivot')
    notes.push({ note: 'empty_x', column, rows: emptyRows });
  for (const [index, count] of odd.entries()) {
    if (count > 0)
      notes.push({ note: 'not_finite', column: measures[index]?.column ?? null, count });
  }
  return notes;
}

/** Whether areas can stand on each other: not if some are above zero and some below. */
async function isStackable(
  duckdb: DuckDBConnection,
  { look, measures }: Plan,
  { series }: Grouped,
): Promise<boolean> {
  const isStack = look.isStacked && look.mark === 'line' && !look.isShare;
  if (!isStack || series * measures.length < 2) return true;
  const any = (sign: '<' | '>') =>
    measures.map((_, index) => `coalesce(bool_or(m${index} ${sign} 0), false)`).join(' OR ');
  const read = await duckdb.runAndReadAll(`SELECT (${any('<')}) AND (${any('>')}) FROM grouped`);
  return read.getRows()[0]?.[0] !== true;
}

/** What shares and slices cannot show. */
async function findNegative(
  duckdb: DuckDBConnection,
  { look, measures }: Plan,
): Promise<string | undefined> {
  if (!look.isShare && look.shape !== 'slices') return undefined;
  const what = look.shape === 'slices' ? 'A slice' : 'A share of 100 %';
  for (const [index, { column }] of measures.entries()) {
    const read = await duckdb.runAndReadAll(
      `SELECT x::VARCHAR, m${index}::VARCHAR FROM kept WHERE m${index} < 0 LIMIT 1`,
    );
    const [row] = read.getRows();
    if (row === undefined) continue;
    const where = row[0] === null ? '' : ` (at "${String(row[0])}")`;
    return `${what} cannot be negative: "${column ?? 'rows'}" has the value ${String(row[1])}${where}.`;
  }
  return undefined;
}

/** The chosen points, as series. */
async function readSeries(
  duckdb: DuckDBConnection,
  plan: Plan,
  named: readonly Pick<Series, 'measure' | 'value' | 'others'>[],
  hasOthers: boolean,
): Promise<{ values: Cell[]; series: Series[] }> {
  const values = (await readCells(duckdb, 'FROM places', ['x'], 'ORDER BY spot')).map(
    ([x]) => x ?? null,
  );
  if (hasOthers) values.push(null);
  const points = await duckdb.runAndReadAll(
    'SELECT line::INTEGER, spot::INTEGER, cell FROM points ORDER BY line, spot',
  );
  const found = named.map((): { at: number[]; values: Cell[] } => ({ at: [], values: [] }));
  for (const [line, at, cell] of points.getRows()) {
    const one = found[line as number];
    one?.at.push(at as number);
    one?.values.push(typeof cell === 'string' ? JSON.parse(cell) : null);
  }
  const fillsUp = plan.look.isStacked && plan.look.mark === 'line';
  const series = named.map((name, index): Series => {
    const { at, values: own } = found[index] ?? { at: [], values: [] };
    if (at.length === values.length) return { ...name, values: own };
    if (!fillsUp) return { ...name, at, values: own };
    // What is stacked upon others has no hole: where there is no row, there is nothing to add.
    const all: Cell[] = values.map(() => 0);
    for (const [place, value] of own.entries()) all[at[place] as number] = value;
    return { ...name, values: all };
  });
  return { values, series };
}
