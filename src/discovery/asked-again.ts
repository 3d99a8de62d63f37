import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';

const MAX_REMEMBERED = 10_000;

/** The state of the stores in which something is answered: another number after each commit to any of them. */
export type AsOf = number;

/**
 * What was answered before, for those who ask the same. It holds as long as nothing is committed to any of the stores that
 * an answer depends on, and until a time of its own.
 */
export class AskedAgain<Answer> {
  readonly #stores: readonly Pick<Database, 'commits'>[];
  readonly #clock: Clock;
  readonly #answers = new Map<string, { answer: Answer; untilMs: number }>();
  #asOf: AsOf = 0;

  constructor(stores: readonly Pick<Database, 'commits'>[], clock: Clock) {
    this.#stores = stores;
    this.#clock = clock;
  }

  /** To be looked at before anything is asked. Undefined where the stores do not say whether anything was committed. */
  asOf(): AsOf | undefined {
    let asOf = 0;
    for (const { commits } of this.#stores) {
      if (commits === undefined) return undefined;
      asOf += commits();
    }
    if (asOf !== this.#asOf) this.#answers.clear();
    this.#asOf = asOf;
    return asOf;
  }

  /** Whether this is what was seen at the last look. */
  isAsOf(asOf: AsOf): boolean {
    return asOf === this.#asOf;
  }

  /** What is known as of the last look. */
  find(question: string): Answer | undefined {
    const known = this.#answers.get(question);
    return known && known.untilMs > this.#clock() ? known.answer : undefined;
  }

  /** Keeps an answer. Where anything was committed since it was asked for, it is not kept. */
  remember(asOf: AsOf, question: string, answer: Answer, untilMs: number): void {
    if (!this.isAsOf(asOf)) return;
    if (this.#answers.size >= MAX_REMEMBERED) this.#answers.clear();
    this.#answers.set(question, { answer, untilMs });
  }
}
