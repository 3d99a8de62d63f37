import type { Database } from './database.ts';

const MAX_REMEMBERED = 10_000;

/** What a store answered, remembered until anything is committed to it; where that cannot be seen, it is asked each time. */
export class Remembered<Key, Answer> {
  readonly #commits: Database['commits'];
  readonly #answers = new Map<Key, Answer>();
  #asOf: number | undefined;

  constructor({ commits }: Pick<Database, 'commits'>) {
    this.#commits = commits;
  }

  /** The answer to a question that is known by its key. */
  async get(key: Key, ask: () => Promise<Answer>): Promise<Answer> {
    // Looked at before asking, so that what is committed meanwhile is not taken for seen.
    const asOf = this.#commits?.();
    if (asOf === undefined) return ask();
    if (asOf !== this.#asOf || this.#answers.size >= MAX_REMEMBERED) this.#answers.clear();
    this.#asOf = asOf;
    if (this.#answers.has(key)) return this.#answers.get(key) as Answer;
    const answer = await ask();
    if (this.#asOf === asOf) this.#answers.set(key, answer);
    return answer;
  }
}
