import { ApiError } from '../errors.ts';
import type { ReportContent } from './report-content.ts';

/** As many as real servers take. */
export const MOST_QUERIES = 160;
const MOST_CHARTS = 500;

/** Every version holds the whole report, so a report has a size too: characters of JSON. */
const MOST_CHARACTERS = 4_000_000;

/**
 * Refuses an edit that makes a report larger than reports may be. One that was imported larger may still shrink.
 *
 * @throws ApiError bad_request
 */
export function requireRoom(before: ReportContent, after: ReportContent): void {
  const measures: [what: string, most: number, of: (content: ReportContent) => number][] = [
    ['queries', MOST_QUERIES, ({ queries }) => queries.length],
    ['charts', MOST_CHARTS, ({ charts }) => charts.length],
    ['characters', MOST_CHARACTERS, (content) => JSON.stringify(content).length],
  ];
  for (const [what, most, of] of measures) {
    const size = of(after);
    if (size <= most || size <= of(before)) continue;
    throw new ApiError(
      'bad_request',
      `The report would have ${size} ${what}; it may have ${most} at most.`,
      'Make another report for the rest.',
    );
  }
}
