import {
  type AuditAction,
  type AuditSubject,
  commandLine,
  recordAudit,
} from '../audit/audit-log-store.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { UserError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';
import {
  findSource,
  getLastOwnId,
  getOrCreateSource,
  getPosition,
} from '../inventory/row-store.ts';
import { IsolatedFailures } from '../isolated-failures.ts';
import type { Organization } from '../organizations/organization.ts';
import { ImportRun, type RecordImport } from './import-run.ts';
import { findImport, listLostImports } from './import-store.ts';
import {
  type ImportOutcome,
  type ImportSummary,
  type PlanOptions,
  planImport,
} from './plan-import.ts';
import { slicesOf } from './slice.ts';
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
  options: PlanOptions & { onApplied?: (steps: number, count: number) => void },
  { clock, identifiers }: { clock: Clock; identifiers: Identifiers },
): Promise<ImportSummary> {
  const record = recordImport(organization.id, clock);
  const run = await ImportRun.begin(
    { database, organizationId: organization.id, clock, identifiers },
    record,
  );
  try {
    const outcome = await planInto(run).catch(async (error) => {
      // Whoever cannot do that leaves it to whoever comes next.
      await run.drop().catch(() => undefined);
      throw error;
    });
    await run.finish(record, options.onApplied);
    return record.summary ?? outcome.summary;
  } finally {
    run.leave();
  }

  async function planInto(into: ImportRun): Promise<ImportOutcome> {
    const sourceId = await getOrCreateSource(database, organization.id, sourceName);
    const position = await getPosition(database, organization.id);
    let lastOwnId = await getLastOwnId(database, organization.id);
    let numbers = 0;
    const nextOwnId = () => {
      numbers++;
      return ++lastOwnId;
    };
    const parts = { store: database, organization, sourceId, position, identifiers, nextOwnId };
    const plan = planImport(parts, lists, options);
    for (;;) {
      const next = await plan.next();
      if (next.done) {
        const { idsAmongOurs } = next.value;
        await into.seal(JSON.stringify({ sourceName, ...next.value }), (writer) => {
          for (let given = 0; given < numbers; given++) writer.nextOwnId();
          if (idsAmongOurs) writer.keepAway(idsAmongOurs);
        });
        return next.value;
      }
      for await (const slice of slicesOf(database, organization.id, next.value))
        await into.plan(slice);
    }
  }
}

/** Brings every import to its end whose process is not heard of any more; where one fails, the others have their turn. */
export async function settleImports(
  { database, clock, identifiers }: { database: Database; clock: Clock; identifiers: Identifiers },
  {
    isStopped = () => false,
    log = () => undefined,
  }: {
    isStopped?: () => boolean;
    /** Told when one is taken over, and what became of it. */
    log?: (facts: { organization_id: number }, message: string) => void;
  } = {},
): Promise<void> {
  const turns = new IsolatedFailures();
  for (const organizationId of await listLostImports(database, wireTime(clock()))) {
    if (isStopped()) break;
    await turns.do(organizationId, async () => {
      const found = await findImport(database, organizationId);
      const parts = { database, organizationId, clock, identifiers, isStopped };
      await ImportRun.settle(parts, recordImport(organizationId, clock), found, (message) =>
        log({ organization_id: organizationId }, message),
      );
    });
  }
  turns.end();
}

/**
 * What an import would do, step by step, and what would come of it; nothing is written.
 *
 * @throws UserError where another import has written some of its rows: what is compared then is neither before nor after it.
 */
export async function* rehearseImport(
  database: Database,
  organization: Organization,
  { sourceName, lists }: ImportSource,
  options: PlanOptions,
  identifiers: Identifiers,
): AsyncGenerator<Step, ImportOutcome, void> {
  await requireNoneApplying(database, organization);
  // Numbers of sources begin at 1: a source that is not there yet has no rows.
  const sourceId = (await findSource(database, organization.id, sourceName)) ?? 0;
  const position = await getPosition(database, organization.id);
  let lastOwnId = await getLastOwnId(database, organization.id);
  const nextOwnId = () => ++lastOwnId;
  const parts = { store: database, organization, sourceId, position, identifiers, nextOwnId };
  const outcome = yield* planImport(parts, lists, { ...options, showsRefused: true });
  await requireNoneApplying(database, organization);
  return outcome;
}

async function requireNoneApplying(database: Database, organization: Organization): Promise<void> {
  const state = (await findImport(database, organization.id))?.state ?? 'planning';
  if (state === 'planning' || state === 'published') return;
  throw new UserError(
    `Another import into ${organization.username} has not ended yet, so nothing can be compared. If it was killed, ` +
      'a server or the next import completes it. Try again after that.',
  );
}

/** What becomes of an import in the audit log: what it did to each list and to which reports, or that it was undone. */
function recordImport(
  organizationId: number,
  clock: Clock,
): RecordImport & { summary: ImportSummary | undefined } {
  const record = (
    store: Store,
    action: AuditAction,
    subject: AuditSubject,
    detail: object,
  ): Promise<void> => {
    const at = wireTime(clock());
    return recordAudit(store, organizationId, {
      ...{ at, actor: commandLine, action, subject, detail },
    });
  };
  return {
    /** What was written down in the end. */
    summary: undefined,
    async done(store, outcome) {
      const { sourceName, summary, archived, restored } = JSON.parse(outcome) as ImportOutcome & {
        sourceName: string;
      };
      this.summary = summary;
      const source = { kind: 'source', name: sourceName };
      await record(store, 'inventory.imported', source, summary);
      const why = (reason: string) => ({ reason, source: sourceName });
      for (const report of archived) {
        const subject = { kind: 'report', ...report };
        await record(store, 'report.archived', subject, why('missing_at_source'));
      }
      for (const report of restored) {
        const subject = { kind: 'report', ...report };
        await record(store, 'report.unarchived', subject, why('back_at_source'));
      }
    },
    async undone(store, outcome, reason) {
      const { sourceName: name } = JSON.parse(outcome) as { sourceName: string };
      await record(store, 'inventory.import_undone', { kind: 'source', name }, { reason });
    },
  };
}
