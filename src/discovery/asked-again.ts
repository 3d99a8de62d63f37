import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';

const MAX_REMEMBERED = 10_000;

/** A request's words, and the state of the stores in which it is answered. */
export type Question = { words: string; asOf: number };

/**
 * What was answered to requests, for those who ask in the very same words, which say who asks and for what. It holds as
 * long as nothing is committed to any of the stores that an answer depends on, and until a time of its own.
 */
export class AskedAgain<Answer> {
  readonly #stores: readonly Pick<Database, 'commits'>[];
  readonly #clock: Clock;
  readonly #answers = new Map<string, { answer: Answer; untilMs: number }>();
  #asOf = 0;

  constructor(stores: readonly Pick<Database, 'commits'>[], clock: Clock) {
    this.#stores = stores;
    this.#clock = clock;
  }

  /**
   * Undefined where nothing can be remembered: it is no access token that says who asks, or the stores do not say whether
   * anything was committed.
   */
  questionOf(url: string, headers: IncomingHttpHeaders): Question | undefined {
    if (headers.authorization === undefined) return undefined;
    let asOf = 0;
    for (const { commits } of this.#stores) {
      if (commits === undefined) return undefined;
      asOf += commits();
    }
    if (asOf !== this.#asOf) this.#answers.clear();
    this.#asOf = asOf;
    // No header has a line feed in it. A credential is kept as its hash only.
    const words = `${url}\n${headers.authorization}\n${headers['if-none-match']}\n${headers.accept}\n${headers['accept-encoding']}`;
    return { words: hash('sha256', words, 'base64'), asOf };
  }

  find({ words }: Question): Answer | undefined {
    const known = this.#answers.get(words);
    return known && known.untilMs > this.#clock() ? known.answer : undefined;
  }

  /** An answer that was made after its question was; where anything was committed meanwhile, it is not kept. */
  remember({ words, asOf }: Question, answer: Answer, untilMs: number): void {
    if (asOf !== this.#asOf) return;
    if (this.#answers.size >= MAX_REMEMBERED) this.#answers.clear();
    this.#answers.set(words, { answer, untilMs });
  }
}
