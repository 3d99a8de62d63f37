import { RollcallError } from './errors.ts';

export type Pagination = {
  page: number;
  per_page: number;
  count: number;
  total_pages: number;
  total_count: number;
};

/** One page of a list. */
export type Page<Row> = {
  pagination: Pagination;
  rows: Row[];
  /** Where changes go on after the page, by a server that tells changes: as long as it stays the same, nothing has changed. */
  cursor?: string;
};

/** A page as it was answered, and where the server says that the list goes on. */
export type LinkedPage<Row> = Page<Row> & { nextHref: string | undefined };

const COUNTERS = ['page', 'per_page', 'count', 'total_pages', 'total_count'] as const;

/** @throws RollcallError unexpected_answer where the answer is not a page of this list. */
export function readPage<Row>(url: string, list: string, answer: unknown): LinkedPage<Row> {
  const { pagination, [list]: rows, _links: links } = (answer ?? {}) as Record<string, unknown>;
  if (!Array.isArray(rows)) {
    throw new RollcallError(
      'unexpected_answer',
      `The answer of ${url} has no list ${list}; is it the address of a server that speaks the Discovery API?`,
    );
  }
  const counters = (pagination ?? {}) as Record<string, unknown>;
  for (const name of COUNTERS) {
    if (!Number.isSafeInteger(counters[name])) {
      throw new RollcallError(
        'unexpected_answer',
        `pagination.${name} in the answer of ${url} is ${JSON.stringify(counters[name])}; it must be a whole number.`,
      );
    }
  }
  const href = (links as { next_page?: { href?: unknown } } | undefined)?.next_page?.href;
  return {
    pagination: counters as Pagination,
    rows: rows as Row[],
    nextHref: typeof href === 'string' ? href : undefined,
  };
}

/** Whether a page holds what the list has after `previous`. */
export function goesOn(previous: Page<unknown>, { pagination, rows }: Page<unknown>): boolean {
  const { page, total_pages: totalPages } = pagination;
  return rows.length > 0 && page > previous.pagination.page && page <= totalPages;
}
