import { type List, type ListName, lists } from '../inventory/lists.ts';
import type { IdRange } from '../inventory/row-writer.ts';
import {
  type ListCounts,
  ListPlan,
  type NamedReport,
  type PlanParts,
  spanOf,
} from './list-plan.ts';
import { type DeletionOptions, planDeletions } from './plan-deletions.ts';
import type { ReadRow, SourceList } from './source-list.ts';
import type { Step } from './step.ts';

/** What became of one list. */
export type ListSummary = ListCounts & {
  isWhole: boolean;
  /** Why it is not. */
  because?: string;
};

export type ImportSummary = Partial<Record<ListName, ListSummary>>;

/** What comes of an import, with the reports that it archives and those that come back. */
export type ImportOutcome = {
  summary: ImportSummary;
  archived: readonly NamedReport[];
  restored: readonly NamedReport[];
  /** Numbers that came where numbers of things made here are. */
  idsAmongOurs: IdRange | undefined;
};

/** What has come of an import by now, where some of what it was to remove is archived instead. */
export function withSpared(
  outcome: ImportOutcome,
  { reports, rows }: { reports: readonly NamedReport[]; rows: Partial<Record<ListName, number>> },
): ImportOutcome {
  const summary = { ...outcome.summary };
  for (const [name, count] of Object.entries(rows) as [ListName, number][]) {
    const before = summary[name];
    if (before === undefined) continue;
    const { deleted, archived } = before;
    summary[name] = { ...before, deleted: deleted - count, archived: archived + count };
  }
  return { ...outcome, summary, archived: [...outcome.archived, ...reports] };
}

export type PlanOptions = DeletionOptions & {
  onProgress?: ((list: List, rows: number, count: number | undefined) => void) | undefined;
};

const ROWS_AT_ONCE = 1000;

/**
 * Compares what a source holds with the store and says, step by step, what brings the store to it. It reads alone; the
 * steps it has given may be done at once or later.
 *
 * @returns what comes of it, once all steps are done.
 * @throws UserError that names the file, the row and the field where something is broken.
 */
export async function* planImport(
  parts: PlanParts,
  given: readonly SourceList[],
  { onProgress, ...deletion }: PlanOptions,
): AsyncGenerator<Step, ImportOutcome, void> {
  const plans = new Map<List, ListPlan>();
  const planOf = (list: List): ListPlan => {
    const known = plans.get(list);
    if (known) return known;
    const made = new ListPlan(list, parts, planOf);
    plans.set(list, made);
    return made;
  };

  for (const { list, count, rows } of given) {
    const plan = planOf(list);
    let read = 0;
    for await (const batch of inBatches(rows(), ROWS_AT_ONCE)) {
      yield* await plan.put(batch);
      read += batch.length;
      onProgress?.(list, read, count);
    }
    // Spaces and stats may still be made, for what the lists after them hold.
    if (list !== lists.spaces && list !== lists.report_stats) plan.close();
  }
  for await (const batch of inBatches(missingStats(planOf(lists.reports)), ROWS_AT_ONCE)) {
    yield* await planOf(lists.report_stats).put(batch, 'made');
  }
  const { proofs, archived } = yield* planDeletions(parts, given, planOf, deletion);

  const summary: ImportSummary = {};
  for (const [name, list] of Object.entries(lists) as [ListName, List][]) {
    const { counts } = planOf(list);
    const proof = proofs.get(list);
    const isTouched = Object.values(counts).some((count) => count > 0);
    if (proof === undefined && !isTouched) continue;
    const isWhole = proof?.isWhole === true;
    const because = proof?.isWhole === false ? { because: proof.because } : {};
    summary[name] = { ...counts, isWhole, ...because } satisfies ListSummary;
  }
  const restored = [...planOf(lists.reports).restored.values()];
  const idsAmongOurs = spanOf([...plans.values()].map((plan) => plan.idsAmongOurs));
  return { summary, archived, restored, idsAmongOurs };
}

/** Stats for each new report for which the source has none. */
function* missingStats({ fresh }: ListPlan): Iterable<ReadRow> {
  for (const [token, { id, hasStats }] of fresh) {
    if (hasStats) continue;
    const none = { active_schedules_count: 0, explorations_count: 0, view_count: 0 };
    yield { row: { report_id: id, report_token: token, ...none }, where: `stats of ${token}` };
  }
}

async function* inBatches<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  size: number,
): AsyncIterable<Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
