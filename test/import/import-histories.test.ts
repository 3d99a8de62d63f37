import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Database } from '../../src/database/database.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { importInventory } from '../../src/import/import-inventory.ts';
import { WHOLE } from '../../src/import/source-list.ts';
import { type List, lists, listsParentsFirst } from '../../src/inventory/lists.ts';
import type { GivenRow } from '../../src/inventory/row.ts';
import { checkRows } from '../../src/inventory/row-check.ts';
import { listRowsAfter } from '../../src/inventory/row-store.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import type { Inventory } from '../support/import-place.ts';
import { rounds } from '../support/rounds.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

/** Some of a few tokens in any order, and a number for each, which is another one each time. */
const named = (prefix: string, most: number) =>
  fc
    .tuple(
      fc.shuffledSubarray(Array.from({ length: most }, (_, index) => `${prefix}${index}`)),
      fc.shuffledSubarray(
        Array.from({ length: most }, (_, index) => index + 1),
        { minLength: most },
      ),
    )
    .map(([tokens, ids]) => tokens.map((token, index) => ({ token, id: ids[index] as number })));

const inventory = fc
  .record({
    spaces: named('space', 4),
    reports: named('report', 8),
    queries: named('query', 8),
    choices: fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
  })
  .map(({ spaces, reports, queries, choices }): Inventory => {
    const pick = <Item>(items: readonly Item[], index: number) =>
      items[(choices[index] as number) % items.length];
    const listed = spaces.map((space, index) => ({
      ...space,
      space_type: pick(['custom', 'private'], index),
    }));
    const inSpaces = reports.map((report, index) => {
      const space = pick([...listed, undefined], index + 4);
      return { ...report, name: pick(['A', 'B'], index), ...inSpace(space) };
    });
    const ofReports = queries.flatMap((query, index) => {
      const report = inSpaces.length === 0 ? undefined : pick(inSpaces, index + 12);
      return report ? [{ ...query, raw_query: pick(['1', '2'], index), ...of(report) }] : [];
    });
    const stats = inSpaces.map((report, index) => ({ ...of(report), view_count: index }));
    return { spaces: listed, reports: inSpaces, report_stats: stats, queries: ofReports };
  });

const inSpace = (space: GivenRow | undefined) =>
  space ? { space_id: space.id, space_token: space.token } : {};
const of = (report: GivenRow) => ({ report_id: report.id, report_token: report.token });

async function bringIn(database: Database, organization: Organization, given: Inventory) {
  const sources = listsParentsFirst.flatMap((list) => {
    const rows = given[list.name];
    const read = () => (rows ?? []).map((row, index) => ({ row, where: `row ${index + 1}` }));
    return rows
      ? [{ list, proof: WHOLE, includesPersonal: true, count: rows.length, rows: read }]
      : [];
  });
  return importInventory(
    database,
    organization,
    { sourceName: 'there', lists: sources },
    { keepMissing: false, mostDeleted: Number.POSITIVE_INFINITY },
    { clock: systemClock, identifiers: randomIdentifiers },
  );
}

/** The rows of a list in both views, by token, without the paths that name the organization. */
async function listed(database: Database, { id }: Organization, list: List) {
  const read = async (view: 'all' | 'shared') => {
    const rows = await listRowsAfter(database, id, { list, view, slot: 0, limit: 1000 });
    return rows
      .map(({ body }) => JSON.parse(String(body)) as GivenRow)
      .map((row) => ({ ...row, report_url: null, space_url: null }))
      .toSorted((a: GivenRow, b: GivenRow) =>
        String(a[list.tokenField]) < String(b[list.tokenField]) ? -1 : 1,
      );
  };
  return { all: await read('all'), shared: await read('shared') };
}

test('whatever was imported before, what is here is what the source holds now', async () => {
  const { database } = await openWorkplace();
  let organizations = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(inventory, { minLength: 2, maxLength: 4 }), async (history) => {
      const grown = await makeOrganization(database, `grown-${++organizations}`);
      for (const given of history) await bringIn(database, grown, given);
      const last = history.at(-1) as Inventory;
      const fresh = await makeOrganization(database, `fresh-${organizations}`);
      await bringIn(database, fresh, last);
      for (const list of Object.values(lists))
        expect(await listed(database, grown, list)).toEqual(await listed(database, fresh, list));
      expect(await Array.fromAsync(checkRows(database, grown.id))).toEqual([]);
      const again = await bringIn(database, grown, last);
      for (const { added, changed, deleted } of Object.values(again))
        expect({ added, changed, deleted }).toEqual({ added: 0, changed: 0, deleted: 0 });
    }),
    { numRuns: rounds({ usual: 15, full: 300 }) },
  );
});
