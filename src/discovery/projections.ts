import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ClaimedFolder, claimFolder } from '../claim-folder.ts';
import type { Database } from '../database/database.ts';
import { getOldestChange } from '../inventory/change-store.ts';
import type { List } from '../inventory/lists.ts';
import {
  getPosition,
  listChangesAfter,
  listRowsAfter,
  type RowChange,
  type View,
} from '../inventory/row-store.ts';
import { ListFile } from '../list-file/list-file.ts';
import type { OrganizationNow } from '../organizations/organization.ts';

const ROWS_AT_ONCE = 4096;
/** More changes than this are not gathered in memory; the file is made anew instead. */
const MAX_CHANGES_TO_FOLLOW = 20_000;
/** So many a process that is killed leaves to the next one to apply again. */
const CHANGES_TO_SAVE_AFTER = 10_000;

/**
 * What the lists are served from: for each organization, list and view a file of the rows' bytes, made from the
 * store when first asked for and brought up to the store's last change before every answer, so that nobody reads
 * the past, whichever process wrote. A server that starts again goes on with the files that it left.
 */
export class Projections {
  readonly #database: Database;
  readonly #folder: ClaimedFolder;
  readonly #maxOpen: number;
  /** In the order of their last use, oldest first. */
  readonly #open = new Map<string, Projection>();

  /**
   * @param directory where the files may lie, in a folder of their own for each process; made when missing.
   * @param maxOpen how many lists stay open; the one unused for longest is closed first, and made again when asked for.
   */
  constructor(database: Database, directory: string, { maxOpen = 500 } = {}) {
    this.#database = database;
    this.#folder = claimFolder(directory);
    this.#maxOpen = maxOpen;
  }

  /**
   * Reads the rows of a view: every change up to the organization's position is in them, and perhaps some later ones.
   * `use` gets the file for as long as it runs, and answers at once.
   */
  async read<Result>(
    organization: OrganizationNow,
    list: List,
    view: View,
    use: (file: ListFile, position: number) => Result,
  ): Promise<Result> {
    const key = `${organization.id}/${organization.epoch}/${list.number}/${view}`;
    let projection = this.#open.get(key);
    this.#open.delete(key);
    if (projection === undefined) {
      const name = `${organization.id}-${organization.epoch}-${list.name}-${view}`;
      const path = join(this.#folder.path, name);
      projection = new Projection(this.#database, organization.id, list, view, path);
    }
    this.#open.set(key, projection);
    try {
      return await projection.read(organization.position, use);
    } finally {
      this.#closeUnused();
    }
  }

  close(): void {
    for (const projection of this.#open.values()) projection.close();
    this.#open.clear();
    this.#folder.release();
  }

  #closeUnused(): void {
    for (const [key, projection] of this.#open) {
      if (this.#open.size <= this.#maxOpen) return;
      if (projection.isBusy) continue;
      this.#open.delete(key);
      projection.close();
    }
  }
}

class Projection {
  readonly #database: Database;
  readonly #organizationId: number;
  readonly #list: List;
  readonly #view: View;
  readonly #path: string;
  #file: ListFile | undefined;
  /** The file holds every change of the list up to this one. */
  #position = 0;
  /** How many changes were applied since the file was saved. */
  #unsaved = 0;
  #lastWork: Promise<void> = Promise.resolve();
  #readers = 0;

  constructor(database: Database, organizationId: number, list: List, view: View, path: string) {
    this.#database = database;
    this.#organizationId = organizationId;
    this.#list = list;
    this.#view = view;
    this.#path = path;
    const file = new ListFile(path);
    if (file.savedPosition === undefined) {
      file.close();
    } else {
      this.#file = file;
      this.#position = file.savedPosition;
    }
  }

  get isBusy(): boolean {
    return this.#readers > 0;
  }

  async read<Result>(
    head: number,
    use: (file: ListFile, position: number) => Result,
  ): Promise<Result> {
    this.#readers++;
    try {
      while (this.#file === undefined || this.#position < head) {
        const work = this.#lastWork.then(() => this.#reach(head));
        this.#lastWork = work.catch(() => undefined);
        await work;
      }
      return use(this.#file, this.#position);
    } finally {
      this.#readers--;
    }
  }

  close(): void {
    if (this.#file && this.#unsaved > 0) this.#save(this.#file);
    this.#file?.close();
    this.#file = undefined;
  }

  #save(file: ListFile): void {
    file.save(this.#position);
    this.#unsaved = 0;
  }

  /** Brings the file to the position `head` or past it. */
  async #reach(head: number): Promise<void> {
    if (this.#file && this.#position >= head) return;
    if (this.#file && (await this.#follow(this.#file, head, MAX_CHANGES_TO_FOLLOW))) return;
    await this.#refill();
    if (this.#file) await this.#follow(this.#file, head, Number.POSITIVE_INFINITY);
  }

  /**
   * Applies what has changed since the file's position. All of it is gathered before any is applied, so that no
   * reader sees half; a row that changes once more meanwhile comes again later in the loop, with a higher number.
   * Answers false, with nothing applied, where there is more than `most`, or where it is no longer known what was
   * removed since.
   */
  async #follow(file: ListFile, head: number, most: number): Promise<boolean> {
    const changes: RowChange[] = [];
    let position = this.#position;
    for (;;) {
      const some = await listChangesAfter(this.#database, this.#organizationId, {
        list: this.#list,
        view: this.#view,
        position,
        limit: ROWS_AT_ONCE,
      });
      for (const change of some) changes.push(change);
      if (changes.length > most) return false;
      position = some.at(-1)?.changed ?? position;
      if (some.length < ROWS_AT_ONCE) break;
      await nextTurn();
    }
    // Asked last, so that no purge slips in between.
    if ((await getOldestChange(this.#database, this.#organizationId)) > this.#position)
      return false;
    const wasRewritten = file.apply(changes);
    this.#position = Math.max(head, position);
    this.#unsaved += changes.length;
    if (wasRewritten || this.#unsaved > CHANGES_TO_SAVE_AFTER) this.#save(file);
    return true;
  }

  /** Makes the file anew from the whole list. What changes meanwhile has a number above the file's position. */
  async #refill(): Promise<void> {
    const file = new ListFile(this.#path, { isNew: true });
    try {
      const position = await getPosition(this.#database, this.#organizationId);
      for (let slot = 0, full = true; full; ) {
        const rows = await listRowsAfter(this.#database, this.#organizationId, {
          list: this.#list,
          view: this.#view,
          slot,
          limit: ROWS_AT_ONCE,
        });
        file.apply(rows);
        slot = rows.at(-1)?.slot ?? slot;
        full = rows.length === ROWS_AT_ONCE;
        await nextTurn();
      }
      this.#file?.close();
      this.#file = file;
      this.#position = position;
      this.#save(file);
    } catch (error) {
      file.close();
      throw error;
    }
  }
}
