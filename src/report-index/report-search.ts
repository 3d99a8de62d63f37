import type { Database } from '../database/database.ts';
import type { ChangedRow } from '../inventory/changed-row-store.ts';
import { followChanges } from '../inventory/follow-changes.ts';
import { FollowerFiles } from '../inventory/follower-files.ts';
import { type List, type ListName, listsParentsFirst } from '../inventory/lists.ts';
import { getRowCounts } from '../inventory/row-store.ts';
import { miscounted } from '../inventory/store-damage.ts';
import type { OrganizationNow } from '../organizations/organization.ts';
import { DamagedFileError } from '../storage-fault.ts';
import type { Answer, Asked, QuestionName } from './file-questions.ts';
import type { FoundReports, ReportQuestion } from './report-question.ts';
import type { IndexedRow, SearchAnswer, SearchOrder } from './search-order.ts';
import { SearchThread } from './search-thread.ts';

/** So many rows are read without anybody else having a turn. */
const ROWS_AT_ONCE = 250;
/** A file that is broken so often is not mended by making it again. */
const MOST_DISCARDS = 3;
/** How much of the work is to read rows; the rest is to read words. */
const SHARE_OF_ROWS = 0.5;

type Reaches = Extract<SearchAnswer, { kind: 'reaches' }>;

type Options = {
  /** Told of files that are made again because they were damaged. */
  note?: (error: Error) => void;
  /** See ThreadData. */
  verifyStepMs?: number | undefined;
  /** So many changes are read within a second or so, which whoever asks waits for. */
  mostToWaitFor?: number;
};

/** What brings a file up to date. */
type Following = {
  /** Whether it takes longer than anybody should wait. */
  isLong: Promise<boolean>;
  /** From 0 to 1. */
  progress: number;
  /** Answers false where the file was thrown away. */
  done: Promise<boolean>;
};

/**
 * Finds reports by their words and by what is known of them, in a file of its own for each organization, and calls the
 * roll there. The file is brought up to the store's last change before every answer, so that nobody sees the past,
 * whichever process wrote; a write costs nothing. A server that starts again goes on with the files that it left.
 */
export class ReportSearch {
  readonly #database: Database;
  readonly #files: FollowerFiles;
  readonly #thread: SearchThread;
  readonly #note: (error: Error) => void;
  readonly #mostToWaitFor: number;
  /** By the path of the file. */
  readonly #following = new Map<string, Following>();
  /** Why files could not be brought up to date while nobody waited for it. */
  readonly #failures = new Map<string, Error>();

  /** @param directory where the files may lie, in a folder of their own for each process; made when missing. */
  constructor(
    database: Database,
    directory: string,
    { note = () => undefined, verifyStepMs, mostToWaitFor = 10_000 }: Options = {},
  ) {
    this.#database = database;
    this.#mostToWaitFor = mostToWaitFor;
    this.#files = new FollowerFiles(directory);
    this.#note = note;
    this.#thread = new SearchThread({
      verifyStepMs,
      onDamage: (file) => this.#noteDamage(file),
    });
  }

  find(organization: OrganizationNow, question: ReportQuestion): Promise<FoundReports> {
    return this.ask(organization, 'search', question);
  }

  async ask<Name extends QuestionName>(
    organization: OrganizationNow,
    name: Name,
    asked: Asked<Name>,
  ): Promise<Answer<Name>> {
    const path = this.#files.pathOf(organization);
    const { position } = organization;
    for (let discards = 0; discards <= MOST_DISCARDS; ) {
      const answer = await this.#thread.tell({ kind: 'ask', path, position, name, asked });
      if (answer.kind === 'answer') return answer.answer as Answer<Name>;
      const isKept =
        answer.kind === 'reaches' && (await this.#follow(organization, path, answer).done);
      if (answer.kind === 'broken') this.#noteDamage(path);
      if (!isKept) discards++;
    }
    throw brokenAgain(path);
  }

  /**
   * How much, from 0 to 1, is read of so many changes that nobody should have to wait for them, as when the file is first
   * made: it is gone on with meanwhile. Few are waited for. Undefined once everything up to the organization's position is
   * in the file, so that the next question is answered at once.
   */
  async progressOf(organization: OrganizationNow): Promise<number | undefined> {
    const path = this.#files.pathOf(organization);
    const failure = this.#failures.get(path);
    this.#failures.delete(path);
    if (failure) throw failure;
    for (let discards = 0; discards <= MOST_DISCARDS; ) {
      const answer = await this.#thread.tell({ kind: 'look', path });
      if (answer.kind === 'reaches') {
        if (answer.position >= organization.position) return undefined;
        const following = this.#follow(organization, path, answer);
        if (await following.isLong) {
          following.done.catch((error) => this.#failures.set(path, error));
          return following.progress;
        }
        if (await following.done) continue;
      } else if (answer.kind === 'broken') this.#noteDamage(path);
      discards++;
    }
    throw brokenAgain(path);
  }

  async close(): Promise<void> {
    await this.#thread.close();
    this.#files.release();
  }

  #noteDamage(file: string): void {
    this.#note(new DamagedFileError(`The search file ${file} differs from what was written.`));
  }

  /** Whoever comes meanwhile waits for the same. */
  #follow(organization: OrganizationNow, path: string, reached: Reaches): Following {
    const underWay = this.#following.get(path);
    if (underWay) return underWay;
    const { id } = organization;
    if (reached.since === undefined) this.#removeOthers(organization);
    const head = getRowCounts(this.#database, id);
    const isLong = head.then(({ position }) => position - reached.position > this.#mostToWaitFor);
    // Who does not ask for it hears of a failure from the rest.
    isLong.catch(() => undefined);
    const done = head
      .then(({ position }) =>
        this.#bringUpToDate(id, path, reached, position, (progress) => {
          following.progress = progress;
        }),
      )
      .finally(() => this.#following.delete(path));
    const following: Following = { isLong, progress: 0, done };
    this.#following.set(path, following);
    return following;
  }

  /** Puts into the file what has changed since its position, up to `head` at least. */
  async #bringUpToDate(
    organizationId: number,
    path: string,
    reached: Reaches,
    head: number,
    onProgress: (progress: number) => void,
  ): Promise<boolean> {
    const { position, since = head, applied: begun } = reached;
    /** How many listed rows were read, where all are. */
    const read = Object.fromEntries(
      listsParentsFirst.map(({ name }) => [name, { all: 0 }]),
    ) as Record<ListName, { all: number }>;
    const tell = (order: SearchOrder): Promise<SearchAnswer> => {
      const told = this.#thread.tell(order).then((answer) => {
        if (answer.kind === 'broken') throw new BrokenError();
        return answer;
      });
      // It may fail while something else is waited for.
      told.catch(() => undefined);
      return told;
    };
    const wanted = {
      lists: listsParentsFirst,
      what: 'existing',
      since,
      // What was put in before a failure, or by a server that was stopped, is not read again.
      after: ({ name }: List) => begun[name] ?? position,
      most: ROWS_AT_ONCE,
    } as const;
    try {
      await tell({ kind: 'apply', path, rows: [], since });
      const reach = await followChanges(
        this.#database,
        organizationId,
        wanted,
        async (list, rows) => {
          read[list.name].all += rows.filter((row) => row.body !== null && !row.archived).length;
          const last = (rows.at(-1) as ChangedRow).changed;
          const ofList = Math.min(1, (last - position) / (head - position));
          const listsRead = listsParentsFirst.indexOf(list) + ofList;
          onProgress((SHARE_OF_ROWS * listsRead) / listsParentsFirst.length);
          await tell({ kind: 'apply', path, rows: rows.map((row) => toIndexed(list, row)) });
        },
      );
      if (reach === undefined) {
        await tell({ kind: 'discard', path });
        return false;
      }
      for (let most = 0, unread = 1; unread > 0; ) {
        const answer = await tell({ kind: 'read', path });
        unread = answer.kind === 'done' ? answer.unread : 0;
        most ||= unread;
        if (unread > 0) onProgress(1 - ((1 - SHARE_OF_ROWS) * unread) / most);
      }
      // Where nothing has changed meanwhile, every row was read once.
      const isNew = reached.since === undefined;
      const miscounts = isNew && reach.position === head ? reach.counts?.differencesTo(read) : [];
      if (miscounts?.length) {
        await tell({ kind: 'discard', path });
        throw miscounted(miscounts);
      }
      await tell({ kind: 'reach', path, position: reach.position });
      return true;
    } catch (error) {
      if (error instanceof BrokenError) return false;
      throw error;
    }
  }

  /**
   * Removes the files of other lives of the organization, as after a backup was restored. The thread does it: it may have
   * them open, and would take them for damaged.
   */
  #removeOthers(organization: OrganizationNow): void {
    const lives = this.#files.takeOthers(organization).map(({ life }) => life);
    for (const path of new Set(lives))
      this.#thread.tell({ kind: 'discard', path }).catch(() => undefined);
  }
}

function toIndexed(list: List, { body, ...row }: ChangedRow): IndexedRow {
  return { ...row, list: list.name, body: body?.toString() ?? null };
}

class BrokenError extends Error {}

const brokenAgain = (path: string) => new Error(`The search file ${path} is damaged repeatedly.`);
