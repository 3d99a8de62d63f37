import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { importInventory } from '../../src/import/import-inventory.ts';
import { readFolder } from '../../src/import/read-folder.ts';
import { type ListName, lists } from '../../src/inventory/lists.ts';
import { type GivenRow, toBytes } from '../../src/inventory/row.ts';
import { getPosition } from '../../src/inventory/row-store.ts';
import { savedRows, unpackWorkspace } from '../support/saved-workspace.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openImported() {
  const workplace = await openWorkplace();
  const organization = await makeOrganization(workplace.database, 'acme');
  const { folder, facts } = unpackWorkspace();
  const run = () => {
    const { organization: sourceName = '', lists: sourceLists } = readFolder(folder);
    return importInventory(
      workplace.database,
      organization,
      { sourceName, lists: sourceLists },
      { keepMissing: false },
      { clock: systemClock, identifiers: randomIdentifiers },
    );
  };
  const summary = await run();
  const bearer = await makeBearer(workplace.database, organization);
  const listAll = async (name: ListName, spaces: string): Promise<GivenRow[]> => {
    const rows: GivenRow[] = [];
    for (let page = 1, pages = 1; page <= pages; page++) {
      const response = await workplace.get(`/batch/acme/${name}?page=${page}${spaces}`, bearer);
      const body = response.json();
      pages = body.pagination.total_pages;
      expect(body.pagination.count).toBe(body[name].length);
      rows.push(...body[name]);
      expect(body.pagination.total_count).toBeGreaterThanOrEqual(rows.length);
    }
    return rows;
  };
  return { ...workplace, organization, folder, facts, run, summary, listAll };
}

const namesIn = (rows: readonly GivenRow[]) =>
  rows.map((row) => toBytes({ name: row.name ?? null }).toString('hex'));

/** What Mode has added since the workspace was saved. */
const newerFields: { [Name in ListName]?: GivenRow } = {
  members: {
    last_day_engaged: null,
    last_day_api_engaged: null,
    last_day_in_app_engaged: null,
  },
};

test('every figure of the saved workspace comes out through the API, every row as it was saved, and importing the same again changes nothing', async () => {
  const { database, organization, folder, facts, summary, run, listAll } = await openImported();

  for (const name of Object.keys(lists) as ListName[]) {
    const rows = await listAll(name, '&include_spaces=all');
    const saved = savedRows(folder, name).map((row) => ({ ...newerFields[name], ...row }));
    expect(rows, name).toEqual(saved);
    // Text of every script, byte for byte.
    expect(namesIn(rows), name).toEqual(namesIn(saved));
  }

  const all = await listAll('reports', '&include_spaces=all');
  const shared = await listAll('reports', '');
  const spaces = await listAll('spaces', '');
  expect(all).toHaveLength(facts.reports_all);
  expect(shared).toHaveLength(facts.reports_shared);
  expect(shared[0]?.token).toBe(facts.first_shared_token);
  expect(shared.at(-1)?.token).toBe(facts.last_shared_token);
  expect(spaces).toHaveLength(facts.spaces);
  const personal = spaces.filter((space) => space.space_type === 'private');
  expect(personal).toHaveLength(facts.personal_spaces);
  expect(await listAll('queries', '&include_spaces=all')).toHaveLength(facts.queries);
  expect(await listAll('charts', '&include_spaces=all')).toHaveLength(facts.charts);
  expect(await listAll('members', '')).toHaveLength(facts.members);

  // The default view is exactly what lies outside personal spaces, in the same order.
  const personalTokens = new Set(personal.map((space) => space.token));
  expect(shared).toEqual(all.filter((report) => !personalTokens.has(report.space_token)));
  for (const name of ['report_stats', 'queries', 'charts'] as const) {
    const tokens = new Set(shared.map((report) => report.token));
    const wanted = savedRows(folder, name).filter((row) => tokens.has(row.report_token));
    expect(await listAll(name, ''), name).toEqual(wanted);
  }

  const before = await getPosition(database, organization.id);
  const again = await run();
  expect(await getPosition(database, organization.id)).toBe(before);
  for (const [name, counts] of Object.entries(summary)) {
    expect(again[name as ListName]).toEqual({ ...counts, added: 0, unchanged: counts.added });
  }
});
