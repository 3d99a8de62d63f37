import type { Origin } from './origin.ts';

/** What is generated; a part of the seed of each thing, so that no two of them share their draws. */
export const kinds = {
  member: 1,
  space: 2,
  report: 3,
  query: 4,
  chart: 5,
  person: 6,
  run: 7,
  dataSource: 8,
} as const;
export type Kind = (typeof kinds)[keyof typeof kinds];

/** Draws of one generated thing. They look random and are always the same. */
export type Random = {
  /** From 0 up to, but not, 1. */
  fraction(): number;
  /** A whole number from 0 up to, but not, the limit. */
  below(limit: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the choices; one that stands there twice is twice as likely. */
  pick<Choice>(choices: readonly Choice[]): Choice;
  /** A time between two; a lean above 1 draws it towards `fromMs`, below 1 towards `toMs`. */
  between(fromMs: number, toMs: number, lean?: number): number;
};

/** The draws of one thing. They depend on nothing drawn for another, so that things can be made in any order. */
export function randomOf({ seed }: Origin, kind: Kind, number: number): Random {
  let state = mix(mix(mix(seed) ^ kind) ^ number);
  const fraction = () => {
    state = (state + 0x9e3779b9) | 0;
    return (mix(state) >>> 0) / 0x1_0000_0000;
  };
  const below = (limit: number) => Math.floor(fraction() * limit);
  return {
    fraction,
    below,
    chance: (probability) => fraction() < probability,
    pick: <Choice>(choices: readonly Choice[]) => choices[below(choices.length)] as Choice,
    between: (fromMs, toMs, lean = 1) =>
      fromMs + Math.floor(Math.max(0, toMs - fromMs) * fraction() ** lean),
  };
}

/** Spreads a number over 32 bits so that neighbours have nothing in common (the finalizer of MurmurHash3). */
export function mix(number: number): number {
  let bits = number ^ (number >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
