import { createHash } from 'node:crypto';
import type { ChartAsWritten } from '../charts/plan-picture.ts';
import type { Store } from '../database/database.ts';
import { findChartsOfRun } from './picture-store.ts';
import type { QueryRun } from './run.ts';

/** So many pictures are made while a report runs; others when somebody looks. */
const MOST_AT_ONCE = 50;

/** Charts by what they take of a result: those that differ in titles and formats alone are one. */
export type Looks = ReadonlyMap<string, ChartAsWritten>;

/** Pictures of an older shape are made again. */
const SHAPE = 2;

/** A mark of what a chart takes of a result. */
export function lookMark({ type, spec }: ChartAsWritten): string {
  const { formats: _, ...taken } = spec ?? {};
  const parts = Object.entries(taken).sort(([a], [b]) => (a < b ? -1 : 1));
  const mark = createHash('sha256')
    .update(JSON.stringify([SHAPE, type, parts]))
    .digest('base64url');
  return mark.slice(0, 22);
}

/** What is drawn of a query's result by the charts that its run has. */
export async function looksOf(
  store: Store,
  organizationId: number,
  { runNumber, queryToken }: Pick<QueryRun, 'runNumber' | 'queryToken'>,
): Promise<Looks> {
  const charts = (await findChartsOfRun(store, organizationId, { number: runNumber })) ?? [];
  const looks = charts
    .filter(
      ({ queryToken: of, type, spec }) => of === queryToken && (type !== 'table' || spec?.totals),
    )
    .map(({ type, spec }): [string, ChartAsWritten] => [lookMark({ type, spec }), { type, spec }]);
  return new Map(looks.slice(0, MOST_AT_ONCE));
}
