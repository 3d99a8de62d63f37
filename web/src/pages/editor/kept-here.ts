import type { SessionState } from '../../../../src/sessions/session-schema.ts';
import { queryClient, SESSION_KEY } from '../../api/client.ts';
import { type DraftContent, readDraft } from '../../api/edited-content.ts';

/** What was written and has not reached the server, and the draft there that it was to replace. */
export type KeptHere = { content: DraftContent; draftTag: string };

/**
 * Keeps in the browser what was written of one report until the server has it: neither a session that ends nor a browser
 * that crashes costs a word. It comes back to the same member only.
 */
export function keepHere(organization: string, report: string) {
  const name = `rollcall draft ${organization} ${report}`;
  const member = queryClient.getQueryData<SessionState>(SESSION_KEY)?.session?.member.token;
  return {
    read(): KeptHere | undefined {
      const kept = parse(localStorage.getItem(name));
      if (kept === undefined || kept.member !== member) return undefined;
      return { content: readDraft(kept.content), draftTag: String(kept.draftTag) };
    },
    write({ content, draftTag }: KeptHere): void {
      try {
        localStorage.setItem(name, JSON.stringify({ member, draftTag, content }));
      } catch {
        // The browser has no room for it, or keeps nothing; the server is still tried.
      }
    },
    forget(): void {
      localStorage.removeItem(name);
    },
  };
}

function parse(text: string | null): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}
