import { ApiError } from '../errors.ts';
import type { ReportContent } from './report-content.ts';

/** As many as real servers take. */
export const MOST_QUERIES = 160;
const MOST_CHARTS = 500;

/** Every version holds the whole report, so a report has a size too: characters of JSON. */
const MOST_CHARACTERS = 2_000_000;

/**
 * Refuses an edit that makes a report larger than reports may be. One that was imported larger may still shrink.
 *
 * @param text the content after the edit, as JSON.
 * @throws ApiError bad_request
 */
export function requireRoom(before: ReportContent, after: ReportContent, text: string): void {
  const measures: [what: string, most: number, size: number, was: () => number][] = [
    ['queries', MOST_QUERIES, after.queries.length, () => before.queries.length],
    ['charts', MOST_CHARTS, countCharts(after), () => countCharts(before)],
    ['characters', MOST_CHARACTERS, text.length, () => JSON.stringify(before).length],
  ];
  for (const [what, most, size, was] of measures) {
    if (size <= most || size <= was()) continue;
    throw new ApiError(
      'bad_request',
      `The report would have ${size} ${what}; the limit is ${most}.`,
      'Create another report for the rest.',
    );
  }
}

function countCharts({ queries }: ReportContent): number {
  return queries.reduce((sum, { charts }) => sum + charts.length, 0);
}
