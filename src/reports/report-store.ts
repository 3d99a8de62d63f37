import type { Queries } from '../database/database.ts';
import { lists } from '../discovery/lists.ts';
import { listRowsAfter } from '../discovery/row-store.ts';

/** Which reports of a space. */
export type ArchiveFilter = 'listed' | 'archived' | 'all';

const conditions: Record<ArchiveFilter, string> = {
  listed: 'body is not null',
  archived: 'archived_body is not null',
  all: '(body is not null or archived_body is not null)',
};

/** The slots of the reports in a space, in the order of their list. */
export async function listReportSlots(
  queries: Queries,
  organizationId: number,
  spaceSlot: number,
  filter: ArchiveFilter,
): Promise<number[]> {
  const rows = await queries.all<{ slot: number }>(
    `select slot from discovery_rows
     where organization_id = ? and parent = ? and list = ? and ${conditions[filter]} order by slot`,
    [organizationId, spaceSlot, lists.reports.number],
  );
  return rows.map(({ slot }) => slot);
}

const ROWS_AT_ONCE = 1000;

/** The tokens of the reports that have a query on a data source, each once. It reads every query there is. */
export async function listReportTokensOfDataSource(
  queries: Queries,
  organizationId: number,
  dataSourceToken: string,
): Promise<Set<string>> {
  const tokens = new Set<string>();
  // As the row of such a query has it; within the text of a value the quotes would have backslashes.
  const wanted = `"data_source_token":${JSON.stringify(dataSourceToken)}`;
  for (let slot = 0; ; ) {
    const page = { list: lists.queries, view: 'all', slot, limit: ROWS_AT_ONCE } as const;
    const rows = await listRowsAfter(queries, organizationId, page);
    for (const { body } of rows) {
      if (body?.includes(wanted)) tokens.add(JSON.parse(String(body)).report_token);
    }
    if (rows.length < ROWS_AT_ONCE) return tokens;
    slot = rows.at(-1)?.slot ?? slot;
  }
}
