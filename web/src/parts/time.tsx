import { useEffect, useState } from 'react';
import { readerLocales } from '../reader.ts';
import { words } from '../words.ts';
import { saidTime } from './said-time.ts';

const exact = new Intl.DateTimeFormat(readerLocales, { dateStyle: 'full', timeStyle: 'long' });

/** The time now, looked at whenever something is shown, and every half a minute. */
function useNow(): number {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), 30_000);
    return () => clearInterval(timer);
  }, []);
  return Date.now();
}

/**
 * A time on the wire, said; the exact one on hover. What has happened is never said to be ahead, though the server's clock
 * may be ahead of the reader's.
 *
 * @param isAhead where it is the time of something that is still to come.
 */
export function Time({
  at,
  never = words.never,
  isAhead = false,
}: {
  at: string | null | undefined;
  never?: string;
  isAhead?: boolean;
}) {
  const nowMs = useNow();
  if (at === null || at === undefined) return <span className="faint">{never}</span>;
  const timeMs = Date.parse(at);
  return (
    <time dateTime={at} title={exact.format(timeMs)}>
      {saidTime(isAhead ? timeMs : Math.min(timeMs, nowMs), nowMs)}
    </time>
  );
}
