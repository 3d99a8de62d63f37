import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.ts';

/** One numbered SQL file of `migrations/`; forward only. */
export type Migration = { version: number; name: string; sql: string };

export type StoreKind = 'sqlite' | 'postgres';

const read = new Map<StoreKind, readonly Migration[]>();

/**
 * The migrations of one kind of store in order, as they were when they were first asked for. The version is the number
 * that the file name starts with.
 */
export function readMigrations(kind: StoreKind): readonly Migration[] {
  const known = read.get(kind);
  if (known) return known;
  const directory = fileURLToPath(new URL(`../../migrations/${kind}/`, import.meta.url));
  const migrations = readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({
      version: Number.parseInt(file, 10),
      name: file.replace(/\.sql$/, ''),
      sql: readFileSync(join(directory, file), 'utf8'),
    }));
  read.set(kind, migrations);
  return migrations;
}

/**
 * The migrations that a store at this schema lacks, in order.
 *
 * @throws NewerSchemaError where the schema is newer than any of ours.
 */
export function migrationsAfter(kind: StoreKind, found: number): Migration[] {
  const migrations = readMigrations(kind);
  const known = migrations.at(-1)?.version ?? 0;
  if (found > known) throw new NewerSchemaError(found, known);
  return migrations.filter((migration) => migration.version > found);
}

/** The store was written by a newer Rollcall; an older one must not touch it. */
export class NewerSchemaError extends UserError {
  constructor(found: number, known: number) {
    super(
      `The data was written by a newer Rollcall (schema ${found}; this one knows up to ${known}). ` +
        'Run that newer version, or restore a backup made before the upgrade.',
    );
  }
}
