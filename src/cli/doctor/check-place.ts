import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { Database } from '../../database/database.ts';
import { hasStoreFile, storeFile } from '../../database/open-store.ts';
import { getServerNow } from '../../database/server-store.ts';
import { countUnfinishedRuns } from '../../runs/run-queue-store.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Whether links lead to this server, over HTTPS. */
export function checkPublicUrl({ publicUrl, host, tlsCert }: Config): Finding {
  const check = 'public URL';
  if (publicUrl === undefined) {
    if (LOOPBACK.has(host)) return ok(check, 'None is set; only this machine reaches the server.');
    return warning(
      check,
      'None is set, so links are as each client names the server.',
      'Set ROLLCALL_PUBLIC_URL to the URL that people use.',
    );
  }
  const isOpen = publicUrl.protocol === 'http:' && !LOOPBACK.has(publicUrl.hostname);
  if (isOpen && tlsCert === undefined) {
    return warning(
      check,
      `${publicUrl.href} sends passwords and tokens unencrypted.`,
      'Put a proxy with TLS in front, or set ROLLCALL_TLS_CERT and ROLLCALL_TLS_KEY; then use https.',
    );
  }
  return ok(check, `People and tools use ${publicUrl.href}`);
}

/** Whether an unused SQLite store is in the data folder although the store is in PostgreSQL. */
export function checkStrayStore(config: Config): Finding[] {
  if (config.databaseUrl === undefined || !hasStoreFile(config)) return [];
  return [
    warning(
      'stray store',
      `The store is in PostgreSQL, and ${storeFile(config)} is another one that no server uses.`,
      'Move it away if you moved its content with "rollcall move"; otherwise find out who writes to it.',
    ),
  ];
}

/** Whether a distributed store is where it belongs, and every node responds. */
export async function checkDistribution(database: Database): Promise<Finding[]> {
  const check = 'distribution';
  const misplaced = await database.findMisplaced?.();
  if (misplaced === undefined) return [];
  if (misplaced.length > 0) {
    return [
      problem(check, `${misplaced.join('; ')}.`, 'Stop the servers, and run: rollcall distribute'),
    ];
  }
  await countUnfinishedRuns(database);
  const lost = database.lostNodes?.() ?? [];
  if (lost.length === 0) return [ok(check, 'Every table is distributed, and every node responds.')];
  return lost.map(({ node, reason }) =>
    problem(
      check,
      `The node ${node} does not respond: ${reason}`,
      'Until it does, its organizations get 503, and their runs and schedules wait.',
    ),
  );
}

const MAX_CLOCK_SKEW_MS = 2_000;

/** Whether the PostgreSQL server has connections for another process, and the same time. */
export async function checkServer(
  { databaseUrl, databaseConnections }: Config,
  database: Database,
  clock: Clock,
): Promise<Finding[]> {
  if (databaseUrl === undefined) return [];
  const before = clock();
  const { nowMs, maxConnections, connections, ofRollcall } = await getServerNow(database);
  const apartMs = Math.max(nowMs - clock(), before - nowMs, 0);
  const clocks =
    apartMs > MAX_CLOCK_SKEW_MS
      ? problem(
          'clocks',
          `The clocks of this machine and of PostgreSQL are ${Math.round(apartMs / 1000)} seconds apart.`,
          'Let both follow a time server, or schedules start late and workers take runs from each other.',
        )
      : ok('clocks', 'This machine and PostgreSQL agree on the time.');
  const free = maxConnections - connections;
  const used = `${connections} of ${maxConnections} connections are in use, ${ofRollcall} by Rollcall`;
  const fits =
    free < databaseConnections
      ? warning(
          'connections',
          `${used}; another process could not open its ${databaseConnections}.`,
          'Raise max_connections, lower ROLLCALL_DATABASE_CONNECTIONS, or add a pooler.',
        )
      : ok('connections', `${used}; a process opens up to ${databaseConnections}.`);
  return [clocks, fits];
}
