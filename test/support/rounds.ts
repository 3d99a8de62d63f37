/**
 * How many rounds a test goes that tries chance or kills: `usual` by default, which costs little and still meets each kind
 * of step; `full` where ROLLCALL_TEST_ROUNDS is "full", as `npm run test:long` sets it; the number it is, where it is one.
 *
 * @throws Error where it is anything else.
 */
export function rounds({ usual, full }: { usual: number; full: number }): number {
  const wanted = process.env.ROLLCALL_TEST_ROUNDS;
  if (wanted === undefined) return usual;
  if (wanted === 'full') return full;
  if (/^[1-9]\d*$/.test(wanted)) return Number(wanted);
  throw new Error(
    `ROLLCALL_TEST_ROUNDS is "${wanted}"; it must be "full" or a whole number from 1 up. Without it, tests go fewer rounds.`,
  );
}
