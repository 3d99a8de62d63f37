import type Sqlite from 'better-sqlite3';
import { matchExpression } from './match-expression.ts';
import type {
  Facets,
  FoundReport,
  FoundReports,
  Order,
  ReportQuestion,
} from './report-question.ts';

/** More than these are not ranked by their words, which no longer tell them apart: the newest are first. */
const MOST_RANKED = 20_000;
/** A list of spaces to choose from is no longer than that. */
const MOST_SPACES = 100;

const ORDER_COLUMNS: Record<Exclude<Order, 'relevance'>, string> = {
  name: 'name_key',
  created_at: 'created_at',
  edited_at: 'edited_at',
  last_run_at: 'last_run_at',
  last_viewed_at: 'viewed_at',
  view_count: 'views',
};

const REPORT = `select body, archived, (select name from spaces where spaces.slot = space) as "spaceName",
           views,
           (select max(schedules) from stats where report = reports.slot) as schedules,
           (select count(*) from queries where report = reports.slot) as queries,
           (select json_group_array(distinct type) from charts where report = reports.slot and type is not null) as charts
         from reports join report_rows on report_rows.slot = reports.slot where reports.slot = ?`;

/** What a search goes through: `from ... where ...`, with its values. */
type Scope = { from: string; values: (string | number)[]; expression: string | undefined };

/** Looks for reports in a search file. */
export class FileSearch {
  readonly #connection: Sqlite.Database;
  readonly #reportStatement: Sqlite.Statement;

  constructor(connection: Sqlite.Database) {
    this.#connection = connection;
    this.#reportStatement = connection.prepare(REPORT);
  }

  find(question: ReportQuestion): FoundReports {
    const scope = scopeOf(question);
    const { from, values } = scope;
    const total = this.#number(`select count(*) ${from}`, values);
    const slots =
      total > question.offset
        ? this.#connection
            .prepare(
              `select reports.slot ${from} order by ${this.#order(question, scope)} limit ? offset ?`,
            )
            .pluck()
            .all(...values, question.limit, question.offset)
        : [];
    return {
      total,
      reports: (slots as number[]).map((slot) => this.#report(slot)),
      facets: question.withFacets ? this.#facets(scope) : undefined,
    };
  }

  #order({ orderBy, descending }: ReportQuestion, { expression }: Scope): string {
    if (orderBy !== 'relevance') {
      const column = ORDER_COLUMNS[orderBy];
      return `${column} is null, ${column} ${descending ? 'desc' : 'asc'}, reports.slot`;
    }
    if (expression === undefined) return 'reports.slot';
    const matches = this.#number('select count(*) from words where words match ?', [expression]);
    // By name, description, SQL and owner, as they tell more or less.
    return matches > MOST_RANKED
      ? 'words.rowid desc'
      : 'bm25(words, 10.0, 3.0, 1.0, 4.0), reports.slot desc';
  }

  #report(slot: number): FoundReport {
    const found = this.#reportStatement.get(slot) as {
      body: string;
      archived: number;
      spaceName: string | null;
      views: number;
      schedules: number | null;
      queries: number;
      charts: string;
    };
    return {
      row: JSON.parse(found.body),
      isArchived: found.archived === 1,
      spaceName: found.spaceName,
      viewCount: found.views,
      activeSchedules: found.schedules ?? 0,
      queryCount: found.queries,
      chartTypes: (JSON.parse(found.charts) as string[]).toSorted(),
    };
  }

  #facets({ from, values }: Scope): Facets {
    const spaces = this.#connection
      .prepare(
        `select spaces.token, spaces.name, count from (
           select space, count(*) as count ${from} group by space
         ) as counted join spaces on spaces.slot = space order by count desc, spaces.slot limit ${MOST_SPACES}`,
      )
      .all(...values) as Facets['spaces'];
    const states = this.#connection
      .prepare(`select state, count(*) as count ${from} group by state order by count desc, state`)
      .all(...values) as Facets['states'];
    return { spaces, states };
  }

  #number(sql: string, values: readonly unknown[]): number {
    return this.#connection
      .prepare(sql)
      .pluck()
      .get(...values) as number;
  }
}

function scopeOf(question: ReportQuestion): Scope {
  const expression = matchExpression(question.typed ?? '');
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, ...more: (string | number)[]) => {
    conditions.push(condition);
    values.push(...more);
  };
  const addOneOf = (wanted: string[] | undefined, condition: (marks: string) => string) => {
    if (wanted) add(condition(wanted.map(() => '?').join(', ')), ...wanted);
  };
  if (expression !== undefined) add('words match ?', expression);
  const { reach, archived, staleSinceMs } = question;
  if (reach !== 'all') {
    if (reach.ownSpace === undefined) add('personal = 0');
    else add('(personal = 0 or space = ?)', reach.ownSpace);
  }
  if (archived !== undefined) add('archived = ?', Number(archived));
  addOneOf(
    question.spaces,
    (marks) => `space in (select slot from spaces where token in (${marks}))`,
  );
  addOneOf(question.creators, (marks) => `lower(creator) in (${marks})`);
  addOneOf(question.states, (marks) => `state in (${marks})`);
  addOneOf(
    question.chartTypes,
    (marks) => `reports.slot in (select report from charts where type in (${marks}))`,
  );
  if (staleSinceMs !== undefined) add('(succeeded_at is null or succeeded_at < ?)', staleSinceMs);
  if (question.neverRun) add('last_run_at is null');
  if (question.neverViewed) {
    add('viewed_at is null and views = 0');
  }
  if (question.withoutOwner) {
    add('(creator is null or not exists (select 1 from members where email = lower(creator)))');
  }
  const tables =
    expression === undefined ? 'reports' : 'words cross join reports on reports.slot = words.rowid';
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '';
  return { from: `from ${tables}${where}`, values, expression };
}
