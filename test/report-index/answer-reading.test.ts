import { expect, onTestFinished, test, vi } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { ReportSearch } from '../../src/report-index/report-search.ts';
import { openReport } from '../support/edited-report.ts';
import { putRows, reportRow } from '../support/rows.ts';

test('while very many reports are read, nothing is answered of a part, and it is told how far that is', async () => {
  const { get, database, acme, shared, bo } = await openReport();
  const rows = Array.from({ length: 10_001 }, (_, index) => reportRow(index + 1));
  await putRows(database, acme, lists.reports, rows, { parent: shared });
  const asked = vi.spyOn(ReportSearch.prototype, 'ask');
  onTestFinished(() => asked.mockRestore());
  for (const path of ['roll_call', 'roll_call/never_ran', 'reports?q=report&failing=false']) {
    const response = await get(`/api/acme/${path}`, bo);
    expect(response.statusCode, path).toBe(202);
    expect(response.headers['retry-after']).toBe('1');
    expect(response.json()).toEqual({
      percent_read: expect.any(Number),
      _links: { self: { href: `/api/acme/${path}` } },
    });
  }
  expect((await get('/api/acme/roll_call?format=csv', bo)).statusCode).toBe(202);
  // Clients of other servers, which know no 202, would take it for an empty list.
  const ofDataSource = async () => get('/api/acme/data_sources/c93d5b1a7e20/reports', bo);
  const refused = await ofDataSource();
  expect(refused.statusCode).toBe(503);
  expect(refused.headers['retry-after']).toBe('1');
  expect(refused.json()).toMatchObject({
    id: 'busy',
    message: expect.stringMatching(/still being read, \d+ %/),
  });
  // Each would wait for all of it, long after it was answered.
  expect(asked).not.toHaveBeenCalled();

  const found = async () => get('/api/acme/reports?q=report', bo);
  await expect.poll(async () => (await found()).statusCode).toBe(200);
  expect((await found()).json().pagination.total_count).toBe(10_001);
  const called = (await get('/api/acme/roll_call', bo)).json();
  expect(called).toMatchObject({ reports: 10_002, never_ran: 10_002 });
  const lines = (await get('/api/acme/roll_call?format=csv', bo)).body.split('\r\n');
  expect(lines).toHaveLength(10_004);
  expect((await ofDataSource()).statusCode).toBe(200);
});
