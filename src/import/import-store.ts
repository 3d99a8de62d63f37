import type { Store } from '../database/database.ts';

/**
 * How far an import is: its steps are written down; they are done, unseen; all see them, and what was kept goes. One that
 * cannot be brought to its end is undone before it is published: what it has changed is cleared, then restored.
 */
export type ImportState = 'planning' | 'applying' | 'clearing' | 'restoring' | 'published';

/** An import that is under way in an organization. */
export type StoredImport = {
  /** Of the process that does it. */
  token: string;
  state: ImportState;
  /** Until when that process is believed to be alive. */
  leasedUntil: string;
  /** How many processes have taken it over since it last came further. */
  attempts: number;
  steps: number;
  stepsDone: number;
  /** What is to be written down of it, as JSON; null until all of it is planned. */
  outcome: string | null;
};

const COLUMNS = `token, state, leased_until as "leasedUntil", attempts, steps, steps_done as "stepsDone", outcome`;

export async function findImport(
  store: Store,
  organizationId: number,
): Promise<StoredImport | undefined> {
  return store.get(`select ${COLUMNS} from imports where organization_id = ?`, [organizationId]);
}

/** The organizations with an import whose process is no longer believed to be alive. */
export async function listLostImports(store: Store, before: string): Promise<number[]> {
  const rows = await store.everywhere<{ id: number }>(
    (isOneOfThem) =>
      `select organization_id as id from imports where leased_until < ? and ${isOneOfThem('organization_id')}`,
    [before],
  );
  return rows.map(({ id }) => id);
}

export async function addImport(
  store: Store,
  organizationId: number,
  { token, leasedUntil }: Pick<StoredImport, 'token' | 'leasedUntil'>,
): Promise<void> {
  await store.run(
    `insert into imports (organization_id, token, state, leased_until, steps, steps_done)
     values (?, ?, 'planning', ?, 0, 0)`,
    [organizationId, token, leasedUntil],
  );
}

/** Keeps the import for the process of this token, and other processes waiting; undefined where it is not its own any more. */
export async function holdImport(
  store: Store,
  organizationId: number,
  { token, leasedUntil }: Pick<StoredImport, 'token' | 'leasedUntil'>,
): Promise<StoredImport | undefined> {
  return store.get(
    `update imports set leased_until = ? where organization_id = ? and token = ? returning ${COLUMNS}`,
    [leasedUntil, organizationId, token],
  );
}

/** Gives an import to another process; undefined where its own has been heard of since. */
export async function takeImport(
  store: Store,
  organizationId: number,
  from: Pick<StoredImport, 'token' | 'leasedUntil'>,
  to: Pick<StoredImport, 'token' | 'leasedUntil'>,
): Promise<StoredImport | undefined> {
  return store.get(
    `update imports set token = ?, leased_until = ?, attempts = attempts + 1
     where organization_id = ? and token = ? and leased_until = ? returning ${COLUMNS}`,
    [to.token, to.leasedUntil, organizationId, from.token, from.leasedUntil],
  );
}

/** Says how far an import is by now. */
export async function saveImport(
  store: Store,
  organizationId: number,
  { state, steps, stepsDone, outcome }: Omit<StoredImport, 'token' | 'leasedUntil' | 'attempts'>,
): Promise<void> {
  await store.run(
    'update imports set attempts = 0, state = ?, steps = ?, steps_done = ?, outcome = ? where organization_id = ?',
    [state, steps, stepsDone, outcome, organizationId],
  );
}

export async function deleteImport(store: Store, organizationId: number): Promise<void> {
  await store.run('delete from imports where organization_id = ?', [organizationId]);
}

export async function addImportStep(
  store: Store,
  organizationId: number,
  number: number,
  content: string,
): Promise<void> {
  await store.run('insert into import_steps (organization_id, number, content) values (?, ?, ?)', [
    organizationId,
    number,
    content,
  ]);
}

export async function getImportStep(
  store: Store,
  organizationId: number,
  number: number,
): Promise<string> {
  const row = await store.get<{ content: string }>(
    'select content from import_steps where organization_id = ? and number = ?',
    [organizationId, number],
  );
  if (row === undefined) throw new Error(`The import of ${organizationId} has no step ${number}.`);
  return row.content;
}

/** Deletes the first steps that are left, up to `limit` of them; answers how many. */
export async function deleteImportSteps(
  store: Store,
  organizationId: number,
  limit: number,
): Promise<number> {
  return store.run(
    `delete from import_steps where organization_id = ? and number in
       (select number from import_steps where organization_id = ? order by number limit ?)`,
    [organizationId, organizationId, limit],
  );
}

/** Deletes what was kept of rows as they were before, up to `limit` of them; answers how many. */
export async function deleteReplacedRows(
  store: Store,
  organizationId: number,
  limit: number,
): Promise<number> {
  return store.run(
    `delete from replaced_rows where organization_id = ? and (list, slot) in
       (select list, slot from replaced_rows where organization_id = ? limit ?)`,
    [organizationId, organizationId, limit],
  );
}
