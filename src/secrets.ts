import { hash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of the secret parts. They hold at least 96 random bits, so a slow hash would add nothing. */
export function hashSecret(...secretParts: string[]): Buffer {
  return hash('sha256', secretParts.join(':'), 'buffer');
}

/** Whether two hashes are the same, in a time that does not tell where they differ. */
export function hashesAreEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
