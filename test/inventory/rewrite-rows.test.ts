import { expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { rewriteRows } from '../../src/inventory/rewrite-rows.ts';
import { findRows } from '../../src/inventory/row-store.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { runCodeStep } from '../support/run-code-step.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

test('a field that a migration adds was the last of its row, and has the place that its list gives it', async () => {
  const { database } = await openWorkplace();
  const acme = await makeOrganization(database);
  const slots = await putRows(database, acme, lists.reports, [
    reportRow(1),
    reportRow(2, { description: 'About' }),
  ]);
  const readBodies = async () => {
    const rows = await findRows(database, acme.id, lists.reports, 'slot', slots);
    return rows.map(({ body }) => String(body));
  };
  const before = await readBodies();

  const remove = rewriteRows(({ description, ...row }) =>
    description ? { ...row, description } : row,
  );
  await runCodeStep(database, remove);
  const [first, second] = await readBodies();
  expect(first).not.toContain('description');
  expect(second).toBe(before[1]);

  const add = rewriteRows((row, { name }) =>
    name === 'reports' ? { ...row, description: row.description ?? null } : row,
  );
  await runCodeStep(database, add);
  expect(await readBodies()).toEqual(before);
});
