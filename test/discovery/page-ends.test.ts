import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundsOf, type PageEnd, withPage } from '../../src/discovery/page-ends.ts';
import { rounds } from '../support/rounds.ts';

const MINUTE_MS = 60_000;

/** A list of slots, and what is remembered of those who read it. */
class ListOfSlots {
  readonly #perPage: number;
  slots: number[] = [];
  #hidden: number[] = [];
  #next = 1;
  ends: readonly PageEnd[] = [];
  nowMs = 1e12;
  /** What is listed all the time since each of these was begun. */
  readonly watched: Set<number>[] = [];

  constructor(perPage: number, count: number) {
    this.#perPage = perPage;
    this.add(count);
  }

  add(count: number): void {
    for (let added = 0; added < count; added++) this.slots.push(this.#next++);
  }

  takeAway(which: number, isForEver: boolean): void {
    const [slot] = this.slots.splice(which % Math.max(1, this.slots.length), 1);
    if (slot === undefined) return;
    if (!isForEver) this.#hidden.push(slot);
    for (const slots of this.watched) slots.delete(slot);
  }

  bringBack(): void {
    const slot = this.#hidden.pop();
    if (slot !== undefined) this.slots = [...this.slots, slot].sort((a, b) => a - b);
  }

  page(page: number): { rows: number[]; isLast: boolean } {
    const bounds =
      page === 1
        ? { startSlot: 0, lastSlot: this.slots.at(-1) ?? 0 }
        : boundsOf(this.ends, page, this.nowMs);
    if (bounds === undefined) throw new Error('The page belongs to no crawl.');
    const rest = this.slots.filter((slot) => slot > bounds.startSlot && slot <= bounds.lastSlot);
    const rows = rest.slice(0, this.#perPage);
    const isLast = rest.length <= this.#perPage;
    const isFull = rows.length === this.#perPage;
    const endSlot = rows.at(-1) ?? bounds.startSlot;
    this.ends = withPage(this.ends, { page, ...bounds, endSlot, isFull, isLast }, this.nowMs);
    return { rows, isLast };
  }
}

type Kind = 'short' | 'empty' | 'link';
type Step = { who: number; what: number; which: number; seconds: number };
type History = { perPage: number; count: number; kinds: Kind[]; steps: Step[] };

const step: fc.Arbitrary<Step> = fc.record({
  /** Who asks; past the crawlers, the list changes. */
  who: fc.nat(6),
  what: fc.nat(9),
  which: fc.nat(1000),
  seconds: fc.nat(60),
});
const history = (most: number): fc.Arbitrary<History> =>
  fc.record({
    perPage: fc.integer({ min: 2, max: 5 }),
    count: fc.nat(30),
    kinds: fc.array(fc.constantFrom<Kind>('short', 'empty', 'link'), {
      minLength: 1,
      maxLength: most,
    }),
    steps: fc.array(step, { minLength: 20, maxLength: 120 }),
  });

class Reader {
  readonly kind: Kind;
  readonly #list: ListOfSlots;
  readonly #perPage: number;
  #page = 0;
  #pages: number[][] = [];
  #throughout = new Set<number>();
  #lastSlot = 0;
  #askedAtMs = 0;
  isActive = false;
  isAtEnd = false;
  /** Whether the crawl counts as over. */
  isOver = false;
  hasRepeatedPage1 = false;

  constructor(list: ListOfSlots, kind: Kind, perPage: number) {
    this.#list = list;
    this.kind = kind;
    this.#perPage = perPage;
  }

  get isLate(): boolean {
    return this.isActive && this.#list.nowMs - this.#askedAtMs > 6 * MINUTE_MS;
  }

  get isDone(): boolean {
    const rows = this.#pages.at(-1)?.length ?? 0;
    if (this.kind === 'link') return this.isAtEnd;
    return this.kind === 'short' ? rows < this.#perPage : rows === 0;
  }

  begin(): void {
    this.isActive = true;
    this.isOver = false;
    this.hasRepeatedPage1 = false;
    this.#page = 0;
    this.next();
  }

  next(): void {
    this.#page++;
    this.#ask();
  }

  repeat(): void {
    if (this.#page === 1) this.hasRepeatedPage1 = true;
    this.#ask();
  }

  #ask(): void {
    if (this.#page === 1) {
      this.#throughout = new Set(this.#list.slots);
      this.#list.watched.push(this.#throughout);
      this.#lastSlot = this.#list.slots.at(-1) ?? 0;
      this.#pages = [];
    }
    const { rows, isLast } = this.#list.page(this.#page);
    if (!isLast) expect(rows, 'a page that is not the last').toHaveLength(this.#perPage);
    this.#pages[this.#page - 1] = rows;
    this.isAtEnd = isLast;
    this.#askedAtMs = this.#list.nowMs;
  }

  end(isExact: boolean): void {
    this.isActive = false;
    const got = this.#pages.flat();
    const unique = new Set(got);
    expect(
      [...this.#throughout].filter((slot) => !unique.has(slot)),
      'missed',
    ).toEqual([]);
    if (!isExact || this.hasRepeatedPage1) return;
    expect(got.length - unique.size, 'doubled').toBe(0);
    expect(
      got.filter((slot) => slot > this.#lastSlot),
      'added since page 1',
    ).toEqual([]);
  }
}

/** Readers who ask for pages in turns, while time passes and the list changes. */
function play(
  { perPage, count, kinds, steps }: History,
  { crawls, isExact }: { crawls: number; isExact: boolean },
): void {
  const list = new ListOfSlots(perPage, count);
  const readers = kinds.map((kind) => new Reader(list, kind, perPage));
  const begun = new Map<Reader, number>();
  const act = (reader: Reader, isRepeat: boolean) => {
    if (!reader.isActive) {
      const times = begun.get(reader) ?? 0;
      if (times === crawls) return;
      begun.set(reader, times + 1);
      // Where nobody else is under way, who has the last page is done as soon as another one begins.
      const active = readers.filter((one) => one.isActive);
      if (active.every(({ isAtEnd }) => isAtEnd)) for (const one of active) one.isOver = true;
      reader.begin();
    } else if (reader.isDone || reader.isOver) reader.end(isExact);
    else if (isRepeat) reader.repeat();
    else reader.next();
  };
  for (const { who, what, which, seconds } of steps) {
    list.nowMs += isExact ? 0 : seconds * 1000;
    for (const late of readers.filter(({ isLate }) => isLate)) act(late, false);
    const reader = who < 4 ? readers[who % readers.length] : undefined;
    if (reader) act(reader, what < 3);
    else if (what < 2) list.add(1 + (which % 3));
    else if (what < 8) list.takeAway(which, what < 6);
    else list.bringBack();
  }
}

describe('of crawlers of which only the page is known that they want', () => {
  test('one that is alone gets every row once, and none that was added since page 1', () => {
    fc.assert(
      fc.property(history(1), (given) => play(given, { crawls: 1, isExact: true })),
      { numRuns: rounds({ usual: 300, full: 20_000 }) },
    );
  });

  test('none of four misses a row, whoever asks again and however often they begin', () => {
    fc.assert(
      fc.property(history(4), (given) => play(given, { crawls: 3, isExact: false })),
      { numRuns: rounds({ usual: 300, full: 20_000 }) },
    );
  });
});

describe('what is remembered', () => {
  const sent = (page: number, more: Partial<Parameters<typeof withPage>[1]> = {}) => ({
    page,
    startSlot: (page - 1) * 10,
    endSlot: page * 10,
    lastSlot: 1_000_000,
    isFull: true,
    isLast: false,
    ...more,
  });

  test('is one end for a crawler that is alone, however long the list', () => {
    let ends: readonly PageEnd[] = [];
    for (let page = 1; page <= 1000; page++) ends = withPage(ends, sent(page), page);
    expect(ends).toHaveLength(1);
  });

  test('is bounded, whatever is asked for', () => {
    let ends: readonly PageEnd[] = [];
    for (let page = 1; page <= 1000; page++)
      for (const startSlot of [page * 10, page * 10 + 1])
        ends = withPage(ends, sent(page, { startSlot }), page);
    expect(ends).toHaveLength(100);
    expect(boundsOf(ends, 1001, 1000)).toEqual({ startSlot: 10_000, lastSlot: 1_000_000 });
  });

  test('does not change while one page is asked for again and again, so that nothing is to be written', () => {
    for (const isLast of [false, true]) {
      let ends = withPage(withPage([], sent(1, { isLast }), 0), sent(1, { isLast }), 0);
      for (let time = 1; time < 100; time++) {
        const next = withPage(ends, sent(1, { isLast }), time * 500);
        expect(next).toBe(ends);
        ends = next;
      }
    }
  });

  test('is forgotten after an hour', () => {
    const ends = withPage([], sent(1), 0);
    expect(boundsOf(ends, 2, 60 * MINUTE_MS - 1)).toEqual({ startSlot: 10, lastSlot: 1_000_000 });
    expect(boundsOf(ends, 2, 60 * MINUTE_MS)).toBeUndefined();
  });
});
