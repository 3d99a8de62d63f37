import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { limitConcurrency } from '../../src/data-sources/limit-concurrency.ts';

test('so many run at once, all run, and one that fails holds up none', async () => {
  const inTurn = limitConcurrency(3);
  let running = 0;
  let most = 0;
  const ends: string[] = [];
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      inTurn(async () => {
        most = Math.max(most, ++running);
        await sleep(5);
        running--;
        if (index % 4 === 0) throw new Error('It failed.');
        return `${index}`;
      }).then(
        (end) => ends.push(end),
        () => ends.push('failed'),
      ),
    ),
  );
  expect(most).toBe(3);
  expect(ends).toHaveLength(20);
  expect(ends.filter((end) => end === 'failed')).toHaveLength(5);
});
