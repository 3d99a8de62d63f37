import type { Queries } from '../database/database.ts';
import { type List, lists } from '../inventory/lists.ts';
import { findRows } from '../inventory/row-store.ts';
import type { NewRow, RowWriter } from '../inventory/row-writer.ts';
import type { PlannedRow, Step } from './step.ts';

/** Does one step of a plan. */
export async function applyStep(
  { queries, writer, organizationId }: StepParts,
  step: Step,
  nowMs: number,
): Promise<void> {
  switch (step.kind) {
    case 'add': {
      const rows = await withParents(queries, organizationId, step.list, step.rows);
      await writer.insert(step.list, rows);
      return;
    }
    case 'change': {
      const rows = await withParents(queries, organizationId, step.list, step.rows);
      const slots = await slotsOf(
        queries,
        organizationId,
        step.list,
        rows.filter(({ slot }) => slot === undefined).map(({ token }) => token),
      );
      await writer.update(
        step.list,
        rows.map((row) => ({ ...row, slot: row.slot ?? (slots.get(row.token) as number) })),
      );
      return;
    }
    case 'personal':
      await writer.setPersonalBelow(step.slots, step.personal);
      return;
    case 'archive': {
      const { list, slots, archived } = step;
      const rows = await findRows(queries, organizationId, list, 'slot', slots);
      await writer.update(
        list,
        rows.map((row) => ({ ...row, archived })),
      );
      return;
    }
    case 'remove':
      await writer.remove(step.list, step.slots, nowMs);
  }
}

export type StepParts = { queries: Queries; writer: RowWriter; organizationId: number };

/** The rows with the slots of what they lie in. */
async function withParents<Some extends PlannedRow>(
  queries: Queries,
  organizationId: number,
  list: List,
  rows: readonly Some[],
): Promise<(Omit<Some, 'parent'> & Pick<NewRow, 'parent'>)[]> {
  const tokens = new Set<string>();
  for (const { parent } of rows) {
    if (typeof parent === 'object' && parent !== null) tokens.add(parent.token);
  }
  const slots =
    list.parent && tokens.size > 0
      ? await slotsOf(queries, organizationId, lists[list.parent.list], [...tokens])
      : new Map<string, number>();
  return rows.map((row) => {
    const { parent } = row;
    const isAdded = typeof parent === 'object' && parent !== null;
    return { ...row, parent: isAdded ? (slots.get(parent.token) as number) : parent };
  });
}

async function slotsOf(
  queries: Queries,
  organizationId: number,
  list: List,
  tokens: readonly string[],
): Promise<Map<string, number>> {
  if (tokens.length === 0) return new Map();
  const found = await findRows(queries, organizationId, list, 'token', tokens);
  return new Map(found.map(({ token, slot }) => [token, slot]));
}
