import { useEffect } from 'react';
import type { Told } from '../../../src/events/report-news.ts';
import { ownAddress } from '../base-path.ts';
import { queryClient, SESSION_KEY } from './client.ts';
import { readReport, refreshReport, reportKey } from './reports.ts';

/** What tabs of one browser tell each other. */
type Message =
  | { is: 'told'; told: Told }
  /** The server tells from now on: what came before may have been missed. */
  | { is: 'live' }
  | { is: 'not live' }
  /** A tab has been opened; one that listens says how it stands. */
  | { is: 'asking' }
  | { is: 'answering'; isLive: boolean };

/** A page that shows a report that changes all the time reads it again as seldom as that. */
const LEAST_MS = 2_000;
/** How long until a connection that the server refused is tried again. */
const AGAIN_MS = 15_000;

let isLive = false;
/** What else is to be done when something happens in a report, by its key. */
const acts = new Map<string, Set<() => void>>();

/** How often something is asked for that a page is told of by itself as long as its server can tell: not at all then. */
export function unlessLive(everyMs: number | false): number | false {
  return isLive ? false : everyMs;
}

/** Acts whenever something happens in a report, or may have happened. */
export function useReportNews(organization: string, report: string, act: () => void): void {
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
 * Keeps what is shown of reports up to date while others work on them. One tab of a browser listens to the server and tells
 * the others; where that cannot be, pages ask now and then.
 */
export function followReports(organization: string, member: string, signal: AbortSignal): void {
  // Where a browser has no locks, as without HTTPS, each tab would have a connection of its own, and few may be open.
  if (!navigator.locks || !window.BroadcastChannel || signal.aborted) return;
  const name = `rollcall events ${organization} ${member}`;
  const channel = new BroadcastChannel(name);
  let isListening = false;
  const take = (message: Message) => {
    if (message.is === 'told') applyNews(organization, message.told);
    else if (message.is === 'live') setLive(organization, true);
    else if (message.is === 'asking') {
      if (isListening) channel.postMessage({ is: 'answering', isLive });
    } else {
      // Each attempt that fails says so, and other tabs are answered, too: only what is new to this one counts.
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

/** Passes on what the server tells until the signal is aborted. */
function listen(
  organization: string,
  signal: AbortSignal,
  tell: (message: Message) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource(ownAddress(`/api/${encodeURIComponent(organization)}/events`));
      source.addEventListener('ready', () => tell({ is: 'live' }));
      source.addEventListener('reports', ({ data }) => {
        tell({ is: 'told', told: JSON.parse(data) });
      });
      source.addEventListener('error', () => {
        tell({ is: 'not live' });
        // A connection that broke is opened again by the browser; one that was refused is not, and the session may be over.
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

/** Whether something was missed is not known: all that is shown is read again, by each page a moment later than by others. */
function setLive(organization: string, now: boolean): void {
  isLive = now;
  const nothing = { reports: [], runs: [], drafts: [] };
  setTimeout(() => {
    // A connection also ends with the session, which may be somebody else's by now.
    if (now) void queryClient.invalidateQueries({ queryKey: SESSION_KEY });
    applyNews(organization, { ...nothing, more: true });
  }, Math.random() * 1_000);
}

function applyNews(organization: string, { reports, runs, drafts, more }: Told): void {
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

/** A view of a report changes nothing that is shown of it. */
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

/** Whether a list on the page has any of these reports. */
function showsAny(organization: string, tokens: readonly string[], more: boolean): boolean {
  const pages = queryClient
    .getQueryCache()
    .findAll({ queryKey: ['reports', organization], type: 'active' })
    .map(({ state }) => JSON.stringify(state.data ?? null));
  return pages.some((page) => more || tokens.some((token) => page.includes(`"${token}"`)));
}

/** When something was done last, and whether it is to be done again. */
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
