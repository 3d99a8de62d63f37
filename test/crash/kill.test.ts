import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compileCache } from '../../src/compile-cache.ts';
import { countRows } from '../../src/inventory/row-store.ts';
import { createServer } from '../../src/server.ts';
import { rounds } from '../support/rounds.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const ROUNDS = rounds({ usual: 4, full: 50 });
const writer = fileURLToPath(new URL('../support/writing-server.ts', import.meta.url));

/**
 * Runs a server that writes, and kills it some time after it has said so many lines; answers the lines that it said, the
 * last of which may be torn.
 */
async function runAndKill(
  env: Record<string, string>,
  { firstId, lines, lifeMs }: { firstId: number; lines: number; lifeMs: number },
): Promise<string[]> {
  const child = spawn(process.execPath, [writer, String(firstId)], {
    env: { ...process.env, ...compileCache, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  while (said.split('\n').length <= lines) await once(child.stdout, 'data');
  await sleep(lifeMs);
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
  return said.split('\n').slice(0, -1);
}

test(`a server killed ${ROUNDS} times while it writes loses no acknowledged write, and counts, pages and changes agree`, {
  timeout: 600_000,
}, async () => {
  const { config, database } = await openWorkplace();
  const acme = await makeOrganization(database);
  const bearer = await makeBearer(database, acme);
  const env = {
    ROLLCALL_DATA_DIR: config.dataDir,
    ROLLCALL_DATABASE_URL: config.databaseUrl ?? '',
    ROLLCALL_LOG_LEVEL: 'silent',
    TEST_BEARER: bearer,
  };
  /** The name that each report must have; undefined where it must be gone. */
  const acknowledged = new Map<number, string | undefined>();
  let lastId = 0;
  const followed = new Map<string, string>();
  let cursor = '';

  for (let round = 0; round < ROUNDS; round++) {
    // Numbers of killed rounds may have been written without being acknowledged.
    const firstId = lastId + 1000;
    // From the fourth line on, reports are also edited and removed, however slow the machine.
    const life = { lines: 1 + 4 * (round % 2), lifeMs: (round * 37) % 120 };
    for (const line of await runAndKill(env, { firstId, ...life })) {
      const [, what, id, name] = /^(put|removed) (\d+) ?(.*)$/.exec(line) ?? [];
      acknowledged.set(Number(id), what === 'put' ? name : undefined);
      lastId = Math.max(lastId, Number(id));
    }
    // A new server on what the killed one left.
    const server = await createServer(config, database);
    const get = async (url: string) =>
      (await server.inject({ url, headers: { authorization: bearer } })).json();
    const listed = new Map<number, string>();
    let total = 0;
    for (let url: string | undefined = '/batch/acme/reports'; url; ) {
      const page: {
        reports: { id: number; name: string }[];
        pagination: { total_count: number };
        _links: { next_page?: { href: string } };
      } = await get(url);
      for (const report of page.reports) listed.set(report.id, report.name);
      total = page.pagination.total_count;
      url = page._links.next_page?.href;
    }
    for (let more = true; more; ) {
      const batch: {
        changes: { list: string; place: number; row?: object }[];
        cursor: string;
        more: boolean;
      } = await get(`/batch/acme/changes${cursor && `?after=${cursor}`}`);
      for (const { list, place, row } of batch.changes) {
        if (row) followed.set(`${list}/${place}`, JSON.stringify(row));
        else followed.delete(`${list}/${place}`);
      }
      cursor = batch.cursor;
      more = batch.more;
    }
    await server.close();

    // One write may have been made and not yet said: the report three before the last one may already differ.
    const unsaid = lastId - 3;
    if (acknowledged.has(unsaid)) acknowledged.set(unsaid, listed.get(unsaid));
    const wrong = [...acknowledged].filter(([id, name]) => listed.get(id) !== name);
    expect(wrong, `round ${round}`).toEqual([]);
    expect(total).toBe(listed.size);
    expect((await countRows(database, acme.id)).reports.all).toBe(total);
    expect([...followed.values()].map((row) => JSON.parse(row).name).sort()).toEqual(
      [...listed.values()].sort(),
    );
    expect(await database.check()).toEqual([]);
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS + 3 * Math.floor(ROUNDS / 2));
});
