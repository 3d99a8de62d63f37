/** How long a crawler may think between two pages. */
export const PATIENCE_MS = 60 * 60 * 1000;
/** How long it may think where others crawl too: so long an end still counts after one of them went on from it. */
const PASSED_MS = 10 * 60 * 1000;
/** What was given within this time counts as given at once, and times this close as the same. */
const CLOSE_MS = 60 * 1000;
/** Of more ends than these, those that would expire first are forgotten. */
const MAX_ENDS = 100;

/** Where a page began and ended: its rows are those after one slot, up to another. */
export type PageEnd = {
  page: number;
  startSlot: number;
  endSlot: number;
  /** The last slot of the crawl: where the list ended when page 1 was sent. */
  lastSlot: number;
  givenAtMs: number;
  /** When a crawler that may not be the only one here went on, or when the last page of a crawl was sent. */
  passedAtMs?: number;
  /** Whether more than one crawler may have been given it. */
  isShared?: true;
  /** Whether it was the last page of a crawl while no other was under way: it counts only if nothing else does. */
  isOver?: true;
  /** Of such a page, whether it had as many rows as a page may have. */
  isFull?: true;
};

/** Which rows the pages of a crawl have from here on: those after a slot, up to the crawl's last one. */
export type PageBounds = { startSlot: number; lastSlot: number };

/** A page as it was sent. */
export type SentPageEnd = PageBounds & {
  page: number;
  endSlot: number;
  isFull: boolean;
  /** Whether no rows of the crawl come after it. */
  isLast: boolean;
};

/**
 * Where a page begins, for crawlers of which the server only knows which page they want: at the least end of the page before
 * that one of them may have come to; or at the least start of the page itself, which may be requested again. Undefined
 * outside a crawl.
 *
 * Nobody misses a row, as the end that a crawler did come to is among these. A crawler that is alone doubles none, as its
 * end is the only one.
 */
export function boundsOf(
  ends: readonly PageEnd[],
  page: number,
  nowMs: number,
): PageBounds | undefined {
  if (!ends.some((end) => end.page === page || end.page === page - 1)) return undefined;
  const { before, same, overBefore, overSame } = around(aliveAt(ends, nowMs), page);
  const possible = [...before.map(boundsAfter), ...same];
  const left = overBefore ? boundsAfter(overBefore) : overSame;
  if (possible.length === 0) return left && { startSlot: left.startSlot, lastSlot: left.lastSlot };
  return {
    startSlot: Math.min(...possible.map(({ startSlot }) => startSlot)),
    lastSlot: Math.max(...possible.map(({ lastSlot }) => lastSlot)),
  };
}

/** The ends once a page was sent; the same array if nothing is different. */
export function withPage(
  ends: readonly PageEnd[],
  sent: SentPageEnd,
  nowMs: number,
): readonly PageEnd[] {
  const next = nextEnds(aliveAt(ends, nowMs), sent, nowMs);
  if (next.length > MAX_ENDS) next.sort((a, b) => expiryOf(b) - expiryOf(a)).splice(MAX_ENDS);
  const isSame = next.length === ends.length && ends.every((end, at) => areClose(end, next[at]));
  return isSame ? ends : next;
}

function nextEnds(alive: readonly PageEnd[], sent: SentPageEnd, nowMs: number): PageEnd[] {
  const { page, startSlot, endSlot, lastSlot, isFull, isLast } = sent;
  const given: PageEnd = { page, startSlot, endSlot, lastSlot, givenAtMs: nowMs };
  const { before, same, overBefore, overSame } = around(alive, page);
  const isOfOne = (some: readonly PageEnd[]) => some.length === 1 && !some[0]?.isShared;

  // Who got the last page asks for one more if that was full; some do so always, to find an empty one.
  const mayLookBehind =
    overBefore !== undefined &&
    (overBefore.isFull || alive.some(isEmpty)) &&
    (overBefore.isShared || overSame?.startSlot !== overBefore.endSlot);
  const isMove = isOfOne(before) && same.length === 0 && !mayLookBehind;
  const isRetry = before.length === 0 && isOfOne(same) && !mayLookBehind && page > 1;
  const recent = isRetry
    ? undefined
    : same.findLast(({ givenAtMs }) => givenAtMs > nowMs - CLOSE_MS);
  const end = recent ? shared(recent, given) : given;

  const dropped = new Set<PageEnd | undefined>([...before, recent]);
  if (isMove) dropped.add(overBefore);
  if (isRetry) dropped.add(same[0]);
  const others = alive.filter((one) => !dropped.has(one));
  // Who went on need not be the only one who was there.
  if (!isMove) others.push(...before.map((one) => ({ ...one, passedAtMs: nowMs })));
  if (!isLast) return [...others, end];

  const last = { ...end, passedAtMs: nowMs };
  if (end.isShared || others.some(({ isOver }) => !isOver)) return [...others, last];
  const over: PageEnd = { ...last, isOver: true };
  if (isFull) over.isFull = true;
  if (overSame) over.isShared = true;
  return [...others.filter((one) => one !== overSame), over];
}

/** What is known of the page before and of the page itself. */
function around(ends: readonly PageEnd[], page: number) {
  const before = ends.filter((end) => end.page === page - 1);
  const same = ends.filter((end) => end.page === page);
  return {
    before: before.filter(({ isOver }) => !isOver),
    same: same.filter(({ isOver }) => !isOver),
    overBefore: before.find(({ isOver }) => isOver),
    overSame: same.find(({ isOver }) => isOver),
  };
}

function isEmpty({ page, startSlot, endSlot }: PageEnd): boolean {
  return page > 1 && startSlot === endSlot;
}

function boundsAfter({ endSlot, lastSlot }: PageEnd): PageBounds {
  return { startSlot: endSlot, lastSlot };
}

function aliveAt(ends: readonly PageEnd[], nowMs: number): readonly PageEnd[] {
  return ends.filter((end) => expiryOf(end) > nowMs);
}

function expiryOf({ givenAtMs, passedAtMs }: PageEnd): number {
  return passedAtMs === undefined ? givenAtMs + PATIENCE_MS : passedAtMs + PASSED_MS;
}

/** What was given at once to two crawlers, or to one that asked again. */
function shared({ passedAtMs: _, ...known }: PageEnd, given: PageEnd): PageEnd {
  return {
    ...known,
    startSlot: Math.min(known.startSlot, given.startSlot),
    endSlot: Math.min(known.endSlot, given.endSlot),
    lastSlot: Math.max(known.lastSlot, given.lastSlot),
    isShared: true,
  };
}

function areClose(end: PageEnd, other: PageEnd | undefined): boolean {
  const isClose = (a = 0, b = 0) => Math.abs(a - b) < CLOSE_MS;
  return (
    end.page === other?.page &&
    end.startSlot === other.startSlot &&
    end.endSlot === other.endSlot &&
    end.lastSlot === other.lastSlot &&
    end.isShared === other.isShared &&
    end.isOver === other.isOver &&
    end.isFull === other.isFull &&
    isClose(end.givenAtMs, other.givenAtMs) &&
    isClose(end.passedAtMs, other.passedAtMs)
  );
}
