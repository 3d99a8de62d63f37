import type { Database, Store, Value } from '../database/database.ts';
import { type List, type ListName, lists, type View } from './lists.ts';
import { listPublished } from './published-row-store.ts';
import { RowCounts } from './row-counts.ts';
import { lostOrganization, verifyRow } from './store-damage.ts';

/** A row as it is stored: its place, what identifies it, and its bytes. One that is archived is in no list. */
export type StoredRow = {
  slot: number;
  id: number;
  token: string;
  parent: number | null;
  personal: boolean;
  sourceId: number | null;
  archived: boolean;
  body: Buffer;
};

/** What became of a row: its bytes, or null where the view no longer holds it. */
export type RowChange = { slot: number; changed: number; body: Buffer | null };

/** A row that is in its list. */
export type ListedRow = RowChange & { body: Buffer };

type RawFlags = { personal: number; archived: number };
type RawRow = Omit<StoredRow, keyof RawFlags> & RawFlags & { checksum: number | null };
type RawChange<Change extends RowChange = RowChange> = Change & {
  id: number;
  token: string;
  personal: number;
  checksum: number | null;
};

const COLUMNS = `slot, id, token, parent, personal, source_id as "sourceId",
  case when archived_body is null then 0 else 1 end as archived, coalesce(body, archived_body) as body, checksum`;
/** Everything that there is, listed or archived; in the words of the indexes. */
const EXISTS = '(body is not null or archived_body is not null)';

/** The number of the organization's last change. */
export async function getPosition(store: Store, organizationId: number): Promise<number> {
  const row = await store.get<{ position: number }>(
    'select position from organizations where id = ?',
    [organizationId],
  );
  return row?.position ?? 0;
}

/** The last number that was given to a thing made here. */
export async function getLastOwnId(store: Store, organizationId: number): Promise<number> {
  const row = await store.get<{ id: number }>(
    'select last_own_id as id from organizations where id = ?',
    [organizationId],
  );
  return row?.id ?? 0;
}

/** Up to `limit` rows of a view after a slot, in the order of the list. @throws StoreFaultError where one is damaged. */
export async function listRowsAfter(
  store: Store,
  organizationId: number,
  { list, view, slot, limit }: { list: List; view: View; slot: number; limit: number },
): Promise<ListedRow[]> {
  const shared = view === 'shared' ? 'and personal = 0' : '';
  const rows = await listPublished<RawChange<ListedRow>>(store, organizationId, {
    ...{ list: list.number, by: 'slot', after: slot, limit },
    columns: 'slot, changed, id, token, personal, body, checksum',
    condition: `and body is not null ${shared}`,
  });
  return rows.map(toChange);
}

/** The row of a list that has this token, if there is one; archived or not. */
export async function findRowByToken(
  store: Store,
  organizationId: number,
  list: List,
  token: string,
): Promise<StoredRow | undefined> {
  const [row] = await findRows(store, organizationId, list, 'token', [token]);
  return row;
}

/**
 * The first slot at which a list had a row of this token, as far as it is remembered: what was removed and came back has
 * another one since. Undefined for a token that the list never had, or no longer remembers.
 */
export async function findFirstSlot(
  store: Store,
  organizationId: number,
  list: List,
  token: string,
): Promise<number | undefined> {
  const wanted = 'organization_id = ? and list = ? and token = ?';
  // One statement, so that a row that is being removed is in either half; and each half has its index.
  const rows = await store.all<{ slot: number }>(
    `select slot from discovery_rows where ${wanted} and ${EXISTS}
     union all select slot from discovery_rows where ${wanted} and removed_at is not null`,
    [organizationId, list.number, token, organizationId, list.number, token],
  );
  return rows.length === 0 ? undefined : Math.min(...rows.map(({ slot }) => slot));
}

/** The rows of a list whose token, id or parent's slot is one of these, archived ones too; in no order. */
export async function findRows(
  store: Store,
  organizationId: number,
  list: List,
  column: 'token' | 'id' | 'parent' | 'slot',
  values: readonly Value[],
): Promise<StoredRow[]> {
  const rows = await store.allEach<RawRow>(
    `select ${COLUMNS} from discovery_rows
     where organization_id = ? and list = ? and ${column} = ? and ${EXISTS}`,
    values.map((value) => [organizationId, list.number, value]),
  );
  return rows.map(toStoredRow);
}

/** The first row of a list that belongs to each of these things, archived ones too. */
export async function findFirstChildren(
  store: Store,
  organizationId: number,
  list: List,
  parents: readonly number[],
): Promise<StoredRow[]> {
  const rows = await store.allEach<RawRow>(
    `select ${COLUMNS} from discovery_rows
     where organization_id = ? and list = ? and parent = ? and ${EXISTS} order by slot limit 1`,
    parents.map((parent) => [organizationId, list.number, parent]),
  );
  return rows.map(toStoredRow);
}

/** The slots of the rows of a list that have these tokens, archived ones too, by token. */
export async function findSlots(
  store: Store,
  organizationId: number,
  list: List,
  tokens: readonly string[],
): Promise<Map<string, number>> {
  const rows = await store.allEach<{ token: string; slot: number }>(
    `select token, slot from discovery_rows
     where organization_id = ? and list = ? and token = ? and ${EXISTS}`,
    tokens.map((token) => [organizationId, list.number, token]),
  );
  return new Map(rows.map(({ token, slot }) => [token, slot]));
}

/** Up to `limit` rows of a list after a slot, archived ones too, in the order of the list. */
export async function listStoredRowsAfter(
  store: Store,
  organizationId: number,
  { list, slot, limit }: { list: List; slot: number; limit: number },
): Promise<StoredRow[]> {
  const rows = await store.all<RawRow>(
    `select ${COLUMNS} from discovery_rows
     where organization_id = ? and list = ? and slot > ? and ${EXISTS} order by slot limit ?`,
    [organizationId, list.number, slot, limit],
  );
  return rows.map(toStoredRow);
}

/** How many rows there are after one of them, of all organizations and lists, archived ones too. */
export async function countRowsAfter(
  store: Store,
  { organizationId, list, slot }: { organizationId: number; list: number; slot: number },
): Promise<number> {
  const row = await store.get<{ count: number }>(
    `select count(*) as count from discovery_rows
     where (organization_id, list, slot) > (?, ?, ?) and ${EXISTS}`,
    [organizationId, list, slot],
  );
  return row?.count ?? 0;
}

/** The first organization from a number on. */
export async function findOrganizationFrom(
  store: Store,
  organizationId: number,
): Promise<number | undefined> {
  const row = await store.get<{ id: number }>(
    'select organization_id as id from organization_names where organization_id >= ? order by organization_id limit 1',
    [organizationId],
  );
  return row?.id;
}

/** A row without its bytes. */
export type RowKeys = Omit<StoredRow, 'id' | 'body'>;

/** Up to `limit` rows of a list after a slot, archived ones too, but for their bytes, in the order of the list. */
export async function listRowKeysAfter(
  store: Store,
  organizationId: number,
  { list, slot, limit }: { list: List; slot: number; limit: number },
): Promise<RowKeys[]> {
  const rows = await store.all<Omit<RowKeys, 'personal' | 'archived'> & RawFlags>(
    `select slot, token, parent, personal, source_id as "sourceId",
       case when archived_body is null then 0 else 1 end as archived
     from discovery_rows
     where organization_id = ? and list = ? and slot > ? and ${EXISTS} order by slot limit ?`,
    [organizationId, list.number, slot, limit],
  );
  return rows.map(({ personal, archived, ...row }) => ({
    ...row,
    personal: personal === 1,
    archived: archived === 1,
  }));
}

/** How many rows each list has of a source up to a slot, in all and in personal spaces. */
export async function countRowsOfSource(
  store: Store,
  organizationId: number,
  { sourceId, slot }: { sourceId: number; slot: number },
): Promise<Map<ListName, { all: number; personal: number }>> {
  const rows = await store.all<{ list: number; all_rows: number; personal_rows: number }>(
    `select list, count(*) as all_rows, sum(personal) as personal_rows from discovery_rows
     where organization_id = ? and source_id = ? and slot <= ? and body is not null group by list`,
    [organizationId, sourceId, slot],
  );
  return new Map(
    rows.map((row) => [
      listByNumber(row.list).name,
      { all: row.all_rows, personal: row.personal_rows },
    ]),
  );
}

/** The last row that a list got from a source, even if it was removed since. */
export async function findLastOfSource(
  store: Store,
  organizationId: number,
  list: List,
  sourceId: number,
): Promise<Pick<StoredRow, 'slot' | 'id'> | undefined> {
  // The limit within, which no list reaches, makes PostgreSQL read from the end until it finds one. Without it, it takes
  // a source for something rare, looks through the whole list for it and sorts what it found.
  return store.get(
    `select slot, id from (
       select slot, id, source_id from discovery_rows
       where organization_id = ? and list = ? order by slot desc limit 9000000000000000
     ) as last_first where source_id = ? limit 1`,
    [organizationId, list.number, sourceId],
  );
}

/** The slots of everything that belongs directly to one of these slots, archived or not, with the list each is in. */
export async function listChildren(
  store: Store,
  organizationId: number,
  parents: readonly number[],
): Promise<{ list: List; slot: number }[]> {
  const rows = await store.allEach<{ list: number; slot: number }>(
    `select list, slot from discovery_rows where organization_id = ? and parent = ? and ${EXISTS}`,
    parents.map((parent) => [organizationId, parent]),
  );
  return rows.map((row) => ({ list: listByNumber(row.list), slot: row.slot }));
}

/** How many rows of a list belong directly to each of these slots, archived or not. */
export async function countChildren(
  store: Store,
  organizationId: number,
  list: List,
  parents: readonly number[],
): Promise<Map<number, number>> {
  const rows = await store.allEach<{ parent: number; count: number }>(
    `select parent, count(*) as count from discovery_rows
     where organization_id = ? and parent = ? and list = ? and ${EXISTS} group by parent`,
    parents.map((parent) => [organizationId, parent, list.number]),
  );
  return new Map(rows.map(({ parent, count }) => [parent, count]));
}

/** How many of the rows at these slots are in their list, in each view. */
export async function countListed(
  store: Store,
  organizationId: number,
  list: List,
  slots: readonly number[],
): Promise<Record<View, number>> {
  const rows = await store.allEach<{ personal: number }>(
    `select personal from discovery_rows
     where organization_id = ? and list = ? and slot = ? and body is not null`,
    slots.map((slot) => [organizationId, list.number, slot]),
  );
  return { all: rows.length, shared: rows.filter(({ personal }) => personal === 0).length };
}

/** How many rows each list holds, in all and in personal spaces. */
export async function countRows(
  store: Store,
  organizationId: number,
): Promise<Record<ListName, { all: number; personal: number }>> {
  const rows = await store.all<{ list: number; all_rows: number; personal_rows: number }>(
    `select list, count(*) as all_rows, sum(personal) as personal_rows from discovery_rows
     where organization_id = ? and body is not null group by list`,
    [organizationId],
  );
  const counts = {} as Record<ListName, { all: number; personal: number }>;
  for (const name of Object.keys(lists) as ListName[]) counts[name] = { all: 0, personal: 0 };
  for (const row of rows) {
    counts[listByNumber(row.list).name] = { all: row.all_rows, personal: row.personal_rows };
  }
  return counts;
}

/** The number of the organization's last change, and how many rows each list has then, as the store has counted them. */
export async function getRowCounts(
  store: Store,
  organizationId: number,
): Promise<{ position: number; counts: RowCounts }> {
  const found = await store.get<{ position: number; stored: string }>(
    'select position, row_counts as stored from organizations where id = ?',
    [organizationId],
  );
  if (found === undefined) throw lostOrganization(organizationId);
  return { position: found.position, counts: new RowCounts(found.stored) };
}

/** The number of the source of this name, if there is one. */
export async function findSource(
  store: Store,
  organizationId: number,
  name: string,
): Promise<number | undefined> {
  const row = await store.get<{ id: number }>(
    'select id from sources where organization_id = ? and name = ?',
    [organizationId, name],
  );
  return row?.id;
}

/** For whoever has written many rows, so that the next statements are planned for as many. */
export function analyzeRows(database: Database): Promise<void> {
  return database.analyze('discovery_rows');
}

/** The source of this name, made when it is not there. */
export async function getOrCreateSource(
  store: Store,
  organizationId: number,
  name: string,
): Promise<number> {
  await store.run(
    'insert into sources (organization_id, name) values (?, ?) on conflict (organization_id, name) do nothing',
    [organizationId, name],
  );
  const id = await findSource(store, organizationId, name);
  if (id === undefined) throw new Error(`The source ${name} was not created.`);
  return id;
}

/** The names of the organization's sources by their number. */
export async function listSources(
  store: Store,
  organizationId: number,
): Promise<Map<number, string>> {
  const rows = await store.all<{ id: number; name: string }>(
    'select id, name from sources where organization_id = ?',
    [organizationId],
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}

function toStoredRow(raw: RawRow): StoredRow {
  const { personal, archived, ...row } = verifyRow(raw);
  return { ...row, personal: personal === 1, archived: archived === 1 };
}

function toChange<Change extends RowChange>(raw: RawChange<Change>) {
  const { slot, changed, body } = verifyRow(raw);
  return { slot, changed, body };
}

function listByNumber(number: number): List {
  const list = Object.values(lists).find((candidate) => candidate.number === number);
  if (list === undefined) throw new Error(`No list has the number ${number}.`);
  return list;
}
