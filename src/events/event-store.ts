import type { Store } from '../database/database.ts';
import type { Head } from '../inventory/head-store.ts';
import { lists } from '../inventory/lists.ts';
import { listPublished } from '../inventory/published-row-store.ts';

/** A report in which something happened, with what decides who can see it. */
export type ChangedReport = {
  slot: number;
  token: string;
  personal: boolean;
  space: number | null;
};

type FoundReport = Omit<ChangedReport, 'personal'> & { personal: number };

/** What happened in an organization between two of its heads. */
export type ReportChanges = {
  /** Reports that were created, changed, archived, deleted, viewed or run. */
  changed: ChangedReport[];
  /** Reports with a requested run. */
  runs: ChangedReport[];
  /** Reports with a saved draft. */
  drafts: ChangedReport[];
  /** Whether more happened than is listed. */
  more: boolean;
};

const COLUMNS = 'slot, token, personal, parent as space';

/** What happened after one head, up to another; at most `limit` reports of each kind. */
export async function listReportChanges(
  store: Store,
  organizationId: number,
  { after, upTo, limit }: { after: Head; upTo: Head; limit: number },
): Promise<ReportChanges> {
  const changed =
    upTo.position === after.position
      ? []
      : await listPublished<FoundReport & { changed: number }>(store, organizationId, {
          ...{ list: lists.reports.number, by: 'changed', after: after.position },
          limit: limit + 1,
          columns: `changed, ${COLUMNS}`,
        });
  const between = (table: 'runs' | 'drafts', from: number, to: number) =>
    from === to
      ? []
      : store.all<{ slot: number }>(
          `select distinct report_slot as slot from ${table}
           where organization_id = ? and number > ? and number <= ? limit ?`,
          [organizationId, from, to, limit + 1],
        );
  const runs = await between('runs', after.run, upTo.run);
  const drafts = await between('drafts', after.draft, upTo.draft);
  const others = new Set([...runs, ...drafts].map(({ slot }) => slot));
  for (const { slot } of changed) others.delete(slot);
  const found = await store.allEach<FoundReport>(
    `select ${COLUMNS} from discovery_rows where organization_id = ? and list = ? and slot = ?`,
    [...others].map((slot) => [organizationId, lists.reports.number, slot]),
  );
  const known = new Map(
    [...changed, ...found].map((report): [number, ChangedReport] => [
      report.slot,
      { ...report, personal: report.personal === 1 },
    ]),
  );
  const reportsOf = (some: readonly { slot: number }[]) =>
    some.slice(0, limit).flatMap(({ slot }) => known.get(slot) ?? []);
  return {
    changed: reportsOf(changed),
    runs: reportsOf(runs),
    drafts: reportsOf(drafts),
    more: [changed, runs, drafts].some(({ length }) => length > limit),
  };
}
