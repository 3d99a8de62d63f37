import { UserError } from '../errors.ts';
import { version as ownVersion } from '../version.ts';
import { type Migration, readMigrations, type StoreKind } from './migrations.ts';

/** What a store says of one migration. */
export type SchemaRow = {
  version: number;
  /** The Rollcall that applied it, if that was recorded. */
  appliedBy: string | null;
  /** The oldest Rollcall that may open the store since it began; null if any may. */
  oldest: string | null;
  /** Where it continues, if it has begun and is not applied. */
  place: string | null;
};

/** The migration since which a store says more than which migrations are applied. */
export const RECORDED_SINCE = 17;

/** Whether a store says which Rollcall may open it. */
function isRecorded(rows: readonly SchemaRow[]): boolean {
  return rows.some(({ version, oldest }) => version === RECORDED_SINCE || oldest !== null);
}

/** The migrations that a store lacks, in the order in which they are applied. */
export type Missing = {
  /** Those without which this Rollcall cannot use the store. Older ones that run beside it can live with them. */
  needed: Migration[];
  /** Those that older ones cannot live with: they wait until none runs any more. */
  waiting: Migration[];
};

/** This Rollcall, or another one that is asked about. */
type Program = { migrations: readonly Migration[]; version: string };

function thisProgram(kind: StoreKind): Program {
  return { migrations: readMigrations(kind), version: ownVersion };
}

/**
 * Which migrations a store lacks. One that older versions cannot live with waits as long as one of them may be running:
 * for all versions of the series that brings it, such as 0.2. In a new store nothing waits.
 *
 * @param rows what the store says; none for a new store.
 * @throws OlderProgramError if the store does not let the program in.
 */
export function missingFrom(rows: readonly SchemaRow[], program: Program): Missing {
  requireAdmitted(rows, program);
  const applied = new Set(rows.filter(({ place }) => place === null).map((row) => row.version));
  const missing = program.migrations.filter((migration) => !applied.has(migration.version));
  const waits = ({ oldest }: Migration) =>
    applied.size > 0 &&
    oldest !== undefined &&
    compareVersions(oldest, program.version, SERIES) >= 0;
  return {
    needed: missing.filter((migration) => !waits(migration)),
    waiting: missing.filter(waits),
  };
}

/** @throws OlderProgramError if a migration that the program does not know needs a newer one. */
function requireAdmitted(rows: readonly SchemaRow[], { migrations, version }: Program): void {
  const known = new Set(migrations.map((migration) => migration.version));
  const unknown = rows.filter((row) => !known.has(row.version));
  const [last] = unknown.toSorted((a, b) => b.version - a.version);
  if (last !== undefined && !isRecorded(rows)) {
    throw new OlderProgramError(version, `a newer one, to migration ${last.version}`, 'that one');
  }
  const limits = unknown.filter(({ oldest }) => oldest !== null);
  const [limit] = limits.toSorted((a, b) => compareVersions(`${b.oldest}`, `${a.oldest}`));
  if (limit === undefined || compareVersions(`${limit.oldest}`, version) <= 0) return;
  const by = limits.toSorted((a, b) => b.version - a.version)[0]?.appliedBy ?? 'a newer one';
  throw new OlderProgramError(version, `${by} and opens with ${limit.oldest} or newer only`, by);
}

/** How many numbers of a version name its series. */
const SERIES = 2;

/** Compares the numbers of versions, or the first of them. A preview counts as the version that it is to become. */
function compareVersions(a: string, b: string, parts = 3): number {
  const [ofA = [], ofB = []] = [a, b].map((text) => (text.match(/\d+/g) ?? []).map(Number));
  for (let part = 0; part < parts; part++) {
    const difference = (ofA[part] ?? 0) - (ofB[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The store was changed so that this Rollcall must not use it any more. */
export class OlderProgramError extends UserError {
  readonly summary: string;
  readonly remedy: string;

  constructor(version: string, upgraded: string, wanted: string) {
    const summary = `This is Rollcall ${version}, and the store was upgraded by ${upgraded}`;
    const remedy = `install ${wanted}, or restore a backup made before the upgrade.`;
    super(`${summary}: ${remedy}`);
    this.summary = `${summary}.`;
    this.remedy = `${remedy.slice(0, 1).toUpperCase()}${remedy.slice(1)}`;
  }
}

/** Whether a store lets this process in, as it was last seen: it may change while the process runs. */
export class Admission {
  readonly #program: Program;
  #refusal: OlderProgramError | undefined;
  /** Whether the store says which Rollcall may open it. */
  isRecorded = false;

  constructor(kind: StoreKind) {
    this.#program = thisProgram(kind);
  }

  /** @throws OlderProgramError if the store did not let this process in when it was last seen. */
  require(): void {
    if (this.#refusal) throw this.#refusal;
  }

  /** Looks at all that the store says. @throws OlderProgramError */
  missingFrom(rows: readonly SchemaRow[]): Missing {
    this.isRecorded = isRecorded(rows);
    return this.#noting(() => missingFrom(rows, this.#program));
  }

  /** Looks at what a store that says so lets in. @throws OlderProgramError */
  admit(rows: readonly SchemaRow[]): void {
    if (rows.length > 0 || this.#refusal) this.#noting(() => requireAdmitted(rows, this.#program));
  }

  #noting<Result>(judge: () => Result): Result {
    this.#refusal = undefined;
    try {
      return judge();
    } catch (error) {
      if (error instanceof OlderProgramError) this.#refusal = error;
      throw error;
    }
  }
}
