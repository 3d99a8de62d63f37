import { useEffect, useState } from 'react';

/** Between two strokes of a key; so many questions are as good as one. */
export const TYPING_MS = 120;

/** What somebody types, as soon as no key has followed. */
export function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}
