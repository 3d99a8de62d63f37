import type { Store } from '../database/database.ts';
import { quoted, UserError } from '../errors.ts';
import { FIRST_OWN_ID, type Identifiers, LAST_OWN_ID } from '../identifiers.ts';
import { type AnyRow, type List, lists, type Row } from '../inventory/lists.ts';
import { patched, RowError, toBytes, toRow } from '../inventory/row.ts';
import { findRows, listChildren, listSources, type StoredRow } from '../inventory/row-store.ts';
import type { IdRange } from '../inventory/row-writer.ts';
import type { Organization } from '../organizations/organization.ts';
import type { ReadRow } from './source-list.ts';
import type { ChangedRow, Parent, PlannedRow, Step } from './step.ts';

export type PlanParts = {
  store: Store;
  organization: Organization;
  /** What the rows are remembered to come from. */
  sourceId: number;
  /** The organization's last change before the import. */
  position: number;
  identifiers: Identifiers;
  /** The next number for a thing made here. */
  nextOwnId: () => number;
};

/** What became of the rows of one list. */
export type ListCounts = {
  added: number;
  changed: number;
  unchanged: number;
  deleted: number;
  /** Reports that the source no longer has and that have something made here, with what belongs to them. */
  archived: number;
  /** Reports that were archived so and came back. */
  restored: number;
  /** Rows that the copy lacks, and that stay because it does not prove that the source has deleted them. */
  kept: number;
  /** Rows that were to be deleted, and stay because nobody has allowed so many. */
  refused: number;
  /** Rows of reports that are not there, and rows of things made here, which an import never touches. */
  skipped: number;
  /** Spaces that reports name and no list holds, and stats of reports for which no list has any. */
  made: number;
};

/** A report as an audit names it. */
export type NamedReport = Pick<Row<'reports'>, 'token' | 'name'>;

/** A row on its way in. */
type Incoming = { row: AnyRow; id: number; token: string; where: string };

/** What a row belongs to, as it is once the steps before are done. */
type KnownParent = {
  place: Parent;
  personal: boolean;
  archived: boolean;
  /** Whether it was archived until the steps before. */
  isBack: boolean;
  sourceId: number | null;
  /** Whether the steps before say anew of what is below it whether it is personal. */
  hasMoved: boolean;
};

/** A space or a report that the import adds. */
type Fresh = { id: number; personal: boolean; hasStats: boolean };

/**
 * Compares one list of a source with the store, batch by batch, and says what is to be done. Nothing of it need have
 * been done when the next batch is compared, and it may have been.
 */
export class ListPlan {
  readonly list: List;
  readonly counts: ListCounts = {
    added: 0,
    changed: 0,
    unchanged: 0,
    deleted: 0,
    archived: 0,
    restored: 0,
    kept: 0,
    refused: 0,
    skipped: 0,
    made: 0,
  };
  /** The slots of the stored rows that the source holds. */
  readonly seen = new Set<number>();
  /** The slots of the stored rows that rows of other lists of the source belong to. */
  readonly named = new Set<number>();
  /** The tokens that rows of other lists of the source name without belonging to them. */
  readonly namedTokens = new Set<string>();
  /** The slots of the stored rows whose numbers the source gave to others. */
  readonly displaced = new Set<number>();
  /** The slots of the stored rows that lie elsewhere from now on. */
  readonly moved = new Set<number>();
  /** Archived reports that came back, by slot. */
  readonly restored = new Map<number, NamedReport>();
  /** What is added that others may belong to, by token. */
  readonly fresh = new Map<string, Fresh>();
  /** The slots of the personal spaces of which the source shows a report. */
  readonly shownSpaces = new Set<number>();
  /** The numbers of the source's rows, of those that are where numbers of things made here are; undefined for none. */
  idsAmongOurs: IdRange | undefined;
  /** The number of every row of the source by its token, and the other way round. */
  readonly #idOf = new Map<string, number>();
  readonly #tokenOf = new Map<number, string>();
  #size: number | undefined;
  /** Stored rows that get another number, and those that are personal from now on or no longer. */
  readonly #newIds = new Map<number, number>();
  readonly #nowPersonal = new Map<number, boolean>();
  readonly #parts: PlanParts;
  readonly #planOf: (list: List) => ListPlan;

  constructor(list: List, parts: PlanParts, planOf: (list: List) => ListPlan) {
    this.list = list;
    this.#parts = parts;
    this.#planOf = planOf;
  }

  /** How many different rows the source holds. */
  get size(): number {
    return this.#size ?? this.#idOf.size;
  }

  /** What is to be done for some rows of the source. `countAs` is what those are that are new. */
  async put(
    batch: readonly ReadRow[],
    countAs: 'added' | 'made' = 'added',
  ): Promise<readonly Step[]> {
    const steps: Step[] = [];
    const { incoming, repeated } = this.#note(batch.map((read) => this.#accept(read)));
    const parents = await this.#findParents(incoming, steps);
    const existing = await this.#findExisting(incoming, steps);
    const added: PlannedRow[] = [];
    const changed: ChangedRow[] = [];
    const after: Step[] = [];
    for (const item of incoming) {
      const parent = parents.get(item);
      const stored = existing.get(item);
      const count = (kind: keyof ListCounts) => {
        if (!repeated.has(item.token)) this.counts[kind]++;
      };
      if (this.#belongsToReport && !takes(parent, stored)) {
        count('skipped');
        continue;
      }
      const isPrivateSpace = this.list === lists.spaces && item.row.space_type === 'private';
      const wanted: PlannedRow = {
        id: item.id,
        token: item.token,
        parent: parent?.place ?? null,
        personal: parent?.personal ?? isPrivateSpace,
        sourceId: this.#parts.sourceId,
        body: toBytes(item.row),
      };
      this.#noteShown(wanted);
      this.#noteNamed(item.row);
      if (stored !== undefined && stored.sourceId === null) {
        count('skipped');
      } else if (stored === undefined && repeated.has(item.token)) {
        changed.push({ ...wanted, slot: undefined, archived: false });
      } else if (stored === undefined) {
        added.push(wanted);
        if (this.#hasChildren) {
          const { id, personal } = wanted;
          this.fresh.set(item.token, { id, personal, hasStats: false });
        }
        count(countAs);
      } else {
        this.seen.add(stored.slot);
        const isBack = this.list === lists.reports && stored.archived;
        const archived = this.#belongsToReport && parent?.archived === true;
        const wasPersonal = this.#isPersonalByNow(stored, parent);
        const wasArchived = stored.archived && parent?.isBack !== true;
        const isSame =
          stored.body.equals(wanted.body) &&
          stored.parent === wanted.parent &&
          wasPersonal === wanted.personal &&
          wasArchived === archived;
        if (stored.parent !== wanted.parent) this.moved.add(stored.slot);
        if (isSame) {
          count('unchanged');
          continue;
        }
        changed.push({ ...wanted, slot: stored.slot, archived });
        count(isBack ? 'restored' : 'changed');
        if (isBack) {
          this.restored.set(stored.slot, {
            token: item.token,
            name: item.row.name as string | null,
          });
          after.push(...(await this.#restoreBelow(stored.slot)));
        }
        if (wasPersonal !== wanted.personal && this.#hasChildren) {
          this.#nowPersonal.set(stored.slot, wanted.personal);
          after.push({ kind: 'personal', slots: [stored.slot], personal: wanted.personal });
        }
      }
    }
    if (changed.length > 0) steps.push({ kind: 'change', list: this.list, rows: changed });
    steps.push(...after);
    if (added.length > 0) steps.push({ kind: 'add', list: this.list, rows: added });
    return steps;
  }

  /** Lets go of what is needed for more rows of the list alone. */
  close(): void {
    this.#size = this.#idOf.size;
    this.#tokenOf.clear();
    this.#newIds.clear();
    // Charts name queries.
    if (this.list !== lists.queries) this.#idOf.clear();
  }

  get #hasChildren(): boolean {
    return this.list === lists.spaces || this.list === lists.reports;
  }

  get #belongsToReport(): boolean {
    return this.list.parent?.list === 'reports';
  }

  #accept({ row: given, where }: ReadRow): Incoming {
    try {
      const row = toRow(this.list, given);
      const id = row[this.list.idField] as number;
      const token = row[this.list.tokenField] as string;
      const { pathField } = this.list;
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

  /**
   * Remembers what came. Where a row comes twice, as it may when pages shift while they are saved, the later one counts.
   *
   * @returns `repeated` the tokens of those that came in an earlier batch already.
   */
  #note(rows: readonly Incoming[]): { incoming: Incoming[]; repeated: ReadonlySet<string> } {
    const byToken = new Map<string, Incoming>();
    const byId = new Map<number, Incoming>();
    const repeated = new Set<string>();
    for (const row of rows) {
      const twin = byToken.get(row.token) ?? byId.get(row.id);
      if (twin && (twin.token !== row.token || twin.id !== row.id))
        throw this.#clash(row, twin, `in ${twin.where}`);
      const otherId = this.#idOf.get(row.token);
      const otherToken = this.#tokenOf.get(row.id);
      const other = {
        id: otherToken === undefined ? (otherId ?? row.id) : row.id,
        token: otherToken ?? row.token,
      };
      if (other.id !== row.id || other.token !== row.token)
        throw this.#clash(row, other, 'which the previous row has');
      if (twin === undefined && otherId !== undefined) repeated.add(row.token);
      byToken.set(row.token, row);
      byId.set(row.id, row);
    }
    for (const { token, id } of byToken.values()) {
      this.#idOf.set(token, id);
      this.#tokenOf.set(id, token);
    }
    const among = [...byId.keys()].filter((id) => id >= FIRST_OWN_ID && id <= LAST_OWN_ID);
    if (among.length > 0) {
      const range = { least: Math.min(...among), most: Math.max(...among) };
      this.idsAmongOurs = spanOf([this.idsAmongOurs, range]);
    }
    return { incoming: [...byToken.values()], repeated };
  }

  /** The stored rows by what stands for them at the source: their token. */
  async #findExisting(
    incoming: readonly Incoming[],
    steps: Step[],
  ): Promise<Map<Incoming, StoredRow>> {
    const { store, organization, sourceId } = this.#parts;
    const find = (column: 'token' | 'id', values: (string | number)[]) =>
      findRows(store, organization.id, this.list, column, values);
    const tokens = incoming.map((row) => row.token);
    const ids = incoming.map((row) => row.id);
    const byToken = new Map((await find('token', tokens)).map((row) => [row.token, row]));
    const byId = new Map((await find('id', ids)).map((row) => [row.id, row]));
    const existing = new Map<Incoming, StoredRow>();
    const displaced = new Map<number, StoredRow>();
    for (const item of incoming) {
      const stored = byToken.get(item.token);
      if (stored !== undefined) {
        if (stored.sourceId !== null && stored.sourceId !== sourceId)
          throw this.#clash(item, stored, await this.#originOf(item, stored));
        existing.set(item, stored);
        if (stored.sourceId === null || stored.id === item.id) continue;
        // Two that change places would meet halfway.
        if (!this.#newIds.has(stored.slot)) displaced.set(stored.slot, stored);
      }
      const holder = byId.get(item.id);
      if (holder === undefined || holder.token === item.token) continue;
      if (this.#newIds.has(holder.slot)) continue;
      // What was imported once and changed here since is ours, and its number the source's.
      const isTheirs =
        holder.sourceId === sourceId || (holder.sourceId === null && holder.id < FIRST_OWN_ID);
      if (!isTheirs) throw this.#clash(item, holder, await this.#originOf(item, holder));
      displaced.set(holder.slot, holder);
    }
    if (displaced.size > 0) steps.push(this.#displace([...displaced.values()]));
    return existing;
  }

  /**
   * The source gives the numbers of these rows to others: each gets one of ours, until it comes itself with its new one,
   * or for as long as it is kept.
   */
  #displace(rows: readonly StoredRow[]): Step {
    const renumbered = rows.map((row) => {
      const id = this.#parts.nextOwnId();
      this.#newIds.set(row.slot, id);
      this.displaced.add(row.slot);
      return { ...row, id, body: patched(this.list, row.body, { [this.list.idField]: id }) };
    });
    return { kind: 'change', list: this.list, rows: renumbered, isPassing: true };
  }

  /** The report or the space that each row belongs to. A space that reports name and nobody has listed is made. */
  async #findParents(
    incoming: readonly Incoming[],
    steps: Step[],
  ): Promise<Map<Incoming, KnownParent>> {
    const relation = this.list.parent;
    const parents = new Map<Incoming, KnownParent>();
    if (relation === undefined) return parents;
    const plan = this.#planOf(lists[relation.list]);
    const nameOf = ({ row }: Incoming) => ({
      token: row[relation.tokenField] as string | null,
      id: row[relation.idField] as number | null,
    });
    const names = incoming.map(nameOf);
    const find = await plan.#finder(names);
    const made: PlannedRow[] = [];
    for (const [index, item] of incoming.entries()) {
      const name = names[index] as { token: string | null; id: number | null };
      if (name.token === null && name.id === null) continue;
      let parent = find(name);
      if (parent === undefined && relation.list === 'spaces') {
        const space = await plan.#newSpace(name);
        made.push(space);
        parent = find({ token: space.token, id: null });
      }
      if (parent === undefined) continue;
      parents.set(item, parent);
      if (typeof parent.place === 'number') plan.named.add(parent.place);
    }
    if (made.length > 0) steps.push({ kind: 'add', list: plan.list, rows: made });
    return parents;
  }

  /** Finds rows of this list, of those that are stored or planned, by token or, where there is none, by number. */
  async #finder(
    names: readonly { token: string | null; id: number | null }[],
  ): Promise<(name: { token: string | null; id: number | null }) => KnownParent | undefined> {
    const { store, organization } = this.#parts;
    const tokens = new Set<string>();
    const ids = new Set<number>();
    for (const { token, id } of names) {
      if (token !== null && !this.fresh.has(token)) tokens.add(token);
      if (token === null && id !== null) ids.add(id);
    }
    const byToken = new Map<string, StoredRow>();
    const byId = new Map<number, StoredRow>();
    for (const row of await findRows(store, organization.id, this.list, 'token', [...tokens]))
      byToken.set(row.token, row);
    for (const row of await findRows(store, organization.id, this.list, 'id', [...ids]))
      byId.set(row.id, row);
    return ({ token, id }) => {
      const key = token ?? this.#tokenOf.get(id as number);
      const fresh = key === undefined ? undefined : this.fresh.get(key);
      if (key !== undefined && fresh !== undefined) {
        const { sourceId } = this.#parts;
        const { personal } = fresh;
        const place = { token: key };
        return { place, personal, archived: false, isBack: false, sourceId, hasMoved: false };
      }
      const row = token === null ? byId.get(id as number) : byToken.get(token);
      return row && this.#asParent(row);
    };
  }

  #asParent(row: StoredRow): KnownParent {
    const spaces = this.#planOf(lists.spaces);
    const personal =
      this.#nowPersonal.get(row.slot) ??
      (row.parent === null ? undefined : spaces.#nowPersonal.get(row.parent)) ??
      row.personal;
    const isBack = this.restored.has(row.slot);
    return {
      place: row.slot,
      personal,
      archived: row.archived && !isBack,
      isBack,
      sourceId: row.sourceId,
      hasMoved: personal !== row.personal,
    };
  }

  /** A shared space of which only what reports say of it is known. */
  async #newSpace({ token, id }: { token: string | null; id: number | null }): Promise<PlannedRow> {
    const { store, organization, sourceId, identifiers, nextOwnId } = this.#parts;
    const isTaken =
      id !== null &&
      (this.#tokenOf.has(id) ||
        (await findRows(store, organization.id, this.list, 'id', [id])).length > 0);
    const space = this.#accept({
      row: {
        id: id === null || isTaken ? nextOwnId() : id,
        token: token ?? identifiers.token(),
        space_type: 'custom',
      },
      where: 'a space that a report names',
    });
    this.#tokenOf.set(space.id, space.token);
    this.fresh.set(space.token, { id: space.id, personal: false, hasStats: false });
    this.counts.made++;
    const { row, id: spaceId, token: spaceToken } = space;
    const place = { parent: null, personal: false, sourceId };
    return { id: spaceId, token: spaceToken, ...place, body: toBytes(row) };
  }

  /** What the copy shows beside its rows: of which reports there are stats, and into which personal spaces it sees. */
  #noteShown({ parent, personal }: PlannedRow): void {
    if (this.list === lists.report_stats && typeof parent === 'object' && parent !== null) {
      const report = this.#planOf(lists.reports).fresh.get(parent.token);
      if (report) report.hasStats = true;
    }
    if (this.list === lists.reports && personal && typeof parent === 'number')
      this.shownSpaces.add(parent);
  }

  #noteNamed({ query_token: token }: AnyRow): void {
    if (this.list !== lists.charts || typeof token !== 'string') return;
    const queries = this.#planOf(lists.queries);
    if (!queries.#idOf.has(token)) queries.namedTokens.add(token);
  }

  /** Whether a stored row is personal once the steps before are done, which say so of all that lies below another one. */
  #isPersonalByNow({ parent, personal }: StoredRow, newParent: KnownParent | undefined): boolean {
    if (parent === null) return personal;
    if (this.list === lists.reports)
      return this.#planOf(lists.spaces).#nowPersonal.get(parent) ?? personal;
    return newParent?.hasMoved && newParent.place === parent ? newParent.personal : personal;
  }

  async #restoreBelow(slot: number): Promise<Step[]> {
    const { store, organization } = this.#parts;
    const children = await listChildren(store, organization.id, [slot]);
    return [...Map.groupBy(children, ({ list }) => list)].map(([list, rows]) => {
      const slots = rows.map((row) => row.slot);
      return { kind: 'archive', list, slots, archived: false } as const;
    });
  }

  async #originOf(item: Incoming, stored: StoredRow): Promise<string> {
    const { store, organization } = this.#parts;
    const apart =
      'Neither can be renumbered, because catalogs may know both by it. Import into an organization of its own, where numbers ' +
      'begin elsewhere: rollcall organization create USERNAME --name NAME';
    if (stored.sourceId === null) return `which was created here. ${apart}`;
    const sources = await listSources(store, organization.id);
    const name = quoted(sources.get(stored.sourceId) ?? '');
    const origin = `which came from the source ${name}. `;
    return stored.token === item.token
      ? `${origin}To continue with that source, add: --source ${name}`
      : origin + apart;
  }

  #clash(item: Incoming, other: { id: number; token: string }, origin: string): UserError {
    const { idField, tokenField } = this.list;
    return new UserError(
      `${item.where}: ${idField} ${item.id} with ${tokenField} ${quoted(item.token)} conflicts with ` +
        `${idField} ${other.id}, ${tokenField} ${quoted(other.token)} ${origin}.`,
    );
  }
}

/**
 * Whether a row can be put below a report. To one that was changed here nothing is added: what it lacks was deleted
 * here, or lies in another space. Nor to one that is archived.
 */
function takes(parent: KnownParent | undefined, stored: StoredRow | undefined): boolean {
  if (parent === undefined) return false;
  return stored !== undefined || (parent.sourceId !== null && !parent.archived);
}

/** From the least number of some ranges to the most. */
export function spanOf(ranges: readonly (IdRange | undefined)[]): IdRange | undefined {
  const known = ranges.filter((range) => range !== undefined);
  if (known.length === 0) return undefined;
  return {
    least: Math.min(...known.map(({ least }) => least)),
    most: Math.max(...known.map(({ most }) => most)),
  };
}
