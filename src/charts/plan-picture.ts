import { isTimeZone } from '../clock.ts';
import type { ChartSpec } from './chart-spec.ts';
import { type Look, lookOf } from './chart-types.ts';
import type { Aggregate, Order, PivotTotals, TimeUnit } from './chart-words.ts';
import { type ColumnKind, columnKind, type ResultColumn } from './column-kind.ts';
import { most } from './most.ts';

/** A chart as its author wrote it. */
export type ChartAsWritten = { type: string | null; spec: ChartSpec | null };

/** What of a result goes into a picture, and how: all that was left open is chosen. */
export type Plan = {
  look: Look;
  /** Absent where all rows are at one place. */
  x?: { column: string; kind: ColumnKind };
  unit?: TimeUnit;
  timeZone: string;
  series?: string;
  /** Of rows: what has a total. */
  measures: PlannedMeasure[];
  sort: Order;
  /** Of points: the column that names them. */
  label?: string;
  /** Of pivots. */
  totals?: PivotTotals;
};

export type PlannedMeasure = {
  /** Absent for the number of rows. */
  column?: string;
  kind: ColumnKind;
  aggregate: Aggregate;
  axis: 'left' | 'right';
  /** Whether somebody asked for this aggregate. */
  isAsked: boolean;
};

const isNumeric = (kind: ColumnKind) => kind === 'number' || kind === 'boolean';
const isOnScale = (kind: ColumnKind) => kind === 'number' || kind === 'date' || kind === 'time';
/** What can be made of values of any kind. */
const takesAll = (aggregate: Aggregate) => /^count/.test(aggregate);
/** What can be made of numbers alone. */
const takesNumbers = (aggregate: Aggregate) => /^(sum|avg|median)$/.test(aggregate);

/**
 * Chooses what a chart leaves open, and refuses in a sentence what cannot be drawn: a column that was named and is not
 * there is never replaced by another.
 *
 * @param kinds what columns of texts hold, where every value is a date, a time or a number.
 */
export function planPicture(
  { type, spec }: ChartAsWritten,
  columns: readonly ResultColumn[],
  kinds: ReadonlyMap<string, ColumnKind> = new Map(),
): Plan | { refused: string } {
  const look = lookOf(type);
  const { x, y = [], y2 = [], series, columns: shown = [], totals = {}, unit, sort } = spec ?? {};
  const typed = (name: string): ColumnKind => {
    const column = columns.find((one) => one.name === name);
    return column ? columnKind(column) : 'text';
  };
  // Digits in a text may be a ZIP code: they are numbers only where somebody measures them.
  const kindOf = (name: string) => {
    const kind = kinds.get(name);
    return kind === undefined || kind === 'number' ? typed(name) : kind;
  };
  const usesX = look.shape !== 'figure' && look.shape !== 'rows';
  const usesSeries = usesX && look.shape !== 'slices' && !look.hasSecondAxis;
  const used = {
    x: usesX ? x : undefined,
    y: look.shape === 'rows' ? [] : y,
    y2: look.hasSecondAxis ? y2 : [],
    series: usesSeries ? series : undefined,
  };
  const named = [
    used.x,
    ...used.y,
    ...used.y2,
    used.series,
    ...(look.shape === 'rows' ? [...shown, ...Object.keys(totals)] : []),
  ];
  const missing = named.filter(
    (name) => name !== undefined && !columns.some((column) => column.name === name),
  );
  if (missing.length > 0) return { refused: noColumns([...new Set(missing)] as string[]) };
  const timeZone = spec?.time_zone ?? 'UTC';
  if (!isTimeZone(timeZone)) return { refused: `The time zone "${timeZone}" does not exist.` };
  const aggregate = spec?.aggregate ?? (look.shape === 'points' ? 'none' : 'sum');
  const isAsked = spec?.aggregate !== undefined;
  if (aggregate === 'none' && look.shape !== 'points' && look.shape !== 'figure') {
    return {
      refused: 'Only a scatter plot draws each row: choose an aggregate.',
    };
  }
  const measure = (column: string, axis: 'left' | 'right' = 'left'): PlannedMeasure => ({
    column,
    kind: kinds.get(column) ?? typed(column),
    aggregate,
    axis,
    isAsked,
  });
  const base = { look, timeZone, sort: sort ?? 'rows' } as const;
  if (look.shape === 'rows') {
    const measures = Object.entries(totals).map(([column, made]) => ({
      ...measure(column),
      aggregate: made,
      isAsked: true,
    }));
    return withNumbers({ ...base, measures });
  }
  const numbers = columns.map(({ name }) => name).filter((name) => isNumeric(kindOf(name)));
  if (look.shape === 'figure') {
    const needsNumbers = isAsked && takesNumbers(aggregate);
    const first = (needsNumbers ? numbers[0] : undefined) ?? columns[0]?.name;
    const chosen = used.y.length > 0 ? used.y : [first].filter((name) => name !== undefined);
    const measures = chosen.slice(0, 2).map((name) => figure(measure(name), isAsked));
    return withNumbers({ ...base, measures });
  }
  const planned: Plan['x'] = axisOf(used, look, columns, kindOf);
  const free = numbers.filter(
    (name) => name !== planned?.column && name !== used.series && !used.y2.includes(name),
  );
  let measures = [
    ...(used.y.length > 0 ? used.y : free.slice(0, mostChosen(look))).map((name) => measure(name)),
    ...used.y2.map((name) => measure(name, 'right')),
  ];
  if (measures.length === 0 && isAsked && takesAll(aggregate)) {
    measures = [{ kind: 'number', aggregate: 'count', axis: 'left', isAsked }];
  }
  if (measures.length === 0) return { refused: 'The result has no numeric column to draw.' };
  if (look.shape === 'slices' || look.shape === 'points') measures = measures.slice(0, 1);
  const text = measures.find(({ kind }) => !isNumeric(kind) && !takesAll(aggregate));
  if (text) return { refused: notNumbers(text) };
  if (look.shape === 'points' && (planned === undefined || !isOnScale(planned.kind))) {
    return {
      refused: `A scatter plot needs numbers or dates along x${planned ? `; "${planned.column}" has neither` : ''}.`,
    };
  }
  if (unit !== undefined && planned && planned.kind !== 'date' && planned.kind !== 'time') {
    return {
      refused: `"${planned.column}" has no dates or times to group by ${unit}.`,
    };
  }
  const taken = [planned?.column, used.series, measures[0]?.column];
  const label = columns.find(({ name }) => !taken.includes(name))?.name;
  return {
    ...base,
    ...(planned && { x: planned }),
    ...(unit && { unit }),
    ...(used.series !== undefined && { series: used.series }),
    measures,
    sort: sort ?? usualOrder(look, planned?.kind),
    ...(look.shape === 'pivot' && spec?.pivot_totals && { totals: spec.pivot_totals }),
    ...(look.shape === 'points' && label !== undefined && aggregate === 'none' && { label }),
  };
}

/** The column along x that was named, or the first that is fit for it. */
function axisOf(
  { x, y, series }: { x?: string | undefined; y: readonly string[]; series?: string | undefined },
  look: Look,
  columns: readonly ResultColumn[],
  kindOf: (name: string) => ColumnKind,
): Plan['x'] {
  const free = columns
    .map(({ name }) => name)
    .filter((name) => !y.includes(name) && name !== series);
  const fit =
    look.shape === 'points'
      ? free.find((name) => isOnScale(kindOf(name)))
      : (free.find((name) => kindOf(name) !== 'number') ??
        (y.length > 0 || free.length > 1 ? free[0] : undefined));
  const column = x ?? fit;
  return column === undefined ? undefined : { column, kind: kindOf(column) };
}

function mostChosen({ shape }: Look): number {
  return shape === 'slices' || shape === 'points' ? 1 : most.chosen;
}

/** A figure is the value of the first row, unless somebody asked for what is made of all. */
function figure(measure: PlannedMeasure, isAsked: boolean): PlannedMeasure {
  return isAsked ? measure : { ...measure, aggregate: 'none' };
}

/** The same, if the columns that are added up are of numbers. */
function withNumbers(plan: Plan): Plan | { refused: string } {
  const text = plan.measures.find(
    ({ kind, aggregate }) => !isNumeric(kind) && takesNumbers(aggregate),
  );
  return text ? { refused: notNumbers(text) } : plan;
}

function usualOrder({ shape }: Look, kind: ColumnKind | undefined): Order {
  if (shape === 'slices') return '-value';
  return kind !== undefined && isOnScale(kind) ? 'x' : 'rows';
}

const notNumbers = ({ column }: PlannedMeasure) =>
  `The values of "${column}" are not numbers: choose a numeric column, or count them.`;

function noColumns(names: readonly string[]): string {
  const list = names.map((name) => `"${name}"`).join(', ');
  return `This run has no column${names.length > 1 ? 's' : ''} ${list}.`;
}
