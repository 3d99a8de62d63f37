import type { Database } from './database.ts';

const MOST_KEPT = 10_000;

/**
 * The state of one or more stores: a higher number after each commit to any of them, whichever process made it; by one
 * only where it was one commit. Undefined where a store does not say without being asked.
 */
export type AsOf = number | undefined;

/** To be looked at once a request, before anything is asked: what is committed later is then not taken for seen. */
export function asOfNow({ commits }: Pick<Database, 'commits'>): AsOf {
  return commits?.();
}

/** Answers that hold until something is committed to the stores that they came from. */
export class CommitMemo<Key, Answer> {
  readonly #answers = new Map<Key, Answer>();
  readonly #mostKept: number;
  #asOf = 0;

  constructor({ mostKept = MOST_KEPT } = {}) {
    this.#mostKept = mostKept;
  }

  /** What is known in this state of the stores. */
  find(asOf: AsOf, key: Key): Answer | undefined {
    return this.#isAt(asOf) ? this.#answers.get(key) : undefined;
  }

  /** Keeps an answer that was asked for in this state, unless a later one was seen meanwhile. */
  keep(asOf: AsOf, key: Key, answer: Answer): void {
    if (!this.#isAt(asOf)) return;
    if (this.#answers.size >= this.#mostKept) this.#answers.clear();
    this.#answers.set(key, answer);
  }

  /** Keeps what is known over the one commit between two states, of which it is known that it changed one answer, to this. */
  keepOver(before: AsOf, after: AsOf, key: Key, answer: Answer): void {
    if (before === undefined || after !== before + 1 || !this.#isAt(before)) return;
    this.#asOf = after;
    this.keep(after, key, answer);
  }

  /** The answer to a question that is known by its key. Where nothing is known it is asked, and kept unless it fails. */
  async get(asOf: AsOf, key: Key, ask: () => Promise<Answer>): Promise<Answer> {
    if (this.#isAt(asOf) && this.#answers.has(key)) return this.#answers.get(key) as Answer;
    const answer = await ask();
    this.keep(asOf, key, answer);
    return answer;
  }

  /** Whether this is the latest state that was seen; forgets what is known of earlier ones. */
  #isAt(asOf: AsOf): boolean {
    if (asOf === undefined || asOf < this.#asOf) return false;
    if (asOf > this.#asOf) this.#answers.clear();
    this.#asOf = asOf;
    return true;
  }
}
