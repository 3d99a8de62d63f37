import { describe, expect, test } from 'vitest';
import { type Migration, readMigrations } from '../../src/database/migrations.ts';
import { missingFrom, OlderProgramError, type SchemaRow } from '../../src/database/schema.ts';

const migration = (version: number, oldest?: string): Migration => ({
  version,
  name: `${version}`,
  oldest,
  sql: '',
});

const applied = (version: number, more: Partial<SchemaRow> = {}): SchemaRow => ({
  version,
  appliedBy: '0.1.0',
  oldest: null,
  place: null,
  ...more,
});

/** The numbers that a program of this version finds missing in a store. */
function missing(rows: SchemaRow[], version: string, migrations: Migration[]) {
  const { needed, waiting } = missingFrom(rows, { version, migrations });
  return { needed: needed.map((one) => one.version), waiting: waiting.map((one) => one.version) };
}

/** Of a store that says which Rollcall may open it. */
const store = [applied(16), applied(17)];
const upTo17 = [migration(16), migration(17)];

describe('migrations that a store lacks', () => {
  test('are those that are not applied, whatever was applied after them', () => {
    const migrations = [...upTo17, migration(18), migration(20)];
    expect(missing([applied(17), applied(20)], '0.1.0', migrations).needed).toEqual([16, 18]);
  });

  test('are needed in a new store, even if older versions cannot live with them', () => {
    expect(missing([], '0.2.0', [...upTo17, migration(18, '0.2.0')])).toEqual({
      needed: [16, 17, 18],
      waiting: [],
    });
  });

  test.each([
    ['0.1.0', [19], [18]], // as long as the next version has no number of its own
    ['0.2.0', [19], [18]],
    ['0.2.9', [19], [18]],
    ['0.3.0', [18, 19], []],
    ['0.10.0', [18, 19], []],
    ['1.0.0', [18, 19], []],
  ])('wait through the series of 0.2 if it needs them alone: %s', (version, needed, waiting) => {
    const migrations = [...upTo17, migration(18, '0.2.0'), migration(19)];
    expect(missing(store, version, migrations)).toEqual({ needed, waiting });
  });

  test('are those that have begun, too', () => {
    const begun = applied(18, { oldest: '0.2.0', place: '1/2/3' });
    const migrations = [...upTo17, migration(18, '0.2.0')];
    expect(missing([...store, begun], '0.2.0', migrations).waiting).toEqual([18]);
    expect(missing([...store, begun], '0.3.0', migrations).needed).toEqual([18]);
  });
});

describe('a store with migrations that a program does not know', () => {
  const newer = [...store, applied(18, { appliedBy: '0.2.1' })];
  const finished = [
    ...newer,
    applied(19, { appliedBy: '0.3.1', oldest: '0.2.5' }),
    applied(20, { appliedBy: '0.3.2' }),
  ];

  test('lets it in as long as none of them needs a newer one', () => {
    expect(missing(newer, '0.1.0', upTo17)).toEqual({ needed: [], waiting: [] });
  });

  test.each(['0.1.0', '0.2.4'])('refuses one that is too old: %s', (version) => {
    expect(() => missing(finished, version, upTo17)).toThrow(
      new OlderProgramError(version, '0.3.1 and opens with 0.2.5 or newer only', '0.3.1'),
    );
  });

  test.each(['0.2.5', '0.2.5-rc.1', '0.2.10', '0.3.0'])('lets in those between: %s', (version) => {
    expect(missing(finished, version, upTo17)).toEqual({ needed: [], waiting: [] });
  });

  test('refuses a program from as soon as such a migration has begun', () => {
    const begun = [...newer, applied(19, { appliedBy: '0.3.1', oldest: '0.2.5', place: '' })];
    expect(() => missing(begun, '0.1.0', upTo17)).toThrow(/^This is Rollcall 0\.1\.0, and /);
  });

  test('from before stores said who may open them refuses it', () => {
    expect(() => missing([applied(16), applied(99)], '0.1.0', upTo17)).toThrow(
      'upgraded by a newer one, to migration 99: install that one, or restore a backup',
    );
  });
});

test.each(['sqlite', 'postgres'] as const)(
  'each migration of %s has a number of its own',
  (kind) => {
    const numbers = readMigrations(kind).map(({ version }) => version);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const { name } of readMigrations(kind)) expect(name).toMatch(/^\d{3}-[a-z0-9-]+$/);
  },
);

test('both stores have the same migrations', () => {
  const [ofSqlite, ofPostgres] = (['sqlite', 'postgres'] as const).map((kind) =>
    readMigrations(kind).map(({ name, oldest }) => ({ name, oldest })),
  );
  expect(ofSqlite).toEqual(ofPostgres);
});
