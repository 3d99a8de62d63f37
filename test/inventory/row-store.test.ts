import { expect, test } from 'vitest';
import type { Store, Value } from '../../src/database/database.ts';
import { openStore } from '../../src/database/open-store.ts';
import { readChangedRows } from '../../src/inventory/changed-row-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { findRows, listChildren } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeOrganization, temporaryFolder } from '../support/workplace.ts';

/** The same queries; how the store goes about each statement is put into `plans` first. */
function watch(store: Store, plans: Set<string>): Store {
  const explain = async (sql: string, values: readonly Value[] = []) => {
    const steps = await store.all<{ detail: string }>(`explain query plan ${sql}`, values);
    for (const { detail } of steps) {
      if (/\bdiscovery_rows\b/.test(detail)) plans.add(detail);
    }
  };
  return {
    ...store,
    async all(sql, values) {
      await explain(sql, values);
      return store.all(sql, values);
    },
    async allEach(sql, valuesOfEach) {
      if (valuesOfEach[0]) await explain(sql, valuesOfEach[0]);
      return store.allEach(sql, valuesOfEach);
    },
    async get(sql, values) {
      await explain(sql, values);
      return store.get(sql, values);
    },
    async run(sql, values) {
      await explain(sql, values);
      return store.run(sql, values);
    },
    async runEach(sql, valuesOfEach) {
      if (valuesOfEach[0]) await explain(sql, valuesOfEach[0]);
      return store.runEach(sql, valuesOfEach);
    },
  };
}

test('rows are found by their index, where whole lists were read to find one', async () => {
  const database = await openStore({ dataDir: temporaryFolder() });
  const acme = await makeOrganization(database);
  const [space = 0] = await putRows(database, acme, lists.spaces, [{ id: 1, token: 'space' }]);
  const reports = [reportRow(1), reportRow(2), reportRow(3)];
  const slots = await putRows(database, acme, lists.reports, reports, { parent: space });
  const plans = new Set<string>();
  await database.transaction(async (inTransaction) => {
    const store = watch(inTransaction, plans);
    for (const column of ['token', 'id', 'parent', 'slot'] as const) {
      await findRows(store, acme.id, lists.reports, column, [1]);
      await findRows(store, acme.id, lists.reports, column, [1, 2, 3]);
    }
    await listChildren(store, acme.id, [space]);
    for (const what of ['all', 'shared', 'existing'] as const) {
      const next = { list: lists.reports, what, after: 0, limit: 10 };
      await readChangedRows(store, acme.id, next);
    }
    await changeRows(store, acme.id, async (writer) => {
      await writer.setPersonalBelow([space], true);
      await writer.remove(lists.reports, slots.slice(0, 1), 0);
    });
  });
  await database.close();
  expect(plans.size).toBeGreaterThanOrEqual(6);
  for (const plan of plans) {
    expect(plan).toMatch(
      /^SEARCH .*\((organization_id=\? AND )(list=\? AND \w+[=>]\?( AND changed<\?)?|parent=\?.*)\)$/,
    );
  }
});
