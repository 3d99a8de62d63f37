import { expect } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { type List, type ListName, lists } from '../../src/inventory/lists.ts';
import { toBytes, toRow } from '../../src/inventory/row.ts';
import type { NewRow } from '../../src/inventory/row-writer.ts';
import type { Workplace } from './workplace.ts';

/** A change as it is answered. */
export type WireChange = {
  list: ListName;
  place: number;
  row?: object;
  id?: number;
  token?: string;
  deleted?: true;
};

export type WireBatch = { changes: WireChange[]; cursor: string; more: boolean };

const listNames = Object.keys(lists) as ListName[];

/** Somebody who keeps a copy of the lists by following the changes. */
export class Follower {
  readonly #get: (query: string) => ReturnType<Workplace['get']>;
  readonly #rows = new Map(listNames.map((name) => [name, new Map<number, string>()]));
  cursor: string | undefined;
  /** How often it had to begin again. */
  restarts = 0;

  /** @param query what every request carries besides, such as `&include_spaces=all`. */
  constructor({ get }: Pick<Workplace, 'get'>, username: string, bearer: string, query = '') {
    this.#get = (own) => get(`/batch/${username}/changes?${own}${query}`, bearer);
  }

  /** Reads one batch; answers whether there is more. Begins again with nothing where it came too late. */
  async step(limit = 1000): Promise<boolean> {
    const after = this.cursor === undefined ? '' : `&after=${this.cursor}`;
    const response = await this.#get(`limit=${limit}${after}`);
    if (response.statusCode === 410) {
      for (const rows of this.#rows.values()) rows.clear();
      this.cursor = undefined;
      this.restarts++;
      return true;
    }
    expect(response.statusCode, response.body).toBe(200);
    const { changes, cursor, more } = response.json<WireBatch>();
    expect(response.headers['rollcall-cursor']).toBe(cursor);
    for (const { list, place, row } of changes) {
      if (row) this.#rows.get(list)?.set(place, JSON.stringify(row));
      else this.#rows.get(list)?.delete(place);
    }
    this.cursor = cursor;
    return more;
  }

  async catchUp(limit?: number): Promise<void> {
    while (await this.step(limit));
  }

  /** The copy as the bytes of each list. */
  copy(): Record<string, string> {
    const inOrder = (rows: Map<number, string>) =>
      [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
    return Object.fromEntries([...this.#rows].map(([name, rows]) => [name, inOrder(rows).join()]));
  }
}

/** The rows of all six lists as bytes, page by page as they are served. */
export async function crawlAll(
  { get }: Pick<Workplace, 'get'>,
  username: string,
  bearer: string,
  query = '',
): Promise<Record<string, string>> {
  const crawled: Record<string, string> = {};
  for (const name of listNames) {
    const pages: string[] = [];
    for (let page = 1, pageCount = 1; page <= pageCount; page++) {
      const { body } = await get(`/batch/${username}/${name}?page=${page}${query}`, bearer);
      pageCount = JSON.parse(body).pagination.total_pages;
      pages.push(
        body.slice(body.indexOf(`"${name}":[`) + name.length + 4, body.lastIndexOf('],"')),
      );
    }
    crawled[name] = pages.join();
  }
  return crawled;
}

let lastNumber = 0;

/** A row of a list, unlike any other. */
export function newRow(
  list: List,
  { parent = null, personal = false }: { parent?: number | null; personal?: boolean } = {},
): NewRow {
  const id = ++lastNumber;
  const token = `t${id}`;
  const body = bodyOf(list, id, token, '');
  return { id, token, parent, personal, sourceId: null, body };
}

/** The bytes of a row of a list with some text in it. */
export function bodyOf(list: List, id: number, token: string, text: string): Buffer {
  const ofReport = { report_id: 1, report_token: 'report' };
  const texts = { name: text, chart_title: text, member_username: text };
  const key = { [list.idField]: id, [list.tokenField]: token };
  return toBytes(toRow(list, { ...ofReport, ...texts, ...key, editors_emails: [text] }));
}

/** The slots of rows that are there, in order. */
export async function slotsOf(
  database: Database,
  organizationId: number,
  name: ListName,
): Promise<number[]> {
  const rows = await database.all<{ slot: number }>(
    'select slot from discovery_rows where organization_id = ? and list = ? and body is not null order by slot',
    [organizationId, lists[name].number],
  );
  return rows.map(({ slot }) => slot);
}
