import { type RefObject, useLayoutEffect, useState } from 'react';

/** Browsers draw nothing beyond about 17 million pixels. */
const MAX_HEIGHT = 15_000_000;
/** Rows drawn above and below what is in sight, for a scroll to find them there. */
const OVERSCAN = 15;

export type RowWindow = {
  /** The rows to draw, from `first` to before `end`. */
  first: number;
  end: number;
  /** Heights of the empty space above and below them. */
  above: number;
  below: number;
};

/** Where the reader has scrolled to: in the browser's pixels, and in those of all rows. */
type Position = { scrollTop: number; top: number; height: number };

/**
 * Which of many rows of one height to draw. Where they are too high for a browser, small steps still move by as much,
 * and large ones by the share of the whole.
 */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): RowWindow {
  const [position, setPosition] = useState<Position>({ scrollTop: 0, top: 0, height: 600 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const note = () =>
      setPosition((last) => {
        const { scrollTop, clientHeight: height } = element;
        const mostScroll = element.scrollHeight - height;
        return { scrollTop, height, top: topOf(scrollTop, last, count * rowHeight, mostScroll) };
      });
    note();
    element.addEventListener('scroll', note, { passive: true });
    const observer = new ResizeObserver(note);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', note);
      observer.disconnect();
    };
  }, [scroller, count, rowHeight]);

  const whole = Math.min(count * rowHeight, MAX_HEIGHT);
  const { scrollTop, top, height } = position;
  const inSight = Math.max(0, Math.floor(top / rowHeight));
  const first = Math.max(0, Math.min(inSight - OVERSCAN, count - 1));
  const end = Math.min(count, inSight + Math.ceil(height / rowHeight) + OVERSCAN);
  const above = Math.max(0, first * rowHeight + scrollTop - top);
  return { first, end, above, below: Math.max(0, whole - above - (end - first) * rowHeight) };
}

function topOf(scrollTop: number, last: Position, all: number, mostScroll: number): number {
  if (all <= MAX_HEIGHT) return scrollTop;
  const mostTop = all - MAX_HEIGHT + mostScroll;
  const moved = scrollTop - last.scrollTop;
  const isAtEdge = scrollTop <= 0 || scrollTop >= mostScroll - 1;
  if (isAtEdge || Math.abs(moved) > 2 * last.height) return (scrollTop / mostScroll) * mostTop;
  return Math.max(0, Math.min(last.top + moved, mostTop));
}
