import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { importInventory } from '../../src/import/import-inventory.ts';
import type { ImportSummary } from '../../src/import/plan-import.ts';
import { readFolder } from '../../src/import/read-folder.ts';
import { endLineOf } from '../../src/inventory/end-line.ts';
import type { ListName } from '../../src/inventory/lists.ts';
import type { GivenRow } from '../../src/inventory/row.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { reportRow } from './rows.ts';
import {
  makeBearer,
  makeOrganization,
  openWorkplace,
  temporaryFolder,
  type Workplace,
} from './workplace.ts';

/** What a source holds, list by list. */
export type Inventory = Partial<Record<ListName, GivenRow[]>>;

export const space = (id: number, space_type = 'custom') => ({
  id,
  token: `space-${id}`,
  name: `Space ${id}`,
  space_type,
});
export const inSpace = (id: number) => ({ space_id: id, space_token: `space-${id}` });
export const report = (id: number, more: GivenRow = {}): GivenRow =>
  reportRow(id, { ...inSpace(1), report_url: `/api/there/reports/${id}`, ...more });
export const reports = (count: number, more: GivenRow = {}): GivenRow[] =>
  Array.from({ length: count }, (_, index) => report(index + 1, more));
export const ofReport = (id: number) => ({ report_id: id, report_token: reportRow(id).token });
export const query = (id: number, reportId: number): GivenRow => ({
  id,
  token: `query-${id}`,
  raw_query: 'select 1',
  ...ofReport(reportId),
});
export const stats = (reportId: number, view_count = 1): GivenRow => ({
  ...ofReport(reportId),
  view_count,
  total_views_count: view_count,
});
export const idsOf = (rows: GivenRow[]) => rows.map((row) => row.id ?? row.report_id);

/** Writes lists as `rollcall crawl` does, each with its end line unless that is left out. */
export function writeNdjson(folder: string, inventory: Inventory, { ends = true } = {}): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, rows] of Object.entries(inventory)) {
    const end = { list: name as ListName, rows: rows.length, includesPersonal: true };
    writeFileSync(
      join(folder, `${name}.ndjson`),
      rows.map((row) => `${JSON.stringify(row)}\n`).join('') + (ends ? endLineOf(end) : ''),
    );
  }
  return folder;
}

export type ImportHow = { sourceName?: string; keepMissing?: boolean; mostDeleted?: number };

/** The organization `here`, to import into. */
export type ImportPlace = Workplace & {
  organization: Organization;
  importFolder(folder: string, how?: ImportHow): Promise<ImportSummary>;
  import(inventory: Inventory, how?: ImportHow): Promise<ImportSummary>;
  /** The rows that are listed, personal spaces included. */
  list(name: ListName, spaces?: string): Promise<GivenRow[]>;
};

export async function openImportPlace(): Promise<ImportPlace> {
  const workplace = await openWorkplace();
  const organization = await makeOrganization(workplace.database, 'here');
  const bearer = await makeBearer(workplace.database, organization);
  const importFolder = (
    folder: string,
    { sourceName = 'there', keepMissing = false, mostDeleted }: ImportHow = {},
  ) =>
    importInventory(
      workplace.database,
      organization,
      { sourceName, lists: readFolder(folder).lists },
      { keepMissing, mostDeleted },
      { clock: systemClock, identifiers: randomIdentifiers },
    );
  return {
    ...workplace,
    organization,
    importFolder,
    import: (inventory, how) => importFolder(writeNdjson(temporaryFolder(), inventory), how),
    list: async (name, spaces = 'include_spaces=all') =>
      (await workplace.get(`/batch/here/${name}?${spaces}`, bearer)).json()[name],
  };
}
