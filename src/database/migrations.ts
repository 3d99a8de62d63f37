import { globSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Store } from './database.ts';

/**
 * One numbered file of `migrations/`; forward only. The number may leave some out, and need not be the highest when it is
 * added: what counts is which are applied.
 */
export type Migration = {
  version: number;
  name: string;
  /** The oldest Rollcall that may open the store once it has begun; undefined where older ones can live with it. */
  oldest: string | undefined;
} & ({ sql: string; load?: undefined } | { load: () => Promise<CodeStep>; sql?: undefined });

/**
 * A migration in code. It is done in turns, each in a transaction of its own that also saves how far it has come, so
 * a process that is killed loses one turn, and several processes can share the work.
 */
export type CodeStep = {
  /** How much is left after a place, to show progress; undefined is the beginning. */
  countLeft(store: Store, after: string | undefined): Promise<number>;
  /** Does the next turn after a place; answers where it ended and how much it did, undefined when nothing was left. */
  takeTurn(
    store: Store,
    after: string | undefined,
  ): Promise<{ place: string; done: number } | undefined>;
};

export type StoreKind = 'sqlite' | 'postgres';

const read = new Map<StoreKind, readonly Migration[]>();

/**
 * The migrations of one kind of store in order, as they were when they were first asked for. The version is the number
 * that the file name starts with; SQL is written for each kind of store, code for both.
 */
export function readMigrations(kind: StoreKind): readonly Migration[] {
  const known = read.get(kind);
  if (known) return known;
  const migrations = [
    ...listFiles(`../../migrations/${kind}`, '.sql'),
    ...listFiles(codeFolder, codeSuffix),
  ]
    .map(readMigration)
    .sort((a, b) => a.version - b.version);
  read.set(kind, migrations);
  return migrations;
}

/** As this file is: what is built has its migrations in code built, too. */
const codeSuffix = extname(import.meta.url);
const codeFolder = codeSuffix === '.ts' ? '../../migrations' : '../migrations';

function listFiles(folder: string, suffix: string): string[] {
  return globSync(join(fileURLToPath(new URL(folder, import.meta.url)), `*${suffix}`));
}

const OLDEST = /^(?:--|\/\/) *oldest\b:? *(.*)$/im;

function readMigration(file: string): Migration {
  const text = readFileSync(file, 'utf8');
  const suffix = extname(file);
  const name = basename(file, suffix);
  const oldest = OLDEST.exec(text)?.[1];
  if (oldest !== undefined && !/^\d+\.\d+\.\d+$/.test(oldest)) {
    throw new Error(`${file}: oldest is "${oldest}"; it must be a version such as 0.2.0.`);
  }
  const about = { version: Number.parseInt(name, 10), name, oldest };
  if (suffix === '.sql') return { ...about, sql: text };
  return {
    ...about,
    load: async () => ((await import(pathToFileURL(file).href)) as { default: CodeStep }).default,
  };
}
