import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Window } from './pivot-blocks.ts';

/** Columns drawn at the left and right of what is in sight. */
const OVERSCAN = 3;

/** Which of many columns of one width to draw. */
export function useColumnWindow(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  width: number,
): Window {
  const [{ left, size }, setPosition] = useState({ left: 0, size: 1_000 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const note = () => {
      const { scrollLeft, clientWidth } = element;
      setPosition((last) =>
        last.left === scrollLeft && last.size === clientWidth
          ? last
          : { left: scrollLeft, size: clientWidth },
      );
    };
    note();
    element.addEventListener('scroll', note, { passive: true });
    const observer = new ResizeObserver(note);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', note);
      observer.disconnect();
    };
  }, [scroller]);
  const inSight = Math.floor(left / width);
  return {
    first: Math.max(0, Math.min(inSight, count) - OVERSCAN),
    end: Math.min(count, inSight + Math.ceil(size / width) + OVERSCAN),
  };
}
