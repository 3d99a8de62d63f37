import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';

const MAX_REMEMBERED = 10_000;

/** A request's words, and the state of the stores in which it is answered. */
type Question = { words: string; asOf: number };

/** The parts of a request that an answer depends on. A GET that has a body as well is somebody's mistake. */
type Asking = Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { socket: object };

/**
 * What was answered to requests, for those who ask in the very same words, which say who asks and for what. It holds as
 * long as nothing is committed to any of the stores that an answer depends on, and until a time of its own.
 */
export class AskedAgain<Answer> {
  readonly #stores: readonly Pick<Database, 'commits'>[];
  readonly #clock: Clock;
  readonly #answers = new Map<string, { answer: Answer; untilMs: number }>();
  /** What is not answered yet: by the time that it is, something may have been committed. */
  readonly #questions = new WeakMap<Asking, Question>();
  /** The credential that came last on a connection, as most send the same one with every request. */
  readonly #credentials = new WeakMap<object, { header: string; hash: string }>();
  #asOf = 0;

  constructor(stores: readonly Pick<Database, 'commits'>[], clock: Clock) {
    this.#stores = stores;
    this.#clock = clock;
  }

  /** The answer to a request which has just come. */
  find(request: Asking): Answer | undefined {
    const question = this.#questionOf(request);
    if (question === undefined) return undefined;
    const known = this.#answers.get(question.words);
    if (known && known.untilMs > this.#clock()) return known.answer;
    this.#questions.set(request, question);
    return undefined;
  }

  /** Keeps an answer to a request for which none was found. Where anything was committed meanwhile, it is not kept. */
  remember(request: Asking, answer: Answer, untilMs: number): void {
    const question = this.#questions.get(request);
    if (question?.asOf !== this.#asOf) return;
    if (this.#answers.size >= MAX_REMEMBERED) this.#answers.clear();
    this.#answers.set(question.words, { answer, untilMs });
  }

  /**
   * Undefined where nothing can be remembered: it is no access token that says who asks, or the stores do not say whether
   * anything was committed.
   */
  #questionOf({ method, url, headers, socket }: Asking): Question | undefined {
    const isPlain =
      method === 'GET' &&
      headers.host !== undefined &&
      headers['content-length'] === undefined &&
      headers['transfer-encoding'] === undefined;
    if (!isPlain || headers.authorization === undefined) return undefined;
    let asOf = 0;
    for (const { commits } of this.#stores) {
      if (commits === undefined) return undefined;
      asOf += commits();
    }
    if (asOf !== this.#asOf) this.#answers.clear();
    this.#asOf = asOf;
    const credential = this.#hashOf(headers.authorization, socket);
    // No header has a line feed in it.
    const words = `${credential}\n${url}\n${headers['if-none-match']}\n${headers.accept}\n${headers['accept-encoding']}\n${headers.origin}`;
    return { words, asOf };
  }

  /** The hash of a credential, which is never kept for longer than the connection on which it came. */
  #hashOf(header: string, socket: object): string {
    const last = this.#credentials.get(socket);
    if (last?.header === header) return last.hash;
    const made = hash('sha256', header, 'base64');
    this.#credentials.set(socket, { header, hash: made });
    return made;
  }
}
