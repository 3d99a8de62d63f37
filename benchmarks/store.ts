import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Target } from './load.ts';
import type { Settings } from './settings.ts';
import { type Running, rollcall, startServer } from './start-process.ts';

/** An organization with reports, and a signature token for it. */
export type Filled = {
  name: string;
  reports: number;
  token: { token: string; access_key: string; access_secret: string; bearer: string };
};

/** A store that Rollcall serves from. */
export type Store = { env: Record<string, string>; dataDir: string; small: Filled; big: Filled };

/** The store on SQLite. Where the folder is kept, so is the store, until its schema changes. */
export async function sqliteStore({ folder, reports, small }: Settings): Promise<Store> {
  const dataDir = join(folder, `sqlite-${reports}-${small}-${hashOfSchema()}`);
  const filled = join(dataDir, 'filled.json');
  const env = { ROLLCALL_DATA_DIR: dataDir };
  if (!existsSync(filled)) {
    rmSync(dataDir, { recursive: true, force: true });
    const organizations = {
      small: await fill(env, 'small', small),
      big: await fill(env, 'big', reports),
    };
    writeFileSync(filled, JSON.stringify(organizations));
  }
  return { env, dataDir, ...JSON.parse(readFileSync(filled, 'utf8')) };
}

/** The store in an empty PostgreSQL, made anew each time. */
export async function postgresStore(
  { folder, postgresReports, small }: Settings,
  url: string,
): Promise<Store> {
  const dataDir = join(folder, 'postgres');
  rmSync(dataDir, { recursive: true, force: true });
  const env = { ROLLCALL_DATA_DIR: dataDir, ROLLCALL_DATABASE_URL: url };
  return {
    env,
    dataDir,
    small: await fill(env, 'small', small),
    big: await fill(env, 'big', postgresReports),
  };
}

/** Makes an organization with generated reports, in a store that is made where there is none. */
export async function fill(
  env: Record<string, string>,
  name: string,
  reports: number,
): Promise<Filled> {
  process.stderr.write(`Filling ${name} with ${reports} reports\n`);
  const organization = ['--organization', name];
  await rollcall(env, ['organization', 'create', name, '--name', name]);
  if (reports > 0) await rollcall(env, ['generate', ...organization, '--reports', `${reports}`]);
  const token = await rollcall(env, [
    'signature-token',
    'create',
    ...organization,
    '--name',
    'benchmark',
    '--json',
  ]);
  return { name, reports, token: JSON.parse(token) };
}

/** Serves a store until disposed of. */
export function serve({ env, dataDir }: Pick<Store, 'env' | 'dataDir'>): Promise<Running> {
  mkdirSync(dataDir, { recursive: true });
  return startServer(['src/cli/rollcall.ts', 'serve', '--port', '0', '--log-level', 'warn'], env);
}

/** A server as one asks it for an organization's reports. */
export function targetOf(server: Running, { token }: Filled, headers = {}): Target {
  return { server, headers: { authorization: token.bearer, ...headers } };
}

/** Another text as soon as a store that was kept would lack something. */
function hashOfSchema(): string {
  const folder = fileURLToPath(new URL('../migrations/sqlite/', import.meta.url));
  const hash = createHash('sha256');
  for (const name of globSync('*.sql', { cwd: folder }).sort()) {
    hash.update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 8);
}
