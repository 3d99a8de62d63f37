import { StoreFaultError } from '../database/database.ts';
import { type List, type ListName, lists, type View } from './lists.ts';

/** How many rows each list of an organization has, by the number of the list: in all, and outside personal spaces. */
type Counts = Record<string, [all: number, shared: number]>;

/** How many rows of a list the store counts, and how many can be read. */
export type Miscount = { list: ListName; counted: number; found: number };

/**
 * How many rows each list of an organization has, as the store keeps it beside the number of the last change. A list that
 * is read from a damaged store may end early without a word from the store; these numbers show it.
 */
export class RowCounts {
  readonly #counts: Counts;

  /** @throws StoreFaultError where the text is not one that was stored. */
  constructor(stored: string) {
    this.#counts = parse(stored);
  }

  of(list: List, view: View): number {
    const [all, shared] = this.#counts[list.number] ?? [0, 0];
    return view === 'all' ? all : shared;
  }

  add(list: List, rows: Record<View, number>): void {
    this.#counts[list.number] = [
      this.of(list, 'all') + rows.all,
      this.of(list, 'shared') + rows.shared,
    ];
  }

  /** Which lists have another number of rows than these, with both numbers. */
  differencesTo(found: Record<ListName, { all: number }>): Miscount[] {
    return Object.values(lists)
      .map((list) => ({
        list: list.name,
        counted: this.of(list, 'all'),
        found: found[list.name].all,
      }))
      .filter((one) => one.counted !== one.found);
  }

  toString(): string {
    return JSON.stringify(this.#counts);
  }
}

/** What is said of a list that is shorter or longer than it should be. */
export function describeMiscount({ list, counted, found }: Miscount): string {
  return `of the ${counted} ${list} that it counts, ${found} can be read`;
}

function parse(stored: string): Counts {
  try {
    return JSON.parse(stored) as Counts;
  } catch (cause) {
    const message = 'The row counts of an organization in the store are unreadable.';
    throw new StoreFaultError('store_damaged', message, { cause });
  }
}
