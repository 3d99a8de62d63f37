import { afterEach, expect, test, vi } from 'vitest';
import { rounds } from './rounds.ts';

const given = { usual: 10, full: 50 };

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  [undefined, 10],
  ['full', 50],
  ['3', 3],
])('with ROLLCALL_TEST_ROUNDS %s, tests of chance go %i rounds', (wanted, expected) => {
  vi.stubEnv('ROLLCALL_TEST_ROUNDS', wanted);
  expect(rounds(given)).toBe(expected);
});

test.each(['', '0', '-1', '1.5', 'all', 'FULL'])('"%s" is refused', (wanted) => {
  vi.stubEnv('ROLLCALL_TEST_ROUNDS', wanted);
  expect(() => rounds(given)).toThrow(`ROLLCALL_TEST_ROUNDS is "${wanted}"; it must be`);
});
