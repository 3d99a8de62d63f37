import { type Look, lookOf } from '../../../../src/charts/chart-types.ts';

/** What a chart may ask for of its query's result. */
export type Part =
  | 'x'
  | 'y'
  | 'y2'
  | 'series'
  | 'aggregate'
  | 'unit'
  | 'sort'
  | 'columns'
  | 'totals'
  | 'pivot_totals';

const parts: Record<Look['shape'], readonly Part[]> = {
  series: ['x', 'y', 'series', 'aggregate', 'unit', 'sort'],
  pivot: ['x', 'y', 'series', 'aggregate', 'unit', 'sort', 'pivot_totals'],
  slices: ['x', 'y', 'aggregate', 'unit', 'sort'],
  points: ['x', 'y', 'series', 'aggregate'],
  figure: ['y', 'aggregate'],
  rows: ['columns', 'totals'],
};

/** What a chart of this type asks for, in the order in which it does. */
export function partsOf(type: string): readonly Part[] {
  const look = lookOf(type);
  if (look.hasSecondAxis) return ['x', 'y', 'y2', 'aggregate', 'unit', 'sort'];
  return parts[look.shape];
}
