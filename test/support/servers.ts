import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { inject, onTestFinished } from 'vitest';
import { type Config, readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import { openStore } from '../../src/database/open-store.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { createServer } from '../../src/server.ts';
import { newSchemaUrl } from './database-url.ts';
import { emptyStore, keepStatistics } from './empty-store.ts';
import { askingOneNode } from './organization-first.ts';

export type Flags = NonNullable<Parameters<typeof readConfig>[0]['flags']>;

/** Whether a test wants a server that listens on a port. */
export type Sharing = { listening?: boolean };

/** A real server on a real store in a folder of its own. */
export type OpenServer = {
  config: Config;
  database: Database;
  server: FastifyInstance;
  /** Time as the server sees it; a test may set it. */
  time: { nowMs: number };
  /** Takes everything out of the store. */
  empty(): Promise<void>;
  close(): Promise<void>;
  isClosed(): boolean;
};

const START_MS = Date.parse('2026-11-23T12:00:00Z');

/** So many servers wait for a test that wants their like: each keeps megabytes that every collection of garbage walks through. */
const MOST_IDLE = 4;

/** The servers of this process that no test has now, the latest last. */
const idle: { key: string; open: OpenServer }[] = [];

/** Schemas of PostgreSQL that hold a migrated store with nothing in it, and that no server has now. */
const emptyStores: string[] = [];

/** A store that a test has closed or broken is nobody's any more. */
const leaveIt = (): void => undefined;

/**
 * A server that nobody had before. Its store may have been another server's, where that is in PostgreSQL: to migrate one
 * there takes 200 ms. It was emptied.
 */
export async function openServer(flags: Flags): Promise<OpenServer> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  const used = emptyStores.pop();
  const url = used ?? (await newSchemaUrl());
  const config = readConfig({
    // With each store one of the two ways in which pages are sent.
    environment: { ROLLCALL_DATABASE_URL: url, ROLLCALL_MAP_FILES: url ? 'off' : 'on' },
    flags: { logLevel: 'silent', runsAtOnce: '0', ...flags },
    directory,
  });
  const database = askingOneNode(await openStore(config));
  if (url !== undefined && used === undefined) {
    await keepStatistics(database);
    if (inject('isCitus')) await database.distribute?.();
  }
  const time = { nowMs: START_MS };
  const server = await createServer(config, database, {
    clock: () => time.nowMs,
    identifiers: randomIdentifiers,
  });
  let isClosed = false;
  server.addHook('onClose', async () => {
    isClosed = true;
  });
  await server.ready();
  const empty = () => emptyStore(database, url === undefined ? 'sqlite' : 'postgres');
  const close = async () => {
    await server.close();
    if (url !== undefined) await empty().then(() => emptyStores.push(url), leaveIt);
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { config, database, server, time, empty, close, isClosed: () => isClosed };
}

/**
 * A server for this test, with nothing in its store but an organization that is nobody's. To make a server, its store and
 * its 100 routes takes longer than most tests do: so a test hands its server on to the next that wants one with the same
 * flags. That proves no less, for
 *
 * - the store is emptied, and numbers of organizations go on: what the server remembers of earlier ones, and the files
 *   that it has of them, belong to nobody any more. Tokens and epochs are random;
 * - a test has a server to itself as long as it lasts;
 * - a server is closed, not handed on, when its time was set, or when it was closed or began to listen meanwhile.
 *
 * A test that looks at all that a server has (its data folder, its metrics) wants `openOwnWorkplace`.
 */
export async function takeServer(
  flags: Flags,
  { listening = false }: Sharing = {},
): Promise<OpenServer> {
  const key = JSON.stringify([listening, flags]);
  const last = idle.findLastIndex((one) => one.key === key);
  const open = idle.splice(last, last < 0 ? 0 : 1)[0]?.open ?? (await openServer(flags));
  const { server, time } = open;
  if (listening && !server.server.listening) await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    if (open.isClosed() || time.nowMs !== START_MS || server.server.listening !== listening) {
      return open.close();
    }
    // Where the server is still writing, closing it waits for that.
    await open.empty().then(() => idle.push({ key, open }), open.close);
    if (idle.length > MOST_IDLE) await idle.shift()?.open.close();
  });
  return open;
}
