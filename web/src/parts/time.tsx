import { useEffect, useState } from 'react';
import { words } from '../words.ts';

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time as people say it, in the reader's zone: "3 hr. ago", and past a month the day. */
function saidTime(timeMs: number, nowMs: number): string {
  const ago = nowMs - timeMs;
  const distance = Math.abs(ago);
  const sign = ago < 0 ? 1 : -1;
  if (distance < MINUTE) return ago < 0 ? words.inAMoment : words.justNow;
  if (distance < HOUR) return relative.format(sign * Math.round(distance / MINUTE), 'minute');
  if (distance < DAY) return relative.format(sign * Math.round(distance / HOUR), 'hour');
  if (distance < 31 * DAY) return relative.format(sign * Math.round(distance / DAY), 'day');
  return day.format(timeMs);
}

/** The time now, anew every half a minute. */
function useNow(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

/** A time on the wire, said; the exact one on hover. */
export function Time({
  at,
  never = words.never,
}: {
  at: string | null | undefined;
  never?: string;
}) {
  const nowMs = useNow();
  if (at === null || at === undefined) return <span className="faint">{never}</span>;
  const timeMs = Date.parse(at);
  return (
    <time dateTime={at} title={exact.format(timeMs)}>
      {saidTime(timeMs, nowMs)}
    </time>
  );
}
