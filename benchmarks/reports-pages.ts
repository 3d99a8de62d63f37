import type { Filled } from './store.ts';

/** The path of a page of an organization's reports. */
export function pageOf({ name }: Pick<Filled, 'name'>, page: number, perPage = 1000): string {
  return `/batch/${name}/reports?page=${page}&per_page=${perPage}&include_spaces=all`;
}

/** How many pages of 1,000 an organization has. */
export function pagesOf({ reports }: Pick<Filled, 'reports'>): number {
  return Math.ceil(reports / 1000);
}

/** The paths of all its pages of 1,000, in order. */
export function allPages(filled: Filled): string[] {
  return Array.from({ length: pagesOf(filled) }, (_, index) => pageOf(filled, index + 1));
}

/** Random pages of 1,000; some come again. */
export function randomPages(filled: Filled): string[] {
  const pick = () => 1 + Math.floor(Math.random() * pagesOf(filled));
  return Array.from({ length: 10_000 }, () => pageOf(filled, pick()));
}

/** Which pages of an organization that has so many: from this one to that one. */
export type Part = (pages: number) => [from: number, to: number];

export const wholeList: Part = (pages) => [1, pages];
export const itsBeginning: Part = (pages) => [1, Math.min(20, pages)];
export const itsEnd: Part = (pages) => [Math.max(1, pages - 19), pages];

/**
 * So many pages in random order, none of them twice. There are not enough of the largest size, so the others have a few
 * less; `perPage` is the size in the middle.
 */
export function differentPages(
  filled: Filled,
  count: number,
  part: Part,
  largest = 1000,
): { paths: string[]; perPage: number } {
  const paths: string[] = [];
  let perPage = largest + 1;
  while (paths.length < count) {
    perPage--;
    if (perPage === 0) throw new Error(`${filled.reports} reports have no ${count} pages.`);
    const [from, to] = part(Math.floor(filled.reports / perPage));
    for (let page = from; page <= to; page++) paths.push(pageOf(filled, page, perPage));
  }
  return { paths: shuffled(paths), perPage: Math.round((largest + perPage) / 2) };
}

function shuffled<Item>(items: Item[]): Item[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [items[last], items[other]] = [items[other] as Item, items[last] as Item];
  }
  return items;
}
