import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const place = fileURLToPath(new URL('../../src/cli/limit-new-space.ts', import.meta.url));

/** How large the space is, in MB, in a process that makes many things that live for a while. */
async function newSpaceOf(begin: string): Promise<number> {
  const program = `
    import { setImmediate as nextTurn } from 'node:timers/promises';
    import { limitNewSpace, newSpaceBytes } from ${JSON.stringify(place)};
    ${begin}
    let most = 0;
    for (let batch = 0, kept; batch < 150; batch++) {
      kept = Array.from({ length: 20_000 }, (_, index) => ({ index, text: 'row ' + index, of: { batch } }));
      most = Math.max(most, newSpaceBytes());
      await nextTurn();
    }
    console.log(most / 1024 / 1024);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program]);
  return Number(stdout);
}

test('the space for new things of a process does not grow to what is empty for the most part', async () => {
  expect(await newSpaceOf('')).toBeGreaterThan(64);
  expect(await newSpaceOf('limitNewSpace();')).toBeLessThanOrEqual(64);
});
