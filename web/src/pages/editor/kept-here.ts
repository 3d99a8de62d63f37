import { useQuery } from '@tanstack/react-query';
import type { SessionState } from '../../../../src/sessions/session-schema.ts';
import { queryClient, SESSION_KEY } from '../../api/client.ts';
import { type DraftContent, type Editable, readDraft } from '../../api/edited-content.ts';

/** What was written and has not reached the server, and the draft there that it was to replace. */
export type KeptHere = { content: DraftContent; draftTag: string };

/** What a page that was closed, or crashed, has left behind. */
export type LostHere = KeptHere & { name: string };

const prefixOf = (organization: string, report: string) =>
  `rollcall draft ${organization} ${report} `;
const memberNow = () => queryClient.getQueryData<SessionState>(SESSION_KEY)?.session?.member.token;

/**
 * Keeps in the browser what an open editor has written until the server has it: neither a session that ends nor a browser
 * that crashes costs a word. Each editor has a name of its own, which is locked as long as its page lives.
 */
export function keepHere(organization: string, report: string) {
  const name = prefixOf(organization, report) + newName();
  // Who wrote it: a session that ends meanwhile is nobody's any more.
  const member = memberNow();
  const end = new AbortController();
  // Where a browser has no locks, as without HTTPS, every editor is taken for closed.
  navigator.locks
    ?.request(name, () => new Promise((free) => end.signal.addEventListener('abort', free)))
    .catch(() => {});
  return {
    write({ content, draftTag }: KeptHere): void {
      const kept = { member, at: Date.now(), draftTag, content };
      try {
        localStorage.setItem(name, JSON.stringify(kept));
      } catch {
        // The browser has no room for it, or keeps nothing; the server is still tried.
      }
    },
    forget: () => localStorage.removeItem(name),
    /** From now on, what is kept is of a closed editor. */
    end: () => end.abort(),
  };
}

/** What the member last wrote in an editor that was closed, if the server does not have it; or null. */
export function useLost({ organization, token, newIn }: Editable) {
  return useQuery({
    // The editor of a new report leaves its words to that of the published one.
    queryKey: ['lost-here', organization, token, newIn === undefined],
    // A browser may not let pages keep anything.
    queryFn: () => findLost(prefixOf(organization, token)).catch(() => null),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

async function findLost(prefix: string): Promise<LostHere | null> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const open = new Set(held.map(({ name }) => name));
  const member = memberNow();
  const [last] = Object.keys(localStorage)
    .filter((name) => name.startsWith(prefix) && !open.has(name))
    .map((name) => ({ name, kept: parse(localStorage.getItem(name)) }))
    .filter(({ kept }) => kept?.member === member)
    .toSorted((a, b) => Number(b.kept?.at) - Number(a.kept?.at));
  if (last?.kept === undefined) return null;
  const { content, draftTag } = last.kept;
  return { name: last.name, content: readDraft(content), draftTag: String(draftTag) };
}

/** Another editor has taken over what was left behind. */
export function forgetLost({ name }: LostHere): void {
  localStorage.removeItem(name);
}

const newName = () => Array.from(crypto.getRandomValues(new Uint32Array(2))).join('');

function parse(text: string | null): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}
