import type { Paging } from '../http/paging.ts';

/** What a page says about itself besides its rows. */
export type PageFacts = Paging & {
  organization: string;
  /** The path of the public URL, before every link. */
  basePath: string;
  list: string;
  /** The value of include_spaces where it was given. */
  includeSpaces: string | undefined;
  /** How many rows of the list come before the page's first. */
  start: number;
  /** How many rows the page has. */
  count: number;
  totalCount: number;
  /** Whether no rows come after it. */
  isLast: boolean;
  /** What the links say of the crawl that they carry. */
  crawl: { next: string; previous: string } | undefined;
};

/**
 * What comes before and after the rows of a page, byte for byte as the Discovery API documents it: `pagination`,
 * the rows under the list's name, `_links`. Links are host-relative; `next_page` is absent on the last page;
 * `prev_page` of page 1 is page 1, and past the end it is the last page that has rows.
 */
export function pageEnvelope(facts: PageFacts): { head: string; tail: string } {
  const { list, page, perPage, count, totalCount, isLast, crawl } = facts;
  const totalPages = Math.ceil(totalCount / perPage);
  const before = Math.max(1, count > 0 ? page - 1 : Math.min(page - 1, totalPages));
  const next = isLast ? '' : `"next_page":{"href":"${href(facts, page + 1, crawl?.next)}"},`;
  // Nothing in it needs to be escaped: numbers, the list's name, a username (`checkUsername`), and an epoch.
  return {
    head: `{"pagination":{"page":${page},"per_page":${perPage},"count":${count},"total_pages":${totalPages},"total_count":${totalCount}},"${list}":[`,
    tail: `],"_links":{${next}"prev_page":{"href":"${href(facts, before, crawl?.previous)}"}}}`,
  };
}

function href(
  { basePath, organization, list, perPage, includeSpaces }: PageFacts,
  page: number,
  crawl: string | undefined,
): string {
  const spaces = includeSpaces === undefined ? '' : `&include_spaces=${includeSpaces}`;
  const carried = crawl === undefined ? '' : `&crawl=${crawl}`;
  return `${basePath}/batch/${organization}/${list}?page=${page}&per_page=${perPage}${spaces}${carried}`;
}
