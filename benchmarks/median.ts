/** The middle of some figures: half are below it. */
export function median(figures: readonly number[]): number {
  const inOrder = figures.toSorted((a, b) => a - b);
  const middle = inOrder.length >> 1;
  const upper = inOrder[middle] as number;
  return inOrder.length % 2 === 1 ? upper : (upper + (inOrder[middle - 1] as number)) / 2;
}
