import { describe, expect, test } from 'vitest';
import { ENDLESS, openWithFiles, reportRowOf } from '../support/run-files.ts';
import { openAcme } from '../support/run-requests.ts';
import { enqueue, makeReport, makeWorker, queryRunsOf } from '../support/runs.ts';
import { temporaryFolder } from '../support/workplace.ts';

describe('a run fails with the reason', () => {
  test('of its query, and keeps what the others gave', async () => {
    const workplace = await openWithFiles();
    const { database, acme, filesDir, source, ended } = workplace;
    const report = await makeReport(database, acme, source, [
      'select 1 as one',
      'select nothing\nfrom cities',
      'select {{ x | no_such_filter }} from {% form %}',
    ]);
    const worker = makeWorker(workplace, filesDir);
    const run = await enqueue(workplace, acme, report);
    worker.wake();
    expect((await ended(run)).state).toBe('failed');
    const [one, sql, template] = await queryRunsOf(database, acme, run);
    expect(one).toMatchObject({ state: 'succeeded', result: { rows: 1 } });
    expect(sql).toMatchObject({ state: 'failed', result: null, failure: { code: 'sql_error' } });
    expect(sql?.failure?.message).toContain('nothing');
    expect(template).toMatchObject({ state: 'failed', failure: { code: 'template_error' } });
    expect(await reportRowOf(workplace, report.slot)).toMatchObject({
      last_run_state: 'failed',
      last_successfully_run_at: null,
    });
  });

  test('that its data source is not there, or does not answer', async () => {
    const workplace = await openWithFiles();
    const { database, acme, ended } = workplace;
    const worker = makeWorker(workplace, temporaryFolder()); // where the folder is not
    for (const [source, reason] of [
      [workplace.source, /do not include "data"/],
      ['0123456789ab', /"0123456789ab", was deleted or never created here/],
      [null, /has no data source/],
    ] as const) {
      const report = await makeReport(database, acme, source, ['select 1']);
      const run = await enqueue(workplace, acme, report);
      worker.wake();
      expect((await ended(run)).state).toBe('failed');
      const [queryRun] = await queryRunsOf(database, acme, run);
      expect(queryRun?.failure?.code).toBe('connection_failed');
      expect(queryRun?.failure?.message).toMatch(reason);
    }
  });

  test('that it took too long', async () => {
    const workplace = await openWithFiles();
    const { database, acme, filesDir, source, ended } = workplace;
    const report = await makeReport(database, acme, source, [ENDLESS]);
    const limits = { timeMs: 500, rows: 10, bytes: 1_000_000, memoryBytes: 500_000_000 };
    const worker = makeWorker(workplace, filesDir, { limits });
    const run = await enqueue(workplace, acme, report);
    worker.wake();
    expect((await ended(run)).state).toBe('failed');
    const [queryRun] = await queryRunsOf(database, acme, run);
    expect(queryRun?.failure?.code).toBe('time_limit');
  });
});

test('a report that is archived or has no query does not run, nor one that has no such parameter', async () => {
  const workplace = await openWithFiles();
  const { database, acme, source } = workplace;
  const report = await makeReport(database, acme, source, ['select {{ n }}']);
  await expect(enqueue(workplace, acme, { ...report, archived: true })).rejects.toMatchObject({
    id: 'conflict',
  });
  await expect(
    enqueue(workplace, acme, await makeReport(database, acme, source, [])),
  ).rejects.toMatchObject({ id: 'conflict' });
  await expect(enqueue(workplace, acme, report, { parameters: { m: 1 } })).rejects.toMatchObject({
    id: 'bad_request',
    message: expect.stringContaining('"m"'),
  });
});

test('parameters that the report does not take are refused by name', async () => {
  const { database, acme, source, post, runsOf } = await openAcme({ runsAtOnce: '0' });
  const report = await makeReport(database, acme, source, [
    'select {{ n }}\n{% form %}\nn:\n  type: number\n  default: 1\n{% endform %}',
  ]);
  for (const [parameters, named] of [
    [{ m: 1 }, '"m"'],
    [{ n: 'many' }, 'n'],
    [{ n: { a: 1 } }, 'n'],
  ] as const) {
    const refused = await post(runsOf(report), { parameters });
    expect(refused.statusCode).toBe(400);
    expect(refused.json().message).toContain(named);
  }
  expect((await post(runsOf(report), { parameters: [] })).statusCode).toBe(400);
  const ignored = await post(runsOf(report), { dry: true });
  expect(ignored.headers['rollcall-ignored-fields']).toBe('dry');
});
