/** How far the last change is kept. */
export type SavingState =
  | { is: 'unchanged' }
  | { is: 'waiting' }
  | { is: 'saved' }
  | { is: 'failed'; error: unknown };

/** Short enough that a crash costs a few words, long enough that typing is not a request for each key. */
const PAUSE_MS = 800;
const RETRY_MS = 5_000;

export type DraftSaver<Draft> = {
  /** The draft is like this now; it is kept after a pause. */
  change: (draft: Draft) => void;
  /** Whether anything is not kept yet. */
  isWaiting: () => boolean;
  /** Keeps at once what is not kept yet. */
  flush: () => Promise<void>;
  /** Keeps nothing more; settles when nothing is on its way. */
  stop: () => Promise<void>;
  /** Keeps once more what is not kept yet; what fails now is not tried again. */
  end: () => Promise<void>;
};

/** Keeps a draft as it is written: one request at a time, the newest wins, and what failed is tried again. */
export function createDraftSaver<Draft>(
  save: (draft: Draft) => Promise<void>,
  onState: (state: SavingState) => void,
): DraftSaver<Draft> {
  let next: { draft: Draft } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onItsWay: Promise<void> | undefined;
  let isEnded = false;

  const wait = (ms: number) => {
    clearTimeout(timer);
    if (!isEnded) timer = setTimeout(() => void flush(), ms);
  };

  async function keep(): Promise<void> {
    while (next !== undefined) {
      const taken = next;
      next = undefined;
      try {
        await save(taken.draft);
      } catch (error) {
        next ??= taken;
        onState({ is: 'failed', error });
        wait(RETRY_MS);
        return;
      }
    }
    onState({ is: 'saved' });
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    if (next === undefined) return onItsWay ?? Promise.resolve();
    onItsWay ??= keep().finally(() => {
      onItsWay = undefined;
    });
    return onItsWay;
  }

  return {
    change(draft) {
      next = { draft };
      onState({ is: 'waiting' });
      wait(PAUSE_MS);
    },
    isWaiting: () => next !== undefined || onItsWay !== undefined,
    flush,
    end() {
      isEnded = true;
      return flush();
    },
    async stop() {
      clearTimeout(timer);
      next = undefined;
      await onItsWay;
      clearTimeout(timer);
      next = undefined;
    },
  };
}
