import { wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { findRows } from '../inventory/row-store.ts';
import { holdOrganization } from '../inventory/row-writer.ts';

/** What a member is writing of a report and has not published. */
export type Draft = {
  /** The version of the report from which it began; 0 for a report that was never edited here. */
  baseVersion: number;
  savedAt: string;
  /** The report as the editor has it, as JSON. */
  content: string;
};

type Whose = { reportSlot: number; memberSlot: number };

/** What tells one draft of a member from the next: no two of them are saved at the same time. */
export type DraftState = Pick<Draft, 'savedAt'>;

/**
 * Keeps a member's draft of a report, in place of the one before. Undefined where the report was deleted meanwhile:
 * whatever deletes reports looks for drafts, or deletes them, with the same lock.
 *
 * @param check is given the draft before, and throws where it is not to be replaced.
 * @returns the draft as it was saved, after any that was there.
 */
export function saveDraft(
  database: Database,
  organizationId: number,
  whose: Whose,
  draft: Draft,
  check: (before: DraftState | undefined) => void,
): Promise<Draft | undefined> {
  return database.transaction(async (store) => {
    await holdOrganization(store, organizationId);
    const at = [whose.reportSlot];
    const [report] = await findRows(store, organizationId, lists.reports, 'slot', at);
    if (report === undefined) return undefined;
    const before = await findDraftState(store, organizationId, whose);
    check(before);
    const savedAt = before ? timeAfter(before.savedAt, draft.savedAt) : draft.savedAt;
    await putDraft(store, organizationId, whose, { ...draft, savedAt });
    return { ...draft, savedAt };
  });
}

/** A time that is later than another one: this one, or else the next moment. */
export function timeAfter(before: string, time: string): string {
  return time > before ? time : wireTime(Date.parse(before) + 1);
}

/** Throws a draft away. @param check as of `saveDraft`. */
export function discardDraft(
  database: Database,
  organizationId: number,
  whose: Whose,
  check: (before: DraftState | undefined) => void,
): Promise<void> {
  return database.transaction(async (store) => {
    await holdOrganization(store, organizationId);
    check(await findDraftState(store, organizationId, whose));
    await deleteDraft(store, organizationId, whose);
  });
}

async function findDraftState(
  store: Store,
  organizationId: number,
  { reportSlot, memberSlot }: Whose,
): Promise<DraftState | undefined> {
  return store.get<DraftState>(
    `select saved_at as "savedAt" from drafts
     where organization_id = ? and report_slot = ? and member_slot = ?`,
    [organizationId, reportSlot, memberSlot],
  );
}

async function putDraft(
  store: Store,
  organizationId: number,
  { reportSlot, memberSlot }: Whose,
  { baseVersion, savedAt, content }: Draft,
): Promise<void> {
  const next = await store.get<{ number: number }>(
    `update organizations set last_draft_number = last_draft_number + 1 where id = ?
     returning last_draft_number as number`,
    [organizationId],
  );
  await store.run(
    `insert into drafts (organization_id, report_slot, member_slot, number, base_version, saved_at, content)
     values (?, ?, ?, ?, ?, ?, ?)
     on conflict (organization_id, report_slot, member_slot) do update
       set number = excluded.number, base_version = excluded.base_version, saved_at = excluded.saved_at,
         content = excluded.content`,
    [organizationId, reportSlot, memberSlot, next?.number ?? 0, baseVersion, savedAt, content],
  );
}

export async function findDraft(
  store: Store,
  organizationId: number,
  { reportSlot, memberSlot }: Whose,
): Promise<Draft | undefined> {
  return store.get<Draft>(
    `select base_version as "baseVersion", saved_at as "savedAt", content from drafts
     where organization_id = ? and report_slot = ? and member_slot = ?`,
    [organizationId, reportSlot, memberSlot],
  );
}

/** Who has saved a draft of a report since a time, who did so last first. */
export async function listDrafters(
  store: Store,
  organizationId: number,
  { reportSlot, since }: { reportSlot: number; since: string },
): Promise<(Omit<Draft, 'content'> & { memberSlot: number })[]> {
  return store.all(
    `select member_slot as "memberSlot", base_version as "baseVersion", saved_at as "savedAt" from drafts
     where organization_id = ? and report_slot = ? and saved_at >= ? order by saved_at desc, member_slot`,
    [organizationId, reportSlot, since],
  );
}

export async function deleteDraft(
  store: Store,
  organizationId: number,
  { reportSlot, memberSlot }: Whose,
): Promise<void> {
  await store.run(
    'delete from drafts where organization_id = ? and report_slot = ? and member_slot = ?',
    [organizationId, reportSlot, memberSlot],
  );
}

export async function deleteDraftsOfReport(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<void> {
  await store.run('delete from drafts where organization_id = ? and report_slot = ?', [
    organizationId,
    reportSlot,
  ]);
}
