import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import { getOldestChange } from '../discovery/change-store.ts';
import { findOrganizationNow } from '../organizations/organization-store.ts';
import { Inventory } from './inventory.ts';
import { listChangedRows } from './inventory-store.ts';

/** So few that others are answered meanwhile: SQL is read word by word. */
const ROWS_AT_ONCE = 500;
/** The inventory that was not asked for the longest goes first. */
const MOST_INVENTORIES = 50;

type Held = {
  epoch: string;
  inventory: Inventory;
  position: number;
  lastWork: Promise<unknown>;
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
    if (held?.epoch !== now.epoch) held = undefined;
    held ??= { epoch: now.epoch, ...empty(), lastWork: Promise.resolve() };
    this.#held.delete(organizationId);
    this.#held.set(organizationId, held);
    for (const [oldest] of this.#held) {
      if (this.#held.size <= MOST_INVENTORIES) break;
      this.#held.delete(oldest);
    }
    const reached = held;
    const work = reached.lastWork.then(() => this.#reach(organizationId, reached, now.position));
    reached.lastWork = work.catch(() => undefined);
    await work;
    return reached.inventory;
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
        held.inventory.apply(list, rows);
        from = rows.at(-1)?.changed ?? from;
        isFull = rows.length === ROWS_AT_ONCE;
        await nextTurn();
      }
    }
    held.position = position;
  }
}

const empty = () => ({ inventory: new Inventory(), position: 0 });
