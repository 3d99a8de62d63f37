/** Calls once a time is over, in which pauses do not count. */
export class PausableTimer {
  readonly #onOver: () => void;
  #timer: NodeJS.Timeout | undefined;
  #leftMs: number;
  #startedMs = 0;

  constructor(timeMs: number, onOver: () => void) {
    this.#onOver = onOver;
    this.#leftMs = timeMs;
    this.resume();
  }

  /** Stops counting, for at most a time. */
  pause(mostMs: number): void {
    if (this.#timer === undefined) return;
    this.#leftMs -= performance.now() - this.#startedMs;
    this.#start(mostMs);
  }

  /** Counts on. */
  resume(): void {
    this.#startedMs = performance.now();
    if (Number.isFinite(this.#leftMs)) this.#start(this.#leftMs);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(timeMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onOver, timeMs);
  }
}
