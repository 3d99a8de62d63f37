import {
  type AuditAction,
  type AuditSubject,
  commandLine,
  recordAudit,
} from '../audit/audit-log-store.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Database, Queries } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import {
  findSource,
  getLastOwnId,
  getOrCreateSource,
  getPosition,
} from '../inventory/row-store.ts';
import { changeRows } from '../inventory/row-writer.ts';
import type { Organization } from '../organizations/organization.ts';
import { applyStep } from './apply-step.ts';
import {
  type ImportOutcome,
  type ImportSummary,
  type PlanOptions,
  planImport,
} from './plan-import.ts';
import type { SourceList } from './source-list.ts';
import type { Step } from './step.ts';

/** What to import, and what its rows are remembered to come from. */
export type ImportSource = { sourceName: string; lists: readonly SourceList[] };

/**
 * Brings an organization's inventory to what a source holds, all or nothing. Rows are kept as they are, numbers and
 * tokens included; importing the same again changes nothing. What an earlier import from this source brought and the
 * source no longer has goes where that is proven; what was made here, or came from another source, is never touched.
 *
 * @throws UserError that names the file, the row and the field where something is broken; then nothing is written.
 */
export async function importInventory(
  database: Database,
  organization: Organization,
  { sourceName, lists }: ImportSource,
  options: PlanOptions,
  { clock, identifiers }: { clock: Clock; identifiers: Identifiers },
): Promise<ImportSummary> {
  return database.transaction(async (queries: Queries) => {
    const sourceId = await getOrCreateSource(queries, organization.id, sourceName);
    const position = await getPosition(queries, organization.id);
    return changeRows(queries, organization.id, async (writer) => {
      const { nextOwnId } = writer;
      const parts = { queries, organization, sourceId, position, identifiers, nextOwnId };
      const plan = planImport(parts, lists, options);
      const into = { queries, writer, organizationId: organization.id };
      for (;;) {
        const next = await plan.next();
        if (next.done) {
          if (next.value.idsAmongOurs) writer.keepAway(next.value.idsAmongOurs);
          await audit(queries, organization.id, sourceName, next.value, wireTime(clock()));
          return next.value.summary;
        }
        await applyStep(into, next.value, clock());
      }
    });
  });
}

/** What an import would do, step by step, and what would come of it; nothing is written. */
export async function* rehearseImport(
  database: Database,
  organization: Organization,
  { sourceName, lists }: ImportSource,
  options: PlanOptions,
  identifiers: Identifiers,
): AsyncGenerator<Step, ImportOutcome, void> {
  // Numbers of sources begin at 1: a source that is not there yet has no rows.
  const sourceId = (await findSource(database, organization.id, sourceName)) ?? 0;
  const position = await getPosition(database, organization.id);
  let lastOwnId = await getLastOwnId(database, organization.id);
  const nextOwnId = () => ++lastOwnId;
  const parts = { queries: database, organization, sourceId, position, identifiers, nextOwnId };
  return yield* planImport(parts, lists, { ...options, showsRefused: true });
}

/** Writes down that there was an import, what it did to each list, and which reports it archived or brought back. */
async function audit(
  queries: Queries,
  organizationId: number,
  sourceName: string,
  { summary, archived, restored }: ImportOutcome,
  at: string,
): Promise<void> {
  const record = (action: AuditAction, subject: AuditSubject, detail: object) =>
    recordAudit(queries, organizationId, { at, actor: commandLine, action, subject, detail });
  await record('inventory.imported', { kind: 'source', name: sourceName }, summary);
  const why = (reason: string) => ({ reason, source: sourceName });
  for (const report of archived)
    await record('report.archived', { kind: 'report', ...report }, why('missing_at_source'));
  for (const report of restored)
    await record('report.unarchived', { kind: 'report', ...report }, why('back_at_source'));
}
