import type Sqlite from 'better-sqlite3';
import { VISIBLE, type VisibleTo } from './visible.ts';

const TABLE =
  'create temp table same_sql (report integer primary key, fingerprint integer not null)';

const FILL = `insert into same_sql
  select report, min(fingerprint) from queries
  where report is not null and fingerprint in (
    select fingerprint from queries join reports on reports.slot = report where ${VISIBLE}
    group by fingerprint having min(report) <> max(report))
  group by report`;

const COUNT = `select space, count(*) from same_sql join reports on reports.slot = report
  where ${VISIBLE} group by space`;

/**
 * Which reports share their SQL with another one in sight: the table `same_sql`, in which others out of sight may stand as
 * well. It takes long to find and changes seldom, so it stays as it is until it is asked for somebody else, or forgotten.
 */
export class SameSql {
  readonly #empty: Sqlite.Statement;
  readonly #fill: Sqlite.Statement;
  readonly #count: Sqlite.Statement;
  #foundFor: string | undefined;
  #bySpace = new Map<number | null, number>();

  /** @param connection to a search file. */
  constructor(connection: Sqlite.Database) {
    connection.exec(TABLE);
    this.#empty = connection.prepare('delete from same_sql');
    this.#fill = connection.prepare(FILL);
    this.#count = connection.prepare(COUNT).raw();
  }

  /** Says that SQL has changed, or who sees it. */
  forget(): void {
    this.#foundFor = undefined;
  }

  /** Finds them; answers how many lie in each space, by its slot. */
  find(inSight: VisibleTo): ReadonlyMap<number | null, number> {
    const asker = JSON.stringify(inSight);
    if (this.#foundFor !== asker) {
      this.#empty.run();
      this.#fill.run(inSight);
      this.#bySpace = new Map(this.#count.all(inSight) as [number | null, number][]);
      this.#foundFor = asker;
    }
    return this.#bySpace;
  }
}
