import type { Origin } from './origin.ts';
import { type Kind, mix } from './random.ts';

const HALF = 0xff_ffff;

/**
 * The token of a generated thing: 12 hexadecimal digits that look random. A Feistel network over 48 bits maps
 * numbers to tokens one to one, so that two things of a kind never share one, however many there are.
 */
export function generatedToken({ seed }: Origin, kind: Kind, number: number): string {
  const key = mix(mix(seed) ^ kind);
  let left = Math.floor(number / (HALF + 1));
  let right = number & HALF;
  for (let round = 1; round <= 4; round++) {
    const mixed = (left ^ mix(right ^ Math.imul(key, round))) & HALF;
    left = right;
    right = mixed;
  }
  return left.toString(16).padStart(6, '0') + right.toString(16).padStart(6, '0');
}
