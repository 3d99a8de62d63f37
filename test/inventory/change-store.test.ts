import { expect, test } from 'vitest';
import type { FeedPosition } from '../../src/inventory/change-feed.ts';
import { readChanges } from '../../src/inventory/change-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

test.each(['all', 'shared'] as const)(
  'the next changes are found by an index, where PostgreSQL sorted all that there are: %s',
  async (view) => {
    const { database, config } = await openWorkplace();
    const acme = await makeOrganization(database);
    const numbers = Array.from({ length: 2000 }, (_, index) => index + 1);
    await putRows(
      database,
      acme,
      lists.reports,
      numbers.map((number) => reportRow(number)),
    );
    const plan: string[] = [];
    const explaining = {
      ...database,
      all: async <Row>(sql: string, values: readonly (string | number)[] = []) => {
        const explain = config.databaseUrl ? 'explain' : 'explain query plan';
        const steps = await database.all<Record<string, string>>(`${explain} ${sql}`, values);
        plan.push(...steps.map((step) => String(step.detail ?? step['QUERY PLAN'])));
        return database.all<Row>(sql, values);
      },
    };
    const wanted = { view, after: undefined, limit: 8 };
    const { batch } = await readChanges(explaining as typeof database, acme.id, wanted);
    expect(batch.changes).toHaveLength(8);
    const steps = plan.filter((step) => /\bdiscovery_rows\b/.test(step));
    const byIndex = config.databaseUrl
      ? /Index Scan using discovery_rows_changed/
      : /^SEARCH discovery_rows USING INDEX discovery_rows_changed \(organization_id=\? AND list=\? AND changed>\? AND changed<\?\)/;
    const reads = steps.filter((step) => !step.includes('Sort Key'));
    expect(reads).toHaveLength(Object.keys(lists).length);
    for (const step of reads) expect(step).toMatch(byIndex);
    if (config.databaseUrl) expect(plan.join('\n')).toContain('Merge Append');
  },
);

test('a batch of long rows took as much memory as a thousand of them have, and is shorter now', async () => {
  const { database } = await openWorkplace();
  const acme = await makeOrganization(database);
  const numbers = Array.from({ length: 120 }, (_, index) => index + 1);
  await putRows(
    database,
    acme,
    lists.reports,
    numbers.map((number) => reportRow(number, { description: 'x'.repeat(4_000) })),
  );
  const read: string[] = [];
  let batches = 0;
  for (let after: FeedPosition | undefined, more = true; more; batches++) {
    const wanted = { view: 'all' as const, after, limit: 100, mostBytes: 80_000 };
    const { batch } = await readChanges(database, acme.id, wanted);
    const bytes = batch.changes.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);
    expect(bytes).toBeLessThan(80_000);
    read.push(...batch.changes.map(({ token }) => token));
    after = batch.next;
    more = batch.more;
  }
  expect(batches).toBeGreaterThan(5);
  expect(read).toEqual(numbers.map((number) => reportRow(number).token));
  // One that is longer than all of that is a batch with few others.
  const wanted = { view: 'all' as const, after: undefined, limit: 100, mostBytes: 1 };
  const { batch } = await readChanges(database, acme.id, wanted);
  expect(batch).toMatchObject({ more: true });
  expect(batch.changes).toHaveLength(8);
});
