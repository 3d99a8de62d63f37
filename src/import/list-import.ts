import type { Clock } from '../clock.ts';
import type { Queries } from '../database/database.ts';
import { quoted, UserError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';
import { type List, lists } from '../inventory/lists.ts';
import { type Row, RowError, toBytes, toRow } from '../inventory/row.ts';
import { findRows, listSources, type StoredRow } from '../inventory/row-store.ts';
import type { NewRow, RowWriter } from '../inventory/row-writer.ts';
import type { Organization } from '../organizations/organization.ts';
import type { ReadRow } from './read-folder.ts';

export type ImportParts = {
  queries: Queries;
  writer: RowWriter;
  organization: Organization;
  sourceId: number;
  clock: Clock;
  identifiers: Identifiers;
};

type Parent = Pick<StoredRow, 'slot' | 'personal' | 'sourceId'>;
/** A row on its way in. */
type Incoming = { row: Row; id: number; token: string; where: string };

/** What became of the rows of one list. */
export type ListSummary = {
  added: number;
  changed: number;
  unchanged: number;
  deleted: number;
  /** Rows of reports that are not there, and rows of things made here, which an import never touches. */
  skipped: number;
  /** Spaces that reports name and no list holds. */
  made: number;
  isWhole: boolean;
};

/** The import of one list: puts rows in, batch by batch, and remembers which it saw. */
export class ListImport {
  readonly counts: Omit<ListSummary, 'isWhole'> = {
    added: 0,
    changed: 0,
    unchanged: 0,
    deleted: 0,
    skipped: 0,
    made: 0,
  };
  /** The slots of the rows that the source holds. */
  readonly seen = new Set<number>();
  readonly #list: List;
  readonly #parts: ImportParts;
  readonly #importOf: (list: List) => ListImport;

  constructor(list: List, parts: ImportParts, importOf: (list: List) => ListImport) {
    this.#list = list;
    this.#parts = parts;
    this.#importOf = importOf;
  }

  /** Adds what is new and updates what differs. */
  async put(batch: readonly ReadRow[]): Promise<void> {
    const incoming = this.#merge(batch.map((read) => this.#accept(read)));
    const parents = await this.#findParents(incoming);
    const existing = await this.#findExisting(incoming);

    const added: NewRow[] = [];
    const changed: StoredRow[] = [];
    const moved: StoredRow[] = [];
    for (const item of incoming) {
      const parent = parents.get(item);
      const stored = existing.get(item);
      if (this.#list.parent?.list === 'reports') {
        // To a report that was changed here nothing is added: what it lacks was deleted here, or lies in another space.
        const isTaken = stored === undefined && parent?.sourceId === null;
        if (parent === undefined || isTaken) {
          this.counts.skipped++;
          continue;
        }
      }
      const isPrivateSpace = this.#list === lists.spaces && item.row.space_type === 'private';
      const wanted: NewRow = {
        id: item.id,
        token: item.token,
        parent: parent?.slot ?? null,
        personal: parent?.personal ?? isPrivateSpace,
        sourceId: this.#parts.sourceId,
        body: toBytes(item.row),
      };
      if (stored === undefined) {
        added.push(wanted);
      } else if (stored.sourceId === null) {
        this.counts.skipped++;
      } else {
        this.seen.add(stored.slot);
        const isSame =
          stored.body.equals(wanted.body) &&
          stored.parent === wanted.parent &&
          stored.personal === wanted.personal;
        if (isSame) {
          this.counts.unchanged++;
        } else {
          const row = { ...wanted, slot: stored.slot, archived: stored.archived };
          changed.push(row);
          if (stored.personal !== row.personal) moved.push(row);
        }
      }
    }
    await this.#parts.writer.update(this.#list, changed);
    for (const { slot, personal } of moved)
      await this.#parts.writer.setPersonalBelow([slot], personal);
    for (const slot of await this.#parts.writer.insert(this.#list, added)) this.seen.add(slot);
    this.counts.changed += changed.length;
    this.counts.added += added.length;
  }

  #accept({ row: given, where }: ReadRow): Incoming {
    try {
      const row = toRow(this.#list, given);
      const id = row[this.#list.idField] as number;
      const token = row[this.#list.tokenField] as string;
      const { pathField } = this.#list;
      if (pathField) {
        const account = `/api/${this.#parts.organization.username}`;
        row[pathField.name] = `${account}/${pathField.path}/${encodeURIComponent(token)}`;
      }
      return { row, id, token, where };
    } catch (error) {
      if (error instanceof RowError) throw new UserError(`${where}: ${error.message}.`);
      throw error;
    }
  }

  /** Where a row comes twice, as it may when pages shift while they are saved, the later one counts. */
  #merge(rows: readonly Incoming[]): Incoming[] {
    const byToken = new Map<string, Incoming>();
    const byId = new Map<number, Incoming>();
    for (const row of rows) {
      const twin = byToken.get(row.token) ?? byId.get(row.id);
      if (twin && (twin.token !== row.token || twin.id !== row.id))
        throw this.#clash(row, twin, `in ${twin.where}`);
      byToken.set(row.token, row);
      byId.set(row.id, row);
    }
    return [...byToken.values()];
  }

  async #findExisting(incoming: readonly Incoming[]): Promise<Map<Incoming, StoredRow>> {
    const { queries, organization, sourceId } = this.#parts;
    const find = (column: 'token' | 'id', values: (string | number)[]) =>
      findRows(queries, organization.id, this.#list, column, values);
    const tokens = incoming.map((row) => row.token);
    const ids = incoming.map((row) => row.id);
    const byToken = new Map((await find('token', tokens)).map((row) => [row.token, row]));
    const byId = new Map((await find('id', ids)).map((row) => [row.id, row]));
    const existing = new Map<Incoming, StoredRow>();
    for (const item of incoming) {
      const stored = byToken.get(item.token) ?? byId.get(item.id);
      if (stored === undefined) continue;
      const isOther = stored.sourceId !== null && stored.sourceId !== sourceId;
      if (stored.token !== item.token || stored.id !== item.id || isOther) {
        throw this.#clash(item, stored, await this.#originOf(stored));
      }
      existing.set(item, stored);
    }
    return existing;
  }

  /** The report or the space that each row belongs to. A space that reports name and nobody has listed is made. */
  async #findParents(incoming: readonly Incoming[]): Promise<Map<Incoming, Parent>> {
    const relation = this.#list.parent;
    const parents = new Map<Incoming, Parent>();
    if (relation === undefined) return parents;
    const parentList = lists[relation.list];
    const tokens = new Set<string>();
    const ids = new Set<number>();
    for (const { row } of incoming) {
      const token = row[relation.tokenField] as string | null;
      const id = row[relation.idField] as number | null;
      if (token !== null) tokens.add(token);
      else if (id !== null) ids.add(id);
    }
    const { queries, organization } = this.#parts;
    const byToken = new Map<string, Parent>();
    const byId = new Map<number, Parent>();
    for (const row of await findRows(queries, organization.id, parentList, 'token', [...tokens]))
      byToken.set(row.token, row);
    for (const row of await findRows(queries, organization.id, parentList, 'id', [...ids]))
      byId.set(row.id, row);
    for (const item of incoming) {
      const token = item.row[relation.tokenField] as string | null;
      const id = item.row[relation.idField] as number | null;
      if (token === null && id === null) continue;
      let parent = token === null ? byId.get(id as number) : byToken.get(token);
      if (parent === undefined && relation.list === 'spaces') {
        parent = await this.#importOf(lists.spaces).makeSpace(token, id);
        if (token === null) byId.set(id as number, parent);
        else byToken.set(token, parent);
      }
      if (parent) parents.set(item, parent);
    }
    return parents;
  }

  /** A shared space of which only what reports say of it is known. */
  async makeSpace(token: string | null, id: number | null): Promise<Parent> {
    const { queries, writer, organization, sourceId, identifiers } = this.#parts;
    const isTaken =
      id !== null &&
      (await findRows(queries, organization.id, lists.spaces, 'id', [id])).length > 0;
    const space = this.#accept({
      row: {
        id: id === null || isTaken ? writer.nextOwnId() : id,
        token: token ?? identifiers.token(),
        space_type: 'custom',
      },
      where: 'a space that a report names',
    });
    const { id: spaceId, token: spaceToken, row } = space;
    const made = { id: spaceId, token: spaceToken, parent: null, personal: false, sourceId };
    const [slot] = await writer.insert(lists.spaces, [{ ...made, body: toBytes(row) }]);
    this.counts.made++;
    this.seen.add(slot as number);
    return { slot: slot as number, personal: false, sourceId };
  }

  async #originOf(stored: StoredRow): Promise<string> {
    if (stored.sourceId === null) return 'which was made here';
    if (stored.sourceId === this.#parts.sourceId) return 'which came from this source';
    const sources = await listSources(this.#parts.queries, this.#parts.organization.id);
    const name = sources.get(stored.sourceId) ?? '';
    return `which came from the source ${quoted(name)}. To go on with that source, add: --source ${quoted(name)}`;
  }

  #clash(item: Incoming, other: { id: number; token: string }, origin: string): UserError {
    return new UserError(
      `${item.where}: ${this.#list.idField} ${item.id} with ${this.#list.tokenField} ${quoted(item.token)} clashes with ` +
        `${this.#list.idField} ${other.id}, ${this.#list.tokenField} ${quoted(other.token)} ${origin}.`,
    );
  }
}
