import type { Store } from '../database/database.ts';

/** Who does something: a member or a token of the organization, or neither where the command line does it. */
export type Actor = {
  memberSlot: number | null;
  /** The token of the access token or session that it is done with. */
  credential: string | null;
  /** The network address that it comes from. */
  address: string | null;
};

/** Whoever may run commands on the server's own machine. */
export const commandLine: Actor = { memberSlot: null, credential: null, address: null };

/** What was done: `report.archived`; first what kind of thing it was done to. */
export type AuditAction = `${string}.${string}`;

/** What it was done to, under the names that it had then. */
export type AuditSubject = { kind: string; token?: string | null; name?: string | null };

export type AuditEntry = {
  at: string;
  actor: Actor;
  action: AuditAction;
  subject?: AuditSubject;
  /** More of it; never a secret. */
  detail?: object;
};

/** An entry as it is read. */
export type ListedAuditEntry = {
  number: number;
  at: string;
  memberEmail: string | null;
  credential: string | null;
  address: string | null;
  action: string;
  subjectKind: string | null;
  subjectToken: string | null;
  subjectName: string | null;
  detail: string | null;
};

/** Which entries; those that are undefined leave out none. */
export type AuditFilter = {
  action: string | undefined;
  memberEmail: string | undefined;
  subjectToken: string | undefined;
  /** From this time, and before that one. */
  since: string | undefined;
  until: string | undefined;
};

/** Writes down what is done, within the transaction that does it: neither is there without the other. */
export async function recordAudit(
  store: Store,
  organizationId: number,
  { at, actor, action, subject, detail }: AuditEntry,
): Promise<void> {
  const next = await store.get<{ number: number; email: string | null }>(
    `update organizations set last_audit_number = last_audit_number + 1 where id = ?
     returning last_audit_number as number, (select email from members where organization_id = ? and slot = ?) as email`,
    [organizationId, organizationId, actor.memberSlot ?? 0],
  );
  if (next === undefined) throw new Error(`No organization has the number ${organizationId}.`);
  await store.run(
    `insert into audit_log
     (organization_id, number, at, member_slot, member_email, credential, address, action,
       subject_kind, subject_token, subject_name, detail)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      organizationId,
      next.number,
      at,
      actor.memberSlot,
      next.email,
      actor.credential,
      actor.address,
      action,
      subject?.kind ?? null,
      subject?.token ?? null,
      subject?.name ?? null,
      detail === undefined ? null : JSON.stringify(detail),
    ],
  );
}

/**
 * Entries, newest first.
 *
 * @param before the number of an entry, after which in this order to go on.
 */
export async function listAuditEntries(
  store: Store,
  organizationId: number,
  { action, memberEmail, subjectToken, since, until }: AuditFilter,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<ListedAuditEntry[]> {
  const conditions: [condition: string, value: string | number | undefined][] = [
    ['number < ?', before],
    ['action = ?', action],
    ['member_email = ?', memberEmail],
    ['subject_token = ?', subjectToken],
    ['at >= ?', since],
    ['at < ?', until],
  ];
  const given = conditions.filter(([, value]) => value !== undefined);
  return store.all<ListedAuditEntry>(
    `select number, at, member_email as "memberEmail", credential, address, action,
       subject_kind as "subjectKind", subject_token as "subjectToken", subject_name as "subjectName", detail
     from audit_log where organization_id = ?${given.map(([condition]) => ` and ${condition}`).join('')}
     order by number desc limit ?`,
    [organizationId, ...given.map(([, value]) => value as string | number), limit],
  );
}
