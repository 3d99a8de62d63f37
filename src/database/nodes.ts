import { setTimeout as sleep } from 'node:timers/promises';
import { type LostNode, type Store, StoreUnavailableError } from './database.ts';

type Times = {
  /** How long the organizations of others wait for a node that does not respond. */
  patienceMs: number;
  /** How often a lost node is asked again, which nobody waits for. */
  retryMs: number;
};
const TIMES: Times = { patienceMs: 5_000, retryMs: 5_000 };
/** How long it is known on which node an organization is; one that has moved since is found all the same. */
const KNOWN_MS = 60_000;

/** The nodes of a distributed store, and which of them do not respond. */
export class Nodes {
  readonly #store: Pick<Store, 'all' | 'everywhere'>;
  readonly #times: Times;
  /** The node of each organization, as it was last looked up. */
  #places = new Map<number, string>();
  #forgetAtMs = 0;
  readonly #lost = new Map<string, { reason: string; retryAtMs: number }>();

  constructor(store: Pick<Store, 'all' | 'everywhere'>, times = TIMES) {
    this.#store = store;
    this.#times = times;
  }

  get lost(): LostNode[] {
    return [...this.#lost].map(([node, { reason }]) => ({ node, reason }));
  }

  /**
   * The rows of each node for its organizations. A node that is lost has none until it responds again.
   *
   * @param among undefined for all organizations.
   */
  async ask<Row>(
    work: (organizationIds: readonly number[]) => Promise<Row[]>,
    among: readonly number[] | undefined,
  ): Promise<Row[]> {
    const groups = await this.#groups(among ?? (await listIds(this.#store)));
    const parts = [...groups].map(([node, ids]) => this.#askOne(node, () => work(ids)));
    return (await Promise.all(parts)).flat();
  }

  async #askOne<Row>(node: string, work: () => Promise<Row[]>): Promise<Row[]> {
    const lost = this.#lost.get(node);
    if (lost === undefined) {
      const late = sleep(this.#times.patienceMs, undefined, { ref: false });
      const asked = this.#noting(node, work);
      const rows = await Promise.race([asked, late]);
      if (rows !== undefined) return rows;
      if (!this.#lost.has(node))
        this.#lose(node, `no response within ${this.#times.patienceMs} ms`);
      return [];
    }
    if (performance.now() >= lost.retryAtMs) {
      lost.retryAtMs = performance.now() + this.#times.retryMs;
      void this.#noting(node, work).catch(() => undefined);
    }
    return [];
  }

  /** Undefined if the node does not respond. */
  async #noting<Row>(node: string, work: () => Promise<Row[]>): Promise<Row[] | undefined> {
    try {
      const rows = await work();
      this.#lost.delete(node);
      return rows;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.#lose(node, error.message);
      return undefined;
    }
  }

  #lose(node: string, reason: string): void {
    const line = reason.replaceAll(/\s+/g, ' ');
    this.#lost.set(node, { reason: line, retryAtMs: performance.now() + this.#times.retryMs });
  }

  /** The organizations of each node. */
  async #groups(ids: readonly number[]): Promise<Map<string, number[]>> {
    if (performance.now() >= this.#forgetAtMs) {
      this.#places = new Map();
      this.#forgetAtMs = performance.now() + KNOWN_MS;
    }
    const unknown = ids.filter((id) => !this.#places.has(id));
    if (unknown.length > 0)
      for (const { id, node } of await findPlaces(this.#store, unknown)) this.#places.set(id, node);
    return Map.groupBy(ids, (id) => this.#places.get(id) ?? '');
  }
}

async function listIds(store: Pick<Store, 'all'>): Promise<number[]> {
  const rows = await store.all<{ id: number }>(
    'select organization_id as id from organization_names',
  );
  return rows.map(({ id }) => id);
}

/** The coordinator knows where everything is; to ask it takes some time for each organization. */
function findPlaces(
  store: Pick<Store, 'everywhere'>,
  ids: readonly number[],
): Promise<{ id: number; node: string }[]> {
  return store.everywhere(
    (isOneOfThem) => `select o.organization_id as id, n.nodename || ':' || n.nodeport as node
     from organization_names o
     join pg_dist_placement p
       on p.shardid = get_shard_id_for_distribution_column('organizations', o.organization_id)
     join pg_dist_node n on n.groupid = p.groupid and n.noderole = 'primary'
     where ${isOneOfThem('o.organization_id')}`,
    [],
    ids,
  );
}
