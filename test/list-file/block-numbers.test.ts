import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberMemory } from '../../src/list-file/block-numbers.ts';

test('numbers are kept as they are, those that fit in two bytes', () => {
  const number = fc.oneof(fc.nat(2 ** 16 + 1), fc.nat(2 ** 32 - 1));
  const blocks = fc.array(fc.array(number, { minLength: 1, maxLength: 192 }), { maxLength: 40 });
  fc.assert(
    fc.property(blocks, (some) => {
      const memory = new NumberMemory();
      const kept = some.map((numbers) => memory.keep(numbers));
      expect(kept.map((numbers) => [...numbers])).toEqual(some);
      for (const numbers of kept) {
        const isNarrow = Math.max(...numbers) < 2 ** 16;
        expect(numbers.BYTES_PER_ELEMENT).toBe(isNarrow ? 2 : 4);
      }
    }),
    { numRuns: 50 },
  );
});

test('many blocks share few pieces of memory, and few blocks take little', () => {
  const memory = new NumberMemory();
  const piecesOf = (count: number) =>
    new Set(Array.from({ length: count }, () => memory.keep(new Uint16Array(192)).buffer));
  const [first] = piecesOf(1);
  expect(first?.byteLength).toBeLessThanOrEqual(4096);
  const pieces = piecesOf(10_000);
  const bytes = [...pieces].reduce((sum, { byteLength }) => sum + byteLength, 0);
  expect(bytes).toBeLessThan(1.1 * 10_000 * 384);
  expect(pieces.size).toBeLessThan(30);
});
