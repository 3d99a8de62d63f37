import { ApiError, quoted } from '../errors.ts';
import { singleValue } from '../http/paging.ts';
import type { QueryString } from '../http/query-string.ts';
import type { PageBounds } from './page-ends.ts';

/** A crawl that its crawler carries from page to page: a new one, or which rows its pages have from here on. */
export type CarriedCrawl = 'new' | PageBounds;

/** The organization's epoch, and two slots. */
const CARRIED = /^([0-9a-f]{1,64})-(0|[1-9]\d{0,15})-(0|[1-9]\d{0,15})$/;

const BEGIN = 'Begin a new crawl with page=1&crawl=new, and follow _links.next_page unchanged.';

/** The value of `crawl` for a page after these bounds. */
export function formatCrawl(
  { epoch }: { epoch: string },
  { startSlot, lastSlot }: PageBounds,
): string {
  return `${epoch}-${startSlot}-${lastSlot}`;
}

/**
 * `crawl` as given; undefined where the crawler carries none.
 *
 * @throws ApiError bad_request for anything but `new` at page 1 or what a link had; gone where that is from before a restore.
 */
export function parseCrawl(
  query: QueryString,
  page: number,
  { epoch }: { epoch: string },
): CarriedCrawl | undefined {
  const value = singleValue(query, 'crawl', '"new", or the value from a link of a page');
  if (value === undefined) return undefined;
  if (value === 'new') {
    if (page === 1) return value;
    throw new ApiError(
      'bad_request',
      `crawl is "new" for page ${page}; a crawl begins at page 1.`,
      BEGIN,
    );
  }
  const [, ofEpoch, startSlot, lastSlot] = CARRIED.exec(value) ?? [];
  if (ofEpoch === undefined) {
    throw new ApiError(
      'bad_request',
      `crawl is ${quoted(value)}; it must be "new", or the value from a link of a page.`,
      BEGIN,
    );
  }
  if (ofEpoch !== epoch) {
    throw new ApiError(
      'gone',
      `The crawl ${quoted(value)} does not match the current state of the organization; the server may have been restored from a backup.`,
      BEGIN,
    );
  }
  return { startSlot: Number(startSlot), lastSlot: Number(lastSlot) };
}
