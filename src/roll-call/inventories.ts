import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import { getOldestChange } from '../discovery/change-store.ts';
import { findOrganizationNow } from '../organizations/organization-store.ts';
import { Inventory } from './inventory.ts';
import { listChangedRows } from './inventory-store.ts';

const ROWS_AT_ONCE = 200;
/** So few that others are answered meanwhile: SQL is read word by word. */
const ROWS_IN_A_TURN = 20;
/** The inventory that was not asked for the longest goes first. */
const MOST_INVENTORIES = 50;
/** So long an inventory stays after its last use: whoever looks at a roll call opens its lists too. */
const KEPT_MS = 10 * 60 * 1000;

type Held = {
  epoch: string;
  inventory: Inventory;
  position: number;
  lastWork: Promise<unknown>;
  /** Drops it when it was not used for long. */
  dropping: NodeJS.Timeout;
};

/**
 * The inventories of organizations, made from the store when first asked for and brought up to its last change before
 * every answer, whichever process changed it.
 */
export class Inventories {
  readonly #database: Database;
  /** By the organization's number, in the order of their last use. */
  readonly #held = new Map<number, Held>();

  constructor(database: Database) {
    this.#database = database;
  }

  async get(organizationId: number): Promise<Inventory> {
    const now = await findOrganizationNow(this.#database, organizationId);
    if (now === undefined) return new Inventory();
    let held = this.#held.get(organizationId);
    if (held && held.epoch !== now.epoch) {
      this.#drop(organizationId);
      held = undefined;
    }
    held ??= {
      epoch: now.epoch,
      ...empty(),
      lastWork: Promise.resolve(),
      dropping: setTimeout(() => this.#drop(organizationId), KEPT_MS).unref(),
    };
    held.dropping.refresh();
    this.#held.delete(organizationId);
    this.#held.set(organizationId, held);
    for (const [oldest] of this.#held) {
      if (this.#held.size <= MOST_INVENTORIES) break;
      this.#drop(oldest);
    }
    const reached = held;
    const work = reached.lastWork.then(() => this.#reach(organizationId, reached, now.position));
    reached.lastWork = work.catch(() => undefined);
    await work;
    return reached.inventory;
  }

  #drop(organizationId: number): void {
    clearTimeout(this.#held.get(organizationId)?.dropping);
    this.#held.delete(organizationId);
  }

  async #reach(organizationId: number, held: Held, position: number): Promise<void> {
    if (held.position >= position) return;
    // What was removed before that is no longer told.
    const oldest = await getOldestChange(this.#database, organizationId);
    if (oldest > held.position) Object.assign(held, empty());
    for (const list of Inventory.lists) {
      for (let from = held.position, isFull = true; isFull; ) {
        const rows = await listChangedRows(this.#database, organizationId, {
          list,
          position: from,
          limit: ROWS_AT_ONCE,
        });
        for (let start = 0; start < rows.length; start += ROWS_IN_A_TURN) {
          await nextTurn();
          held.inventory.apply(list, rows.slice(start, start + ROWS_IN_A_TURN));
        }
        from = rows.at(-1)?.changed ?? from;
        isFull = rows.length === ROWS_AT_ONCE;
      }
    }
    held.position = position;
  }
}

const empty = () => ({ inventory: new Inventory(), position: 0 });
