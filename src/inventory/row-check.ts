import type { Store } from '../database/database.ts';
import { badCharacter } from '../text.ts';
import { type AnyRow, type List, listsParentsFirst } from './lists.ts';
import { checksumOf } from './store-damage.ts';

/** A stored row that disagrees with itself or with the row that it belongs to. */
export type RowProblem = { list: string; token: string; problem: string };

/** A row as stored, with the living row that its parent column names. */
type FoundRow = {
  slot: number;
  id: number;
  token: string;
  personal: number;
  body: Uint8Array;
  checksum: number | null;
  parentId: number | null;
  parentToken: string | null;
  parentPersonal: number | null;
};

const ROWS_AT_ONCE = 1000;

/** Recomputes what the columns of every row must say from its bytes and its parent, and tells where they do not. */
export async function* checkRows(store: Store, organizationId: number): AsyncGenerator<RowProblem> {
  for (const list of listsParentsFirst) {
    let slot = 0;
    for (;;) {
      const rows = await listRowsWithParents(store, organizationId, list, slot);
      for (const row of rows) {
        const problem = problemOf(list, row);
        if (problem !== undefined) yield { list: list.name, token: row.token, problem };
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_AT_ONCE) break;
      slot = last.slot;
    }
  }
}

async function listRowsWithParents(
  store: Store,
  organizationId: number,
  list: List,
  afterSlot: number,
): Promise<FoundRow[]> {
  const parentList = listsParentsFirst.find(({ name }) => name === list.parent?.list);
  return store.all<FoundRow>(
    `select r.slot, r.id, r.token, r.personal, r.body, r.checksum,
            p.id as "parentId", p.token as "parentToken", p.personal as "parentPersonal"
     from discovery_rows r
     left join discovery_rows p
       on p.organization_id = r.organization_id and p.list = ? and p.slot = r.parent and p.body is not null
     where r.organization_id = ? and r.list = ? and r.slot > ? and r.body is not null
     order by r.slot limit ?`,
    [parentList?.number ?? 0, organizationId, list.number, afterSlot, ROWS_AT_ONCE],
  );
}

function problemOf(list: List, found: FoundRow): string | undefined {
  const row = parseRow(found.body);
  if (row === undefined) return 'its body is not a JSON object';
  if (row[list.idField] !== found.id || row[list.tokenField] !== found.token) {
    return `its ${list.idField} or ${list.tokenField} differs from the one that it is stored under`;
  }
  if (Object.keys(row).join() !== list.fields.map((field) => field.name).join()) {
    return 'its fields are not those of the list';
  }
  return (
    parentProblem(list, row, found) ??
    personalProblem(row, found) ??
    textProblem(list, row) ??
    checksumProblem(found)
  );
}

function parseRow(body: Uint8Array): AnyRow | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    return typeof value === 'object' && value !== null ? (value as AnyRow) : undefined;
  } catch {
    return undefined;
  }
}

/** A row names what it belongs to by its token or, where it has none, by its number. */
function parentProblem(
  list: List,
  row: AnyRow,
  { parentId, parentToken }: FoundRow,
): string | undefined {
  if (list.parent === undefined) return undefined;
  const token = row[list.parent.tokenField];
  const id = row[list.parent.idField];
  const isRight = token === null ? id === null || id === parentId : token === parentToken;
  return isRight
    ? undefined
    : `its ${list.parent.tokenField} refers to nothing in ${list.parent.list}`;
}

/** Personal is what lies in a space of type private. */
function personalProblem(row: AnyRow, { personal, parentPersonal }: FoundRow): string | undefined {
  const wanted = parentPersonal ?? Number(row.space_type === 'private');
  return personal === wanted ? undefined : 'whether it is in a personal space is recorded wrongly';
}

/** Earlier versions took text that many readers cannot read. */
function textProblem(list: List, row: AnyRow): string | undefined {
  for (const { name } of list.fields) {
    const texts = [row[name]].flat().filter((value) => typeof value === 'string');
    const character = texts.map(badCharacter).find((one) => one !== undefined);
    if (character !== undefined)
      return `its ${name} contains ${character}, which is not a character`;
  }
  return undefined;
}

function checksumProblem({ checksum, ...found }: FoundRow): string | undefined {
  const isAsWritten = checksum === null || checksumOf(found) === checksum;
  return isAsWritten ? undefined : 'it differs from what was written';
}
