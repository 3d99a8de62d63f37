import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import { FollowerFiles } from '../inventory/follower-files.ts';
import type { List, View } from '../inventory/lists.ts';
import type { ListFile } from '../list-file/list-file.ts';
import { removeWhereAllowed } from '../list-file/remove.ts';
import type { OrganizationNow } from '../organizations/organization.ts';
import { storageFaultOf } from '../storage-fault.ts';
import { CurrentListFile } from './current-list-file.ts';

/** Every file is looked through once in so long, and the time that it takes. */
const VERIFY_EVERY_MS = 20_000;

type Options = {
  /** How many lists stay open; the one unused for longest is closed first, and opened again when asked for. */
  maxOpen?: number;
  /** Told of what is wrong with files, while readers get what they ask for. */
  note?: (error: Error) => void;
  verifyEveryMs?: number;
};

/**
 * What the lists are served from: for each organization, list and view a file of the rows' bytes, made from the
 * store when first asked for and brought up to the store's last change before every answer, so that nobody reads
 * the past, whichever process wrote. A server that starts again goes on with the files that it left. A file that is not as
 * it was written is made again: each is looked through when it is opened, and every half minute.
 */
export class ListFiles {
  readonly #database: Database;
  readonly #files: FollowerFiles;
  readonly #maxOpen: number;
  readonly #note: (error: Error) => void;
  readonly #closing = new AbortController();
  #repairs = 0;
  /** By what their names begin with. */
  readonly #open = new Map<string, CurrentListFile>();

  /** @param directory where the files may lie, in a folder of their own for each process; made when missing. */
  constructor(
    database: Database,
    directory: string,
    { maxOpen = 500, note = () => undefined, verifyEveryMs = VERIFY_EVERY_MS }: Options = {},
  ) {
    this.#database = database;
    this.#files = new FollowerFiles(directory);
    this.#maxOpen = maxOpen;
    this.#note = note;
    void this.#verifyAgainAndAgain(verifyEveryMs);
  }

  /** How many files were made again because they were damaged: what was sent before is not to be sent again. */
  get repairs(): number {
    return this.#repairs;
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
    const path = this.#files.pathOf(organization, `${list.name}-${view}`);
    let file = this.#open.get(path);
    if (file === undefined) {
      this.#discardOtherLives(organization);
      file = new CurrentListFile({
        database: this.#database,
        organizationId: organization.id,
        list,
        view,
        path,
        note: this.#note,
        onRepair: () => this.#repairs++,
      });
      this.#open.set(path, file);
    }
    try {
      return await file.read(organization.position, use);
    } catch (error) {
      if (storageFaultOf(error) !== 'too_many_files') throw error;
      // There may be room for one where others are closed.
      this.#closeUnused(this.#open.size / 2);
      return await file.read(organization.position, use);
    } finally {
      if (this.#open.size > this.#maxOpen) this.#closeUnused(this.#maxOpen);
    }
  }

  close(): void {
    this.#closing.abort();
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
    this.#files.release();
  }

  /** As after a backup was restored. */
  #discardOtherLives(organization: OrganizationNow): void {
    const others = this.#files.takeOthers(organization);
    for (const { file } of others) removeWhereAllowed(file);
    for (const life of new Set(others.map((other) => other.life))) {
      for (const [path, file] of this.#open) {
        if (!path.startsWith(`${life}-`)) continue;
        this.#open.delete(path);
        file.discard();
      }
    }
  }

  #closeUnused(mostOpen: number): void {
    const unused = [...this.#open].filter(([, file]) => !file.isBusy);
    unused.sort(([, one], [, other]) => one.usedAtMs - other.usedAtMs);
    for (const [key, file] of unused.slice(0, Math.max(0, this.#open.size - mostOpen))) {
      this.#open.delete(key);
      file.close();
    }
  }

  async #verifyAgainAndAgain(everyMs: number): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      for (const file of [...this.#open.values()]) {
        if (signal.aborted) return;
        await file.verify().catch(this.#note);
      }
      if (signal.aborted) return;
    }
  }
}
