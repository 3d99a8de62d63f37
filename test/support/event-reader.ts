import { onTestFinished } from 'vitest';
import type { ReportsEvent } from '../../src/events/report-events.ts';
import { waitFor } from './wait-for.ts';

/** Follows the events of an organization, as a browser does. */
export async function readEvents(url: string, authorization: string) {
  const hangUp = new AbortController();
  onTestFinished(() => hangUp.abort());
  const response = await fetch(url, { headers: { authorization }, signal: hangUp.signal });
  let text = '';
  let isOver = false;
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  })();
  reading.catch(() => {}).finally(() => (isOver = true));
  const all = (): ReportsEvent[] =>
    [...text.matchAll(/^event: reports\ndata: (.*)\n\n/gm)].map(([, data]) =>
      JSON.parse(data ?? ''),
    );
  await waitFor(() => {
    if (!text.includes('event: ready\n') && !isOver) throw new Error('It is not ready.');
  });
  return {
    response,
    all,
    hangUp: () => hangUp.abort(),
    text: () => text,
    isOver: () => isOver,
    /** Which reports were told of by now, each once. */
    of: (kind: 'reports' | 'runs' | 'drafts') => [...new Set(all().flatMap((one) => one[kind]))],
  };
}
