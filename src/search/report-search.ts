import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import { getOldestChange } from '../discovery/change-store.ts';
import { type ClaimedFolder, claimFolder } from '../discovery/claim-folder.ts';
import { listsParentsFirst } from '../discovery/lists.ts';
import type { OrganizationNow } from '../discovery/projections.ts';
import { getPosition } from '../discovery/row-store.ts';
import { listRowsChangedAfter } from './changed-row-store.ts';
import type { FoundReports, ReportQuestion } from './report-question.ts';
import type { SearchAnswer, SearchOrder } from './search-order.ts';
import { SearchThread } from './search-thread.ts';

/** So many rows are read without anybody else having a turn. */
const ROWS_AT_ONCE = 250;
/** A file that is broken so often is not mended by making it again. */
const MOST_DISCARDS = 3;

type Behind = Extract<SearchAnswer, { kind: 'behind' }>;

/**
 * Finds reports by their words and by what is known of them, in a file of its own for each organization. The file is
 * brought up to the store's last change before every answer, so that nobody sees the past, whichever process wrote; a
 * write costs nothing. A server that starts again goes on with the files that it left.
 */
export class ReportSearch {
  readonly #database: Database;
  readonly #folder: ClaimedFolder;
  readonly #thread = new SearchThread();
  /** What brings a file up to date now. */
  readonly #following = new Map<string, Promise<void>>();

  /** @param directory where the files may lie, in a folder of their own for each process; made when missing. */
  constructor(database: Database, directory: string) {
    this.#database = database;
    this.#folder = claimFolder(directory);
  }

  async find(organization: OrganizationNow, question: ReportQuestion): Promise<FoundReports> {
    const path = join(this.#folder.path, `${organization.id}-${organization.epoch}`);
    const { position } = organization;
    for (let discards = 0; discards <= MOST_DISCARDS; ) {
      const answer = await this.#thread.tell({ kind: 'search', path, position, question });
      if (answer.kind === 'found') return answer.found;
      if (answer.kind !== 'behind' || !(await this.#followOnce(organization, path, answer)))
        discards++;
    }
    throw new Error(`The search file ${path} is broken again and again.`);
  }

  async close(): Promise<void> {
    await this.#thread.close();
    this.#folder.release();
  }

  /** Whoever comes meanwhile waits for the same. Answers false where the file was thrown away. */
  async #followOnce(
    { id, epoch }: OrganizationNow,
    path: string,
    behind: Behind,
  ): Promise<boolean> {
    let isKept = true;
    let following = this.#following.get(path);
    if (following === undefined) {
      if (behind.since === undefined) this.#removeOthers(id, epoch);
      following = this.#follow(id, path, behind)
        .then((wasKept) => {
          isKept = wasKept;
        })
        .finally(() => this.#following.delete(path));
      this.#following.set(path, following);
    }
    await following;
    return isKept;
  }

  /** Puts into the file what has changed since its position. */
  async #follow(organizationId: number, path: string, behind: Behind): Promise<boolean> {
    const head = await getPosition(this.#database, organizationId);
    const { position, since = head } = behind;
    const tell = (order: SearchOrder): Promise<SearchAnswer> => {
      const told = this.#thread.tell(order).then((answer) => {
        if (answer.kind === 'broken') throw new BrokenError();
        return answer;
      });
      // It may fail while something else is waited for.
      told.catch(() => undefined);
      return told;
    };
    try {
      let applied = tell({ kind: 'apply', path, rows: [], since: behind.since ?? head });
      for (const list of listsParentsFirst) {
        for (let last = position, isFull = true; isFull; ) {
          const rows = await listRowsChangedAfter(this.#database, organizationId, {
            list,
            position: last,
            limit: ROWS_AT_ONCE,
          });
          last = rows.at(-1)?.changed ?? last;
          isFull = rows.length === ROWS_AT_ONCE;
          // The next rows are read while these are written.
          await applied;
          if (rows.length > 0) applied = tell({ kind: 'apply', path, rows });
          if (isFull) await nextTurn();
        }
      }
      await applied;
      for (let hasMore = true; hasMore; ) {
        const answer = await tell({ kind: 'read', path });
        hasMore = answer.kind === 'done' && answer.hasMore;
      }
      // Asked last, so that no purge slips in between.
      if ((await getOldestChange(this.#database, organizationId)) > since) {
        await tell({ kind: 'discard', path });
        return false;
      }
      await tell({ kind: 'reach', path, position: head });
      return true;
    } catch (error) {
      if (error instanceof BrokenError) return false;
      throw error;
    }
  }

  /** Files of other lives of the organization, which a restored copy of the store has, are of no use any more. */
  #removeOthers(organizationId: number, epoch: string): void {
    for (const name of readdirSync(this.#folder.path)) {
      const isItsOwn = name.startsWith(`${organizationId}-`);
      if (isItsOwn && !name.startsWith(`${organizationId}-${epoch}`)) {
        rmSync(join(this.#folder.path, name), { force: true });
      }
    }
  }
}

class BrokenError extends Error {}
