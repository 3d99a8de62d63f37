import type { Store } from '../database/database.ts';

/** A report that a member is writing and has never published. */
export type UnpublishedReport = {
  token: string;
  name: string | null;
  /** The space that it is to be published in; null for the member's personal space. */
  spaceToken: string | null;
  createdAt: string;
  savedAt: string;
  /** What is to be published, as JSON. */
  content: string;
};

type Whose = { memberSlot: number; token: string };

const COLUMNS =
  'token, name, space_token as "spaceToken", created_at as "createdAt", saved_at as "savedAt"';
const ONE = 'where organization_id = ? and member_slot = ? and token = ?';

export async function findUnpublishedReport(
  store: Store,
  organizationId: number,
  { memberSlot, token }: Whose,
): Promise<UnpublishedReport | undefined> {
  return store.get<UnpublishedReport>(
    `select ${COLUMNS}, content from unpublished_reports ${ONE}`,
    [organizationId, memberSlot, token],
  );
}

/** A member's own, without what is in them, who was saved last first; and how many they are in all. */
export async function listUnpublishedReports(
  store: Store,
  organizationId: number,
  { memberSlot, offset, limit }: { memberSlot: number; offset: number; limit: number },
): Promise<{ reports: Omit<UnpublishedReport, 'content'>[]; total: number }> {
  const from = 'from unpublished_reports where organization_id = ? and member_slot = ?';
  const reports = await store.all<Omit<UnpublishedReport, 'content'>>(
    `select ${COLUMNS} ${from} order by saved_at desc, token limit ? offset ?`,
    [organizationId, memberSlot, limit, offset],
  );
  const counted = await store.get<{ total: number }>(`select count(*) as total ${from}`, [
    organizationId,
    memberSlot,
  ]);
  return { reports, total: counted?.total ?? 0 };
}

/** Keeps it, in place of the one that the member has of this token. */
export async function putUnpublishedReport(
  store: Store,
  organizationId: number,
  memberSlot: number,
  { token, name, spaceToken, createdAt, savedAt, content }: UnpublishedReport,
): Promise<void> {
  await store.run(
    `insert into unpublished_reports (organization_id, member_slot, token, name, space_token, created_at, saved_at, content)
     values (?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (organization_id, member_slot, token) do update set name = excluded.name,
       space_token = excluded.space_token, saved_at = excluded.saved_at, content = excluded.content`,
    [organizationId, memberSlot, token, name, spaceToken, createdAt, savedAt, content],
  );
}

export async function deleteUnpublishedReport(
  store: Store,
  organizationId: number,
  { memberSlot, token }: Whose,
): Promise<void> {
  await store.run(`delete from unpublished_reports ${ONE}`, [organizationId, memberSlot, token]);
}
