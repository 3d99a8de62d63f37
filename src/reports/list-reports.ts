import type { Store } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { type Paging, singleValue } from '../http/paging.ts';
import type { QueryString } from '../http/query-string.ts';
import { lists, type Row } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { findRows, type StoredRow } from '../inventory/row-store.ts';
import type { OrganizationNow } from '../organizations/organization.ts';
import { everyReport } from '../report-index/report-question.ts';
import type { ReportSearch } from '../report-index/report-search.ts';
import type { Reach } from '../spaces/space-access.ts';
import { type ArchiveFilter, listReportSlots } from './report-store.ts';

/** What reports of a space may be put in the order of. */
export const orderFields = [
  'created_at',
  'updated_at',
  'edited_at',
  'last_run_at',
  'name',
] as const satisfies (keyof Row<'reports'>)[];
type OrderField = (typeof orderFields)[number];

export type ReportOrder = { by: OrderField; descending: boolean } | undefined;

/** `order_by` and `order` of a list of reports; undefined for the order of the list. @throws ApiError bad_request */
export function parseOrder(query: QueryString): ReportOrder {
  const by = oneOf(query, 'order_by', orderFields);
  const order = oneOf(query, 'order', ['asc', 'desc']);
  if (by === undefined && order === undefined) return undefined;
  return { by: by ?? 'created_at', descending: order === 'desc' };
}

function oneOf<Word extends string>(
  query: QueryString,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const accepted = `one of ${words.join(', ')}`;
  const value = singleValue(query, name, accepted);
  if (value === undefined || (words as readonly string[]).includes(value)) return value as Word;
  throw new ApiError('bad_request', `${name} is ${quoted(value)}; it must be ${accepted}.`);
}

/** `filter` of a list of reports. Crawlers send what other servers take; a word that is not known here filters nothing. */
export function parseArchiveFilter(query: QueryString): ArchiveFilter {
  return query.get('filter')?.at(-1) === 'archived' ? 'archived' : 'all';
}

/** A page of the reports in a space, and how many there are in all. */
export async function listReportsOfSpace(
  store: Store,
  organizationId: number,
  spaceSlot: number,
  { filter, order }: { filter: ArchiveFilter; order: ReportOrder },
  { page, perPage }: Paging,
): Promise<{ rows: StoredRow[]; total: number }> {
  const slots = await listReportSlots(store, organizationId, spaceSlot, filter);
  const from = (page - 1) * perPage;
  // Only another order than that of the list takes more than the rows of the page.
  const wanted = order === undefined ? slots.slice(from, from + perPage) : slots;
  const rows = await findRows(store, organizationId, lists.reports, 'slot', wanted);
  const inOrder = rows.toSorted((a, b) => a.slot - b.slot);
  if (order === undefined) return { rows: inOrder, total: slots.length };
  return { rows: sorted(inOrder, order).slice(from, from + perPage), total: slots.length };
}

/**
 * A page of the listed reports that use a data source and that the caller may see, in the order of the list, and how many
 * there are in all. The store keeps which data source a query runs on in the row alone; the search file has an index of it,
 * which no write waits for.
 */
export async function listReportsOfDataSource(
  { store, reportSearch }: { store: Store; reportSearch: ReportSearch },
  organization: OrganizationNow,
  { dataSource, reach }: { dataSource: string; reach: Reach },
  { page, perPage }: Paging,
): Promise<{ rows: StoredRow[]; total: number }> {
  const { reports, total } = await reportSearch.find(organization, {
    ...everyReport,
    dataSources: [dataSource],
    archived: false,
    reach,
    orderBy: 'relevance',
    descending: false,
    offset: (page - 1) * perPage,
    limit: perPage,
    withFacets: false,
  });
  const tokens = reports.map((found) => readRow(lists.reports, found).token);
  const rows = await findRows(store, organization.id, lists.reports, 'token', tokens);
  return { rows: rows.toSorted((a, b) => a.slot - b.slot), total };
}

/** What is not known comes last in either order. */
function sorted(rows: readonly StoredRow[], { by, descending }: NonNullable<ReportOrder>) {
  const keyed = rows.map((row) => ({ row, key: readRow(lists.reports, row)[by] }));
  const sign = descending ? -1 : 1;
  return keyed
    .toSorted((a, b) => {
      if (a.key === b.key) return a.row.slot - b.row.slot;
      if (a.key === null) return 1;
      if (b.key === null) return -1;
      return a.key < b.key ? -sign : sign;
    })
    .map(({ row }) => row);
}
