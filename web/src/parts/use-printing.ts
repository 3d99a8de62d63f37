import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** A table on paper has so many rows; a sentence says how many there are. */
export const MOST_PRINTED_ROWS = 500;

/** Whether the page is printed. What it shows then is drawn before it is. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const printed = matchMedia('print');
    const show = (is: boolean) => flushSync(() => setPrinting(is));
    const note = () => show(printed.matches);
    const [begin, end] = [() => show(true), () => show(false)];
    // Pages are counted after the first of these, and before the second.
    addEventListener('beforeprint', begin);
    printed.addEventListener('change', note);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', begin);
      printed.removeEventListener('change', note);
      removeEventListener('afterprint', end);
    };
  }, []);
  return isPrinting;
}
