import { expect, test } from 'vitest';
import { openAcme } from '../support/acme.ts';

/** Thirty days before the tests' day. */
const RECENT = '2026-10-24T12:00:00.000Z';
const OLD = '2026-10-24T11:59:59.999Z';

/** State and time of the last run, time of the last success, and what the report is said to be. */
const cases = [
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
] as const;

test('a report answers by its last run and its last success', async () => {
  const { putReport, get, bo, time } = await openAcme();
  expect(new Date(time.nowMs).toISOString()).toBe('2026-11-23T12:00:00.000Z');
  for (const [index, [state, at, success]] of cases.entries()) {
    const row = { last_run_state: state, last_run_at: at, last_successfully_run_at: success };
    await putReport(index + 1, { row });
  }
  const { spaces } = (await get('/api/acme/roll_call', bo)).json();
  const letters: string = spaces[0].cells.states;
  expect([...letters]).toEqual(cases.map(([, , , expected]) => expected[0]));
});
