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
      `The response of ${url} has no list ${list}. Is it the URL of a server with the Discovery API?`,
    );
  }
  requireRows(url, list, rows);
  const counters = (pagination ?? {}) as Record<string, unknown>;
  for (const name of COUNTERS) {
    if (!Number.isSafeInteger(counters[name])) {
      throw new RollcallError(
        'unexpected_answer',
        `pagination.${name} in the response of ${url} is ${JSON.stringify(counters[name])}; it must be a whole number.`,
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

/** Deeper than any row, and shallow enough for whoever writes it down again. */
const MOST_LEVELS = 20;

/** @throws RollcallError unexpected_answer where something in an answer's list is no object that can be worked with. */
export function requireRows(url: string, list: string, rows: readonly unknown[]): void {
  for (const [index, row] of rows.entries()) {
    const isObject = typeof row === 'object' && row !== null && !Array.isArray(row);
    if (isObject && !isDeeper(row, MOST_LEVELS)) continue;
    const is = isObject ? `nested deeper than ${MOST_LEVELS} levels` : 'not an object';
    throw new RollcallError(
      'unexpected_answer',
      `Row ${index + 1} of ${list} in the response of ${url} is ${is}. Is it the URL of a server with the Discovery API?`,
    );
  }
}

function isDeeper(value: object, most: number): boolean {
  let level: object[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === most) return true;
    level = level
      .flatMap((one): unknown[] => Object.values(one))
      .filter((one) => typeof one === 'object' && one !== null);
  }
  return false;
}

/** Whether a page holds what the list has after `previous`. */
export function goesOn(previous: Page<unknown>, { pagination, rows }: Page<unknown>): boolean {
  const { page, total_pages: totalPages } = pagination;
  return rows.length > 0 && page > previous.pagination.page && page <= totalPages;
}
