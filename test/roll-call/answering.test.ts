import { expect, test } from 'vitest';
import { answerStateOf } from '../../src/roll-call/answering.ts';

const SINCE = '2026-11-01T00:00:00.000Z';
const RECENT = '2026-11-01T00:00:00.000Z';
const OLD = '2026-10-31T23:59:59.999Z';

test.each([
  ['succeeded', RECENT, RECENT, 'answering'],
  ['completed', RECENT, RECENT, 'answering'],
  ['succeeded', OLD, OLD, 'stale'],
  ['failed', RECENT, RECENT, 'failing'],
  ['failed', RECENT, null, 'failing'],
  ['cancelled', RECENT, OLD, 'failing'],
  // What is under way may still fail; what came before counts until then.
  ['enqueued', RECENT, RECENT, 'answering'],
  ['enqueued', RECENT, OLD, 'stale'],
  ['enqueued', RECENT, null, 'never_ran'],
  [null, null, null, 'never_ran'],
  // Imports may know less.
  [null, null, RECENT, 'answering'],
  [null, null, OLD, 'stale'],
  [null, RECENT, null, 'answering'],
] as const)('last run %s at %s, last success %s: %s', (state, at, success, expected) => {
  const runs = { lastRunState: state, lastRunAt: at, lastSuccessAt: success };
  expect(answerStateOf(runs, SINCE)).toBe(expected);
});
