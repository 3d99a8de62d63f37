import type Sqlite from 'better-sqlite3';
import { matchExpression } from './match-expression.ts';
import type {
  Facets,
  FoundReport,
  FoundReports,
  Order,
  ReportQuestion,
} from './report-question.ts';
import { searchedFields } from './searched-fields.ts';

/** A list of spaces to choose from is no longer than that. */
const MOST_SPACES = 100;
/** So many are found at once for the first page: where there are fewer, they need not be counted. */
const WHOLE = 1000;
const MOST_PREPARED = 100;

const ORDER_COLUMNS: Record<Exclude<Order, 'relevance' | 'given'>, string> = {
  name: 'name_key',
  space: '(select name_key from spaces where spaces.slot = space)',
  creator: 'owner_key',
  created_at: 'created_at',
  edited_at: 'edited_at',
  last_run_at: 'last_run_at',
  last_viewed_at: 'viewed_at',
  view_count: 'views',
};

const REPORT = `select body, archived, personal, views, (select name from spaces where spaces.slot = space) as "spaceName",
    (select max(schedules) from stats where report = reports.slot) as schedules,
    (select count(*) from queries where report = reports.slot) as queries,
    (select json_group_array(type) from (
       select distinct type from charts where report = reports.slot and type is not null order by type
     )) as "chartTypes"
  from reports join report_rows on report_rows.slot = reports.slot where reports.slot = ?`;

/** What a search goes through: `from ... where ...`, with its values. */
type Scope = { from: string; values: (string | number)[]; expression: string | undefined };

/** Looks for reports in a search file. */
export class FileSearch {
  readonly #connection: Sqlite.Database;
  readonly #report: Sqlite.Statement;
  /** Questions are of few kinds, and asked again with other values. */
  readonly #prepared = new Map<string, Sqlite.Statement>();

  constructor(connection: Sqlite.Database) {
    this.#connection = connection;
    this.#report = connection.prepare(REPORT);
  }

  find(question: ReportQuestion): FoundReports {
    const scope = scopeOf(question);
    const { from, values } = scope;
    const { offset, limit } = question;
    const order = orderOf(question, scope);
    const slots = this.#prepare(`select reports.slot ${from} order by ${order.by} limit ? offset ?`)
      .pluck()
      .all(...values, ...order.values, offset === 0 ? WHOLE : limit, offset) as number[];
    const isWhole = offset === 0 && slots.length < WHOLE;
    return {
      total: isWhole ? slots.length : this.#count(scope),
      reports: slots.slice(0, limit).map((slot) => this.#find(slot)),
      facets: question.withFacets ? this.#facets(scope) : undefined,
    };
  }

  #count({ from, values }: Scope): number {
    return this.#prepare(`select count(*) ${from}`)
      .pluck()
      .get(...values) as number;
  }

  #find(slot: number): FoundReport {
    const found = this.#report.get(slot) as {
      body: string;
      archived: number;
      personal: number;
      spaceName: string | null;
      views: number;
      schedules: number | null;
      queries: number;
      chartTypes: string;
    };
    return {
      slot,
      body: found.body,
      isArchived: found.archived === 1,
      spaceName: found.spaceName,
      isPersonal: found.personal === 1,
      viewCount: found.views,
      activeSchedules: found.schedules ?? 0,
      queryCount: found.queries,
      chartTypes: JSON.parse(found.chartTypes),
    };
  }

  #facets({ from, values }: Scope): Facets {
    const spaces = this.#prepare(
      `select spaces.token, spaces.name, count from (
         select space, count(*) as count ${from} group by space
       ) as counted join spaces on spaces.slot = space order by count desc, spaces.slot limit ${MOST_SPACES}`,
    ).all(...values) as Facets['spaces'];
    const states = this.#prepare(
      `select state, count(*) as count ${from} group by state order by count desc, state`,
    ).all(...values) as Facets['states'];
    return { spaces, states };
  }

  #prepare(sql: string): Sqlite.Statement {
    let prepared = this.#prepared.get(sql);
    if (prepared === undefined) {
      if (this.#prepared.size === MOST_PREPARED) this.#prepared.clear();
      prepared = this.#connection.prepare(sql);
      this.#prepared.set(sql, prepared);
    }
    return prepared;
  }
}

/** The words of a report in its name tell most of it, those in its SQL least; of like reports the newest is first. */
const BY_RELEVANCE = `case
    when words.rowid in (select rowid from words where words match ?) then 0
    when words.rowid in (select rowid from words where words match ?) then 1
    else 2 end, words.rowid desc`;

function orderOf(
  { orderBy, descending, among }: ReportQuestion,
  { expression }: Scope,
): { by: string; values: string[] } {
  const direction = descending ? 'desc' : 'asc';
  if (orderBy === 'given') {
    const by = `(select key from json_each(?) where value = reports.slot) ${direction}`;
    return { by, values: [JSON.stringify(among ?? [])] };
  }
  if (orderBy !== 'relevance') {
    const by = `${ORDER_COLUMNS[orderBy]} ${direction} nulls last, reports.slot`;
    return { by, values: [] };
  }
  if (expression === undefined) return { by: 'reports.slot', values: [] };
  const within = (columns: string) => `{${columns}} : (${expression})`;
  return { by: BY_RELEVANCE, values: [within('name'), within(searchedFields.join(' '))] };
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
  const { among, reach, archived, staleSinceMs } = question;
  if (among) add('reports.slot in (select value from json_each(?))', JSON.stringify(among));
  if (reach !== 'all') {
    if (reach.ownSpace === undefined) add('personal = 0');
    else add('(personal = 0 or space = ?)', reach.ownSpace);
  }
  if (archived !== undefined) add('archived = ?', Number(archived));
  addOneOf(
    question.spaces,
    (marks) => `space in (select slot from spaces where token in (${marks}))`,
  );
  addOneOf(question.creators, (marks) => `owner_key in (${marks})`);
  addOneOf(question.states, (marks) => `state in (${marks})`);
  addOneOf(
    question.chartTypes,
    (marks) => `reports.slot in (select report from charts where type in (${marks}))`,
  );
  addOneOf(
    question.dataSources,
    (marks) => `reports.slot in (select report from queries where data_source in (${marks}))`,
  );
  if (staleSinceMs !== undefined) add('(succeeded_at is null or succeeded_at < ?)', staleSinceMs);
  if (question.neverRun) add('last_run_at is null');
  if (question.neverViewed) {
    add('viewed_at is null and views = 0');
  }
  if (question.withoutOwner) {
    add('(owner_key is null or owner_left)');
  }
  const tables =
    expression === undefined ? 'reports' : 'words cross join reports on reports.slot = words.rowid';
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '';
  return { from: `from ${tables}${where}`, values, expression };
}
