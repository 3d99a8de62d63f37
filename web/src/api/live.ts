import { useEffect } from 'react';
import type { ReportsEvent } from '../../../src/events/report-events.ts';
import { ownAddress } from '../base-path.ts';
import { queryClient, SESSION_KEY } from './client.ts';
import { readReport, refreshReport, reportKey } from './reports.ts';

/** A message between the tabs of a browser. */
type Message =
  | { is: 'event'; event: ReportsEvent }
  /** Events are received from now on; earlier ones may have been missed. */
  | { is: 'live' }
  | { is: 'not live' }
  /** A tab was opened; the listening tab answers whether events are received. */
  | { is: 'asking' }
  | { is: 'answering'; isLive: boolean };

/** The shortest time between two reads of a report that keeps changing. */
const LEAST_MS = 2_000;
/** The delay before a refused connection is tried again. */
const AGAIN_MS = 15_000;

let isLive = false;
/** Functions to call when something happens in a report, by its key. */
const acts = new Map<string, Set<() => void>>();

/** The polling interval of something that events announce: false while events are received. */
export function unlessLive(everyMs: number | false): number | false {
  return isLive ? false : everyMs;
}

/** Calls a function whenever something happened in a report, or may have. */
export function useReportEvents(organization: string, report: string, act: () => void): void {
  useEffect(() => {
    const key = keyOf(organization, report);
    const all = acts.get(key) ?? new Set();
    acts.set(key, all.add(act));
    return () => {
      all.delete(act);
      if (all.size === 0) acts.delete(key);
    };
  }, [organization, report, act]);
}

/**
 * Keeps open pages up to date while others work on reports. One tab of a browser receives the events and passes them to
 * the others. Without locks, pages poll.
 */
export function followReports(organization: string, member: string, signal: AbortSignal): void {
  // Without locks (as without HTTPS), each tab would need its own connection, and browsers allow few.
  if (!navigator.locks || !window.BroadcastChannel || signal.aborted) return;
  const name = `rollcall events ${organization} ${member}`;
  const channel = new BroadcastChannel(name);
  let isListening = false;
  const take = (message: Message) => {
    if (message.is === 'event') applyEvent(organization, message.event);
    else if (message.is === 'live') setLive(organization, true);
    else if (message.is === 'asking') {
      if (isListening) channel.postMessage({ is: 'answering', isLive });
    } else {
      // Every failed attempt is posted, and so is every answer: only a change matters.
      const now = message.is === 'answering' && message.isLive;
      if (now !== isLive) setLive(organization, now);
    }
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => take(data);
  channel.postMessage({ is: 'asking' });
  navigator.locks
    .request(name, { signal }, async () => {
      isListening = true;
      await listen(organization, signal, (message) => {
        take(message);
        channel.postMessage(message);
      });
    })
    .catch(() => {});
  signal.addEventListener('abort', () => {
    channel.close();
    isLive = false;
  });
}

/** Posts the server's events until the signal is aborted. */
function listen(
  organization: string,
  signal: AbortSignal,
  post: (message: Message) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource(ownAddress(`/api/${encodeURIComponent(organization)}/events`));
      source.addEventListener('ready', () => post({ is: 'live' }));
      source.addEventListener('reports', ({ data }) => {
        post({ is: 'event', event: JSON.parse(data) });
      });
      source.addEventListener('error', () => {
        post({ is: 'not live' });
        // The browser reopens an interrupted connection, but not a refused one. The session may have ended.
        if (source?.readyState !== EventSource.CLOSED) return;
        void queryClient.invalidateQueries({ queryKey: SESSION_KEY });
        timer = setTimeout(open, AGAIN_MS);
      });
    };
    open();
    signal.addEventListener('abort', () => {
      source?.close();
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Reads everything that is shown again, since events may have been missed; each page at another moment. */
function setLive(organization: string, now: boolean): void {
  isLive = now;
  const nothing = { reports: [], runs: [], drafts: [] };
  setTimeout(() => {
    // The connection also ends with the session, and another member may have signed in.
    if (now) void queryClient.invalidateQueries({ queryKey: SESSION_KEY });
    applyEvent(organization, { ...nothing, more: true });
  }, Math.random() * 1_000);
}

function applyEvent(organization: string, { reports, runs, drafts, more }: ReportsEvent): void {
  const shown = new Set(
    queryClient
      .getQueryCache()
      .findAll({ queryKey: ['report', organization], type: 'active' })
      .map(({ queryKey: [, , token] }) => String(token)),
  );
  for (const token of shown) {
    const has = (some: readonly string[]) => more || some.includes(token);
    if (has(drafts)) void readAgain(organization, token, 'drafters');
    if (has(runs)) void readAgain(organization, token, 'runs');
    if (has(reports)) seldom(keyOf(organization, token), () => lookAgain(organization, token));
  }
  if (showsAny(organization, reports, more))
    seldom(organization, () =>
      queryClient.invalidateQueries({ queryKey: ['reports', organization] }),
    );
}

const keyOf = (organization: string, report: string) => `${organization}/${report}`;

function readAgain(organization: string, token: string, part: string): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: [...reportKey(organization, token), part] });
}

/** Ignores views, which change nothing that is shown of a report. */
async function lookAgain(organization: string, token: string): Promise<void> {
  const key = reportKey(organization, token);
  const before = JSON.stringify({ ...queryClient.getQueryData<object>(key), last_viewed_at: null });
  const now = await queryClient
    .fetchQuery({ queryKey: key, queryFn: () => readReport(organization, token), staleTime: 0 })
    .catch(() => undefined);
  if (before === JSON.stringify({ ...now, last_viewed_at: null })) return;
  await refreshReport(organization, token);
  for (const act of acts.get(keyOf(organization, token)) ?? []) act();
}

/** Whether a list on the page contains any of these reports. */
function showsAny(organization: string, tokens: readonly string[], more: boolean): boolean {
  const pages = queryClient
    .getQueryCache()
    .findAll({ queryKey: ['reports', organization], type: 'active' })
    .map(({ state }) => JSON.stringify(state.data ?? null));
  return pages.some((page) => more || tokens.some((token) => page.includes(`"${token}"`)));
}

/** The time of the last call by name, and whether another one is planned. */
const done = new Map<string, { atMs: number; isPlanned: boolean }>();

function seldom(name: string, act: () => Promise<unknown>): void {
  const last = done.get(name) ?? { atMs: 0, isPlanned: false };
  if (last.isPlanned) return;
  done.set(name, { ...last, isPlanned: true });
  const carryOut = () => {
    done.set(name, { atMs: Date.now(), isPlanned: false });
    void act();
  };
  setTimeout(carryOut, Math.max(0, last.atMs + LEAST_MS - Date.now()));
}
