import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import { randomIdentifiers } from '../identifiers.ts';
import type { ChangedRow } from '../inventory/changed-row-store.ts';
import { followChanges, type Reached } from '../inventory/follow-changes.ts';
import type { List, View } from '../inventory/lists.ts';
import { getPosition, listRowsAfter } from '../inventory/row-store.ts';
import { RowsAtOnce } from '../inventory/rows-at-once.ts';
import { miscounted } from '../inventory/store-damage.ts';
import { ListFile } from '../list-file/list-file.ts';
import { DamagedFileError } from '../storage-fault.ts';

/** Few enough that most are gone again before memory is looked through for what is kept. */
const ROWS_AT_ONCE = 1024;
/** More changes than this are not gathered in memory; the file is made anew instead. */
const MAX_CHANGES_TO_FOLLOW = 20_000;
/** So many a process that is killed leaves to the next one to apply again. */
const CHANGES_TO_SAVE_AFTER = 10_000;
/** A file that is found damaged as soon as it was made is not mended by making it again. */
const MOST_REPAIRS = 3;

type Parts = {
  database: Database;
  organizationId: number;
  list: List;
  view: View;
  /** What the names of its files begin with. */
  path: string;
  /** Told of what is wrong with the file, while readers get what they ask for. */
  note: (error: Error) => void;
  /** Told when the file is made again because it was damaged. */
  onRepair: () => void;
};

/** A file of the rows of one list and view of an organization, and how far it follows the store. */
export class CurrentListFile {
  readonly #parts: Parts;
  #file: ListFile | undefined;
  #isOpened = false;
  /** The file holds every change of the list up to this one. */
  #position = 0;
  /** How many changes were applied since the file was saved. */
  #unsaved = 0;
  /** What brings it further, for all who wait for it. */
  #underWay: Promise<void> | undefined;
  #readers = 0;
  #isDiscarded = false;
  #usedAtMs = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get isBusy(): boolean {
    return this.#readers > 0;
  }

  /** When it was last read. */
  get usedAtMs(): number {
    return this.#usedAtMs;
  }

  async read<Result>(
    head: number,
    use: (file: ListFile, position: number) => Result,
  ): Promise<Result> {
    this.#readers++;
    this.#usedAtMs = performance.now();
    try {
      for (let repairs = 0; ; ) {
        try {
          // Nothing happens between looking and reading.
          if (this.#file && this.#isAt(head)) return use(this.#file, this.#position);
          await this.#bringTo(head);
        } catch (error) {
          if (!(error instanceof DamagedFileError) || ++repairs > MOST_REPAIRS) throw error;
          this.#parts.note(error);
        }
      }
    } finally {
      this.#leave();
    }
  }

  /** Looks whether the file is as it was written, and makes it again where it is not. */
  async verify(): Promise<void> {
    this.#readers++;
    try {
      if (this.#file) await this.#check(this.#file);
      if (this.#file?.isDamaged) await this.#bringTo(this.#position);
    } finally {
      this.#leave();
    }
  }

  close(): void {
    if (this.#file && this.#unsaved > 0) this.#save(this.#file);
    this.#file?.close();
    this.#file = undefined;
  }

  /** Ends a file that means nothing any more, and takes it away; once nobody reads it. */
  discard(): void {
    this.#isDiscarded = true;
    if (this.isBusy) return;
    this.#file?.discard();
    this.#file = undefined;
  }

  #leave(): void {
    this.#readers--;
    if (this.#isDiscarded) this.discard();
  }

  /** What is not saved, as where the disk is full, the next process has to do again. */
  #save(file: ListFile): void {
    try {
      file.save(this.#position);
      this.#unsaved = 0;
    } catch (error) {
      this.#parts.note(error as Error);
    }
  }

  #isAt(head: number): boolean {
    return this.#file !== undefined && !this.#file.isDamaged && this.#position >= head;
  }

  /** Brings the file further, to `head` or past it unless that is under way already; who waits looks again afterwards. */
  #bringTo(head: number): Promise<void> {
    this.#underWay ??= this.#reach(head).finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #reach(head: number): Promise<void> {
    if (!this.#isOpened) await this.#openSaved();
    if (this.#isAt(head)) return;
    if (this.#file && (await this.#canFollow(this.#file, head))) return;
    await this.#refill(head);
  }

  /** Answers false where the file is to be made anew. */
  async #canFollow(file: ListFile, head: number): Promise<boolean> {
    if (file.isDamaged) return false;
    try {
      return await this.#follow(file, head);
    } catch (error) {
      if (error instanceof TooManyChangesError) return false;
      if (!(error instanceof DamagedFileError)) throw error;
      this.#parts.note(error);
      return false;
    }
  }

  /** Goes on with what an earlier process left, if it is as that one wrote it. */
  async #openSaved(): Promise<void> {
    const file = new ListFile(this.#parts.path);
    this.#isOpened = true;
    if (file.savedPosition === undefined) return file.close();
    this.#file = file;
    this.#position = file.savedPosition;
    await this.#check(file);
  }

  async #check(file: ListFile): Promise<void> {
    const damage = await file.verify();
    // One that was made anew meanwhile is of no use any more, and has lost its place.
    if (damage && file === this.#file) this.#parts.note(damage);
  }

  /**
   * Applies what has changed since the file's position. All of it is gathered before any is applied, and no reader sees
   * half. Answers false if there is more than can be gathered, if it is no longer known what was removed since, or if the
   * file then has not as many rows as the store counts.
   */
  async #follow(file: ListFile, atLeast: number): Promise<boolean> {
    const changes: ChangedRow[] = [];
    const reached = await this.#changesSince(this.#position, (rows) => {
      for (const row of rows) changes.push(row);
      if (changes.length > MAX_CHANGES_TO_FOLLOW) throw new TooManyChangesError();
    });
    if (reached === undefined) return false;
    const wasRewritten = file.apply(changes);
    if (file.count !== this.#countedIn(reached)) return false;
    this.#position = Math.max(atLeast, reached.position);
    this.#unsaved += changes.length;
    if (wasRewritten || this.#unsaved > CHANGES_TO_SAVE_AFTER) this.#save(file);
    return true;
  }

  #changesSince(since: number, take: (rows: readonly ChangedRow[]) => void) {
    const { database, organizationId, list, view } = this.#parts;
    const wanted = { lists: [list], what: view, since, most: ROWS_AT_ONCE };
    return followChanges(database, organizationId, wanted, (_, rows) => take(rows));
  }

  #countedIn({ counts }: Reached): number | undefined {
    return counts?.of(this.#parts.list, this.#parts.view);
  }

  /**
   * Makes the file anew from the whole list, and then of what has changed meanwhile, which may be as much: it is applied as
   * it comes, since nobody reads the file before all of it is there. Where it is not known any more what was removed
   * meanwhile, the file stays as it was.
   */
  async #refill(head: number): Promise<void> {
    const { path, onRepair } = this.#parts;
    const old = this.#file;
    // Whoever was sent wrong rows under a tag is not to be told that they are the right ones.
    const mark = old?.isDamaged ? randomIdentifiers.token() : old?.mark;
    const file = new ListFile(path, { isNew: true, mark });
    const position = await this.#fill(file).catch((error) => {
      file.discard();
      throw error;
    });
    if (position === undefined) return file.discard();
    // From here on it is the one that is used: whatever fails, it stays open.
    this.#file = file;
    this.#position = Math.max(head, position);
    old?.close();
    this.#save(file);
    if (old?.isDamaged) onRepair();
    file.removeOthers();
  }

  /** Answers the position of what was put in; undefined where it is not known any more what was removed meanwhile. */
  async #fill(file: ListFile): Promise<number | undefined> {
    const { database, organizationId, list, view } = this.#parts;
    const begun = await getPosition(database, organizationId);
    const atOnce = new RowsAtOnce({ most: ROWS_AT_ONCE });
    for (let slot = 0, full = true; full; ) {
      const rows = await listRowsAfter(database, organizationId, {
        list,
        view,
        slot,
        limit: atOnce.limit,
      });
      file.apply(rows);
      slot = rows.at(-1)?.slot ?? slot;
      full = atOnce.wereFull(rows);
      await nextTurn();
    }
    const reached = await this.#changesSince(begun, (rows) => void file.apply(rows));
    if (reached === undefined) return undefined;
    const counted = this.#countedIn(reached) ?? 0;
    if (file.count !== counted) throw miscounted([{ list: list.name, counted, found: file.count }]);
    return reached.position;
  }
}

class TooManyChangesError extends Error {}
