import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { type List, lists } from '../discovery/lists.ts';
import { sqlFingerprint } from '../queries/sql-fingerprint.ts';
import { readRule } from './call-roll.ts';
import { activeEmail, toReport } from './inventory.ts';
import { listSharedRows, type SharedRow } from './inventory-store.ts';
import type { Counts } from './roll-call-lists.ts';

const ROWS_AT_ONCE = 500;
/** As many bytes of a fingerprint as a number holds: among millions, hardly two are the same by chance. */
const FINGERPRINT_BYTES = 6;

/**
 * Counts the reports in shared spaces row by row. It holds none of them, only a number for each query, so that a large
 * organization takes little memory.
 */
export async function countRoll(
  parts: { database: Database; clock: Clock },
  organizationId: number,
): Promise<Counts> {
  const { database } = parts;
  const { stateOf } = await readRule(parts, organizationId);
  const rowsOf = (list: List) => sharedRows(database, organizationId, list);
  const activeEmails = new Set<string | undefined>();
  for await (const { body } of rowsOf(lists.members)) {
    activeEmails.add(activeEmail(JSON.parse(String(body))));
  }
  const counts: Counts = {
    reports: 0,
    answering: 0,
    failing: 0,
    stale: 0,
    never_ran: 0,
    never_viewed: 0,
    owner_left: 0,
    duplicates: 0,
  };
  for await (const { slot, parent, body } of rowsOf(lists.reports)) {
    const place = { slot, space: parent, personal: false };
    const report = toReport(JSON.parse(String(body)), place);
    counts.reports++;
    counts[stateOf(report)]++;
    if (report.lastViewedAt === null) counts.never_viewed++;
    const owner = report.creatorEmail?.toLowerCase();
    if (owner !== undefined && !activeEmails.has(owner)) counts.owner_left++;
  }
  counts.duplicates = await countDuplicates(rowsOf(lists.queries));
  return counts;
}

/** How many reports share SQL with another. */
async function countDuplicates(queries: AsyncIterable<SharedRow>): Promise<number> {
  /** The first report that has it. */
  const firstWith = new Map<number, number>();
  const sharing = new Set<number>();
  for await (const { parent, body } of queries) {
    const fingerprint = sqlFingerprint(JSON.parse(String(body)).raw_query ?? '');
    if (parent === null || fingerprint === undefined) continue;
    const key = Buffer.from(fingerprint, 'base64').readUIntBE(0, FINGERPRINT_BYTES);
    const first = firstWith.get(key);
    if (first === undefined) firstWith.set(key, parent);
    else if (first !== parent) sharing.add(first).add(parent);
  }
  return sharing.size;
}

async function* sharedRows(
  database: Database,
  organizationId: number,
  list: List,
): AsyncGenerator<SharedRow> {
  for (let after = 0; ; ) {
    const rows = await listSharedRows(database, organizationId, {
      list,
      after,
      limit: ROWS_AT_ONCE,
    });
    yield* rows;
    after = rows.at(-1)?.slot ?? after;
    if (rows.length < ROWS_AT_ONCE) return;
  }
}
