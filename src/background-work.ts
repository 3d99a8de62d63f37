import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Small writes that nobody waits for: an answer neither takes longer for them nor fails with them. They are done one
 * after the other, once the answer is on its way, and all of them before the server is closed.
 */
export class BackgroundWork {
  #last: Promise<void> = Promise.resolve();
  readonly #onFailure: (error: Error) => void;
  readonly #isOff: boolean;

  /** @param isOff does nothing, as on a server that changes nothing. */
  constructor(onFailure: (error: Error) => void, isOff = false) {
    this.#onFailure = onFailure;
    this.#isOff = isOff;
  }

  add(work: () => Promise<unknown>): void {
    if (this.#isOff) return;
    this.#last = this.#last
      .then(() => nextTurn())
      .then(work)
      .then(() => undefined, this.#onFailure);
  }

  async finish(): Promise<void> {
    await this.#last;
  }
}
