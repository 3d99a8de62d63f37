import { rm } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { Cut } from './query-job.ts';

/** A result that somebody tried, which lies on the disk of this process. */
export type KeptTrial = {
  organizationId: number;
  /** Whose: nobody else may look at it. */
  memberSlot: number | null;
  file: string;
  cut: Cut | undefined;
};

const KEPT_MS = 15 * 60_000;
/** Each may take 64 MB of disk. */
const MOST = 32;
const MOST_OF_MEMBER = 4;

/** Results of tried queries, kept for some minutes so that charts of them can be drawn. The oldest make room. */
export class KeptTrials {
  readonly #clock: Clock;
  readonly #kept = new Map<string, KeptTrial & { untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async keep(token: string, trial: KeptTrial): Promise<void> {
    this.#kept.set(token, { ...trial, untilMs: this.#clock() + KEPT_MS });
    const theirs = [...this.#kept].filter(([, one]) => isOf(one, trial));
    const all = [...this.#kept];
    const tooMany = [
      ...theirs.slice(0, Math.max(0, theirs.length - MOST_OF_MEMBER)),
      ...all.slice(0, Math.max(0, all.length - MOST)),
      ...all.filter(([, { untilMs }]) => untilMs < this.#clock()),
    ];
    for (const [old, { file }] of tooMany) {
      this.#kept.delete(old);
      await rm(file, { force: true });
    }
  }

  /** A result that this member tried, while it is kept. */
  find(
    token: string,
    asker: Pick<KeptTrial, 'organizationId' | 'memberSlot'>,
  ): KeptTrial | undefined {
    const kept = this.#kept.get(token);
    return kept && isOf(kept, asker) && kept.untilMs >= this.#clock() ? kept : undefined;
  }
}

function isOf(
  one: Pick<KeptTrial, 'organizationId' | 'memberSlot'>,
  other: Pick<KeptTrial, 'organizationId' | 'memberSlot'>,
): boolean {
  return one.organizationId === other.organizationId && one.memberSlot === other.memberSlot;
}
