import { useEffect, useState } from 'react';

/** Between two strokes of a key; one request serves several. */
export const TYPING_MS = 120;

/** What is typed, once no key has followed for a time. */
export function useDebounced(typed: string, afterMs = TYPING_MS): string {
  const [debounced, setDebounced] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setDebounced(typed), afterMs);
    return () => clearTimeout(timer);
  }, [typed, afterMs]);
  return debounced;
}
