import type { Store } from '../database/database.ts';
import { type List, type ListName, lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { findRows, listChildren } from '../inventory/row-store.ts';
import type { Step } from './step.ts';

/** A row that a step adds, changes, archives, brings back or deletes. */
export type PlannedChange = {
  action: 'add' | 'change' | 'archive' | 'unarchive' | 'delete';
  list: ListName;
  id: number;
  token: string;
  /** What people call it; null where it has no name. */
  name: string | null;
};

/** The fields that name a row for people, in the lists that have one. */
const NAME_FIELDS = ['name', 'chart_title', 'member_email'];

/** What a step does, row by row, with what goes along with a row. */
export async function* plannedChanges(
  store: Store,
  organizationId: number,
  step: Step,
): AsyncGenerator<PlannedChange, void, void> {
  switch (step.kind) {
    case 'add':
    case 'change': {
      if (step.kind === 'change' && step.isPassing) return;
      for (const row of step.rows) yield describe(step.kind, step.list, row);
      return;
    }
    case 'archive':
    case 'remove': {
      const action =
        step.kind === 'remove' ? 'delete' : step.archived ? 'archive' : ('unarchive' as const);
      const found = await findRows(store, organizationId, step.list, 'slot', step.slots);
      for (const row of found.toSorted((a, b) => a.slot - b.slot))
        yield describe(action, step.list, row);
      if (step.kind !== 'remove' || step.list !== lists.reports) return;
      const below = await listChildren(store, organizationId, step.slots);
      for (const [list, rows] of Map.groupBy(below, (child) => child.list)) {
        const slots = rows.map(({ slot }) => slot);
        for (const row of await findRows(store, organizationId, list, 'slot', slots))
          yield describe(action, list, row);
      }
    }
  }
}

function describe(
  action: PlannedChange['action'],
  list: List,
  { id, token, body }: { id: number; token: string; body: Buffer },
): PlannedChange {
  const row = readRow(list, { body });
  const name = NAME_FIELDS.map((field) => row[field]).find((value) => typeof value === 'string');
  return { action, list: list.name, id, token, name: (name as string | undefined) ?? null };
}
