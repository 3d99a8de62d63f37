import { useEffect, useState } from 'react';

/** Between two strokes of a key; so many questions are as good as one. */
export const TYPING_MS = 120;

/** What somebody types, as soon as no key has followed for a time. */
export function useSettled(typed: string, afterMs = TYPING_MS): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), afterMs);
    return () => clearTimeout(timer);
  }, [typed, afterMs]);
  return settled;
}
