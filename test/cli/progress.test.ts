import { describe, expect, test } from 'vitest';
import { startProgress } from '../../src/cli/progress.ts';

/** Standard error as a terminal or a file would be, and a clock that the test sets. */
function watch({ isTTY, columns = 120 }: { isTTY: boolean; columns?: number }) {
  const written: string[] = [];
  const time = { nowMs: 0 };
  const output = { isTTY, columns, write: (text: string) => written.push(text) };
  return { written, time, outside: { output, clock: () => time.nowMs } };
}

const ERASE_LINE = '\r\u001b[2K';

describe('on a terminal', () => {
  test('one line is drawn over, ten times a second at most', () => {
    const { written, time, outside } = watch({ isTTY: true });
    const progress = startProgress('reports', 1000, outside);
    for (time.nowMs = 0; time.nowMs <= 1000; time.nowMs += 10) progress.update(time.nowMs / 2);
    expect(written).toHaveLength(11);
    expect(written.at(-1)).toBe(
      `${ERASE_LINE}reports  [############............]  50%  500 of 1,000  500/s  1 s left`,
    );
  });

  test('the line ends as a plain one that says how much and how long', () => {
    const { written, time, outside } = watch({ isTTY: true });
    const progress = startProgress('reports', undefined, outside);
    progress.update(0, 4146);
    time.nowMs = 75_000;
    progress.update(4146, 4146);
    progress.finish();
    expect(written.at(-1)).toBe(`${ERASE_LINE}reports: 4,146 in 1 min 15 s\n`);
  });

  test('a narrow terminal cuts the line, so that it never wraps', () => {
    const { written, outside } = watch({ isTTY: true, columns: 20 });
    startProgress('reports', 1000, outside).update(10);
    expect(written).toEqual([`${ERASE_LINE}${'reports  [........................]'.slice(0, 19)}`]);
  });
});

describe('elsewhere', () => {
  test('a plain line appears every five seconds and at the end', () => {
    const { written, time, outside } = watch({ isTTY: false });
    const progress = startProgress('reports', 20_000, outside);
    for (time.nowMs = 0; time.nowMs < 12_000; time.nowMs += 1000) progress.update(time.nowMs);
    progress.finish();
    expect(written).toEqual([
      'reports: 5,000 of 20,000 (25%), 1,000/s, 15 s left\n',
      'reports: 10,000 of 20,000 (50%), 1,000/s, 10 s left\n',
      'reports: 11,000 of 20,000 in 12 s\n',
    ]);
  });
});

test('a note stays, and the bar is drawn again below it', () => {
  const { written, outside } = watch({ isTTY: true });
  const progress = startProgress('reports', undefined, outside);
  progress.update(10);
  progress.note('The server asks to wait.');
  progress.update(20);
  expect(written.slice(1)).toEqual([
    `${ERASE_LINE}The server asks to wait.\n`,
    `${ERASE_LINE}reports  20`,
  ]);
});

test('work that continues is not credited with what was done before', () => {
  const { written, time, outside } = watch({ isTTY: true });
  const progress = startProgress('reports', 100_000, outside);
  progress.update(90_000);
  time.nowMs = 1000;
  progress.update(91_000);
  expect(written.at(-1)).toContain('91,000 of 100,000  1,000/s  9 s left');
});

test('a total that is not known, or was overtaken, draws no bar', () => {
  const { written, time, outside } = watch({ isTTY: true });
  const progress = startProgress('reports', undefined, outside);
  progress.update(10);
  time.nowMs = 1000;
  progress.update(30, 20);
  expect(written).toEqual([`${ERASE_LINE}reports  10`, `${ERASE_LINE}reports  30 of 20  20/s`]);
});
