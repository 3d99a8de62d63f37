import { type List, lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import {
  countRowsOfSource,
  findRows,
  listChildren,
  listRowKeysAfter,
  type RowKeys,
} from '../inventory/row-store.ts';
import { findSpaceOwners } from '../spaces/space-owner-store.ts';
import type { ListPlan, NamedReport, PlanParts } from './list-plan.ts';
import { findReportsWithWork } from './made-here-store.ts';
import type { Proof, SourceList } from './source-list.ts';
import type { Step } from './step.ts';

export type DeletionOptions = {
  /** Keep what the source no longer has. */
  keepMissing: boolean;
  /** How many rows of a list may be deleted by whoever imports; undefined where that was not said. */
  mostDeleted?: number | undefined;
  /** Gives the steps that delete even where they are refused: nobody does them. */
  showsRefused?: boolean;
};

const ROWS_AT_ONCE = 1000;

/** Reports come first, for what belongs to them is deleted with them: their stats always. */
const listsToDelete = Object.values<List>(lists).filter((list) => list !== lists.report_stats);

/** So many rows, and so large a part of a list, are deleted without a word on the command line. */
const FEW_ROWS = 20;
const FEW_OF = 20;

/**
 * What goes: what an earlier import from this source brought and the source no longer has. A list proves that by being
 * whole; a row whose number the source has given to another proves it itself. A report that another list of the copy
 * still names stays, and so does what lies in a personal space of which the copy shows nothing, and a space that holds
 * reports. A report for which something was made here is archived, all else is removed.
 *
 * @returns what each list proved in the end, and which reports are archived.
 */
export async function* planDeletions(
  parts: PlanParts,
  given: readonly SourceList[],
  planOf: (list: List) => ListPlan,
  options: DeletionOptions,
): AsyncGenerator<Step, { proofs: Map<List, Proof>; archived: readonly NamedReport[] }, void> {
  const proofs = new Map(given.map((one) => [one.list, proofOf(one, planOf(one.list))]));
  const leaving = new Leaving(parts, planOf(lists.reports).restored);
  for (const list of listsToDelete) {
    const source = given.find((one) => one.list === list);
    if (source === undefined) continue;
    const plan = planOf(list);
    const proof = proofs.get(list) as Proof;
    const isTold = options.mostDeleted !== undefined;
    const isProven = proof.isWhole || (proof.canBeTold && isTold);
    for await (const rows of missingRows(parts, source, planOf)) {
      const going: RowKeys[] = [];
      for (const row of rows) {
        const isGone = isProven || plan.displaced.has(row.slot);
        const isHidden = !(isTold && proof.isWhole) && !isShown(row, list, planOf);
        if (isGone && !isHidden && !isNamed(row, plan) && !options.keepMissing) going.push(row);
        else plan.counts.kept++;
      }
      if (list === lists.spaces) await leaving.addSpaces(going, plan, planOf(lists.reports));
      else await leaving.add(list, going);
    }
  }
  const refused = await leaving.isRefused(given, options.mostDeleted);
  for (const [list, { removed, archived }] of leaving.counts) {
    const { counts } = planOf(list);
    if (refused) counts.refused += removed + archived;
    else {
      counts.deleted += removed;
      counts.archived += archived;
    }
  }
  if (!refused || options.showsRefused) yield* leaving.steps();
  return { proofs, archived: refused ? [] : leaving.archivedReports };
}

/** A list that holds fewer different rows than it says is not whole: while it was read, rows came twice and others not. */
function proofOf({ list, proof, count }: SourceList, { size }: ListPlan): Proof {
  if (!proof.isWhole || count === undefined || count === size) return proof;
  const because = `${list.name} has ${size} different rows of the ${count} that it claims to have`;
  return { isWhole: false, because, canBeTold: false };
}

/** What the list has from this source and its copy lacks, and is not known to be somewhere else. */
async function* missingRows(
  { store, organization, sourceId, position }: PlanParts,
  { list, includesPersonal }: SourceList,
  planOf: (list: List) => ListPlan,
): AsyncIterable<RowKeys[]> {
  const { seen, restored } = planOf(list);
  const reports = planOf(lists.reports);
  for (let after = 0; ; ) {
    const at = { list, slot: after, limit: ROWS_AT_ONCE };
    const rows = await listRowKeysAfter(store, organization.id, at);
    yield rows.filter(
      (row) =>
        row.sourceId === sourceId &&
        row.slot <= position &&
        (!row.archived || restored.has(row.slot) || reports.restored.has(row.parent ?? -1)) &&
        (includesPersonal || !row.personal) &&
        !seen.has(row.slot),
    );
    if (rows.length < ROWS_AT_ONCE) return;
    after = rows.at(-1)?.slot ?? after;
  }
}

/** Whether the copy sees into where the row lies: who may see less than before does not see what is still there. */
function isShown(row: RowKeys, list: List, planOf: (list: List) => ListPlan): boolean {
  if (!row.personal) return true;
  if (row.parent === null) return false;
  const reports = planOf(lists.reports);
  if (list === lists.reports) return reports.shownSpaces.has(row.parent);
  return reports.seen.has(row.parent) || reports.named.has(row.parent);
}

/** Whether another list of the copy still speaks of it. */
function isNamed({ slot, token }: RowKeys, { named, namedTokens }: ListPlan): boolean {
  return named.has(slot) || namedTokens.has(token);
}

/** How many rows of a list go, and how many of them anybody can see going: what is archived already is in no list. */
type Leavers = { removed: number; archived: number; unlisted: number };

/** What leaves the lists. */
class Leaving {
  readonly counts = new Map<List, Leavers>();
  readonly archivedReports: NamedReport[] = [];
  readonly #parts: PlanParts;
  readonly #restored: ReadonlyMap<number, unknown>;
  /** Slots by list; what belongs to reports that are removed goes with them. */
  readonly #removed = new Map<List, number[]>();
  readonly #archived = new Map<List, number[]>();
  /** Whether each report that goes is removed, by slot. */
  readonly #reports = new Map<number, boolean>();

  /** @param restored the reports that come back, by slot: what they lose was in no list before. */
  constructor(parts: PlanParts, restored: ReadonlyMap<number, unknown>) {
    this.#parts = parts;
    this.#restored = restored;
  }

  async add(list: List, rows: readonly RowKeys[]): Promise<void> {
    if (list !== lists.reports) {
      const own = rows.filter(({ parent }) => parent === null || !this.#reports.has(parent));
      return this.#remove(list, own);
    }
    const { store, organization } = this.#parts;
    const slots = rows.map(({ slot }) => slot);
    const kept = await findReportsWithWork(store, organization.id, slots);
    for (const slot of slots) this.#reports.set(slot, !kept.has(slot));
    this.#remove(
      list,
      rows.filter(({ slot }) => !kept.has(slot)),
    );
    this.#archive(list, [...kept]);
    for (const { body } of await findRows(store, organization.id, list, 'slot', [...kept])) {
      const { token, name } = readRow(lists.reports, { body });
      this.archivedReports.push({ token, name });
    }
    const below = async (of: readonly number[]) =>
      Map.groupBy(await listChildren(store, organization.id, of), (child) => child.list);
    for (const [child, { length }] of await below(slots.filter((slot) => !kept.has(slot))))
      this.#count(child).removed += length;
    for (const [child, of] of await below([...kept]))
      this.#archive(
        child,
        of.map(({ slot }) => slot),
      );
  }

  /** A space stays as long as reports lie in it, or it is the personal space of a member here. */
  async addSpaces(rows: readonly RowKeys[], plan: ListPlan, reports: ListPlan): Promise<void> {
    const { store, organization } = this.#parts;
    const slots = rows.map(({ slot }) => slot);
    const owners = await findSpaceOwners(store, organization.id, slots);
    for (const row of rows) {
      const inside = await listChildren(store, organization.id, [row.slot]);
      const holdsReports = inside.some(
        ({ slot }) => !this.#reports.get(slot) && !reports.moved.has(slot),
      );
      if (holdsReports || owners.has(row.slot)) plan.counts.kept++;
      else this.#remove(lists.spaces, [row]);
    }
  }

  /**
   * Whether so much leaves that somebody has to allow it: all that a list has of the source, or more than a few rows and
   * more than a small part of it.
   */
  async isRefused(given: readonly SourceList[], most: number | undefined): Promise<boolean> {
    if (this.counts.size === 0) return false;
    if (most !== undefined) return [...this.counts.values()].some((one) => sum(one) > most);
    const { store, organization, sourceId, position: slot } = this.#parts;
    const known = await countRowsOfSource(store, organization.id, { sourceId, slot });
    for (const [list, count] of this.counts) {
      const { all, personal } = known.get(list.name) ?? { all: 0, personal: 0 };
      const source = given.find((one) => one.list === list);
      const listed = source?.includesPersonal === false ? all - personal : all;
      const going = sum(count);
      if (going > 0 && going >= listed) return true;
      if (going > FEW_ROWS && going * FEW_OF > listed) return true;
    }
    return false;
  }

  *steps(): Iterable<Step> {
    for (const [list, slots] of this.#archived)
      for (const some of inParts(slots))
        yield { kind: 'archive', list, slots: some, archived: true };
    for (const [list, slots] of this.#removed)
      for (const some of inParts(slots)) yield { kind: 'remove', list, slots: some };
  }

  #remove(list: List, rows: readonly RowKeys[]): void {
    if (rows.length === 0) return;
    const count = this.#count(list);
    count.removed += rows.length;
    count.unlisted += rows.filter(({ parent }) => this.#restored.has(parent ?? -1)).length;
    slotsIn(this.#removed, list).push(...rows.map(({ slot }) => slot));
  }

  #archive(list: List, slots: readonly number[]): void {
    if (slots.length === 0) return;
    this.#count(list).archived += slots.length;
    slotsIn(this.#archived, list).push(...slots);
  }

  #count(list: List): Leavers {
    const count = this.counts.get(list) ?? { removed: 0, archived: 0, unlisted: 0 };
    this.counts.set(list, count);
    return count;
  }
}

function slotsIn(slots: Map<List, number[]>, list: List): number[] {
  const known = slots.get(list) ?? [];
  slots.set(list, known);
  return known;
}

function sum({ removed, archived, unlisted }: Leavers): number {
  return removed + archived - unlisted;
}

function* inParts(slots: readonly number[]): Iterable<readonly number[]> {
  for (let start = 0; start < slots.length; start += ROWS_AT_ONCE)
    yield slots.slice(start, start + ROWS_AT_ONCE);
}
