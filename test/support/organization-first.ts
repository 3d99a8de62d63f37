import type { Database, Store } from '../../src/database/database.ts';
import { distributionColumn } from '../../src/database/distribution.ts';
import { readMigrations } from '../../src/database/migrations.ts';

const CREATED = /^create (?:unlogged )?table (\w+) \(\n([\s\S]*?)^\)/gm;

/** The distribution column of each table that has one, by the name of the table. */
const distributed = new Map(
  readMigrations('postgres').flatMap(({ sql = '' }) =>
    [...sql.matchAll(CREATED)].flatMap(([, table = '', body = '']) => {
      const columns = [...body.matchAll(/^ {2}(\w+)/gm)].map(([, column = '']) => column);
      const column = distributionColumn(table, columns);
      return column ? [[table, column] as const] : [];
    }),
  ),
);

/** A part of a statement in parentheses, or all of it. */
type Group = (string | Group)[];

const TOKEN = /'(?:[^']|'')*'|"[^"]*"|\$\d+|\?|[\w.]+|<>|[<>!]=|[(),=<>+*|-]/g;

function parse(sql: string): Group {
  const root: Group = [];
  const open: Group[] = [root];
  for (const [token] of sql.toLowerCase().matchAll(TOKEN)) {
    if (token === '(') {
      const group: Group = [];
      open.at(-1)?.push(group);
      open.push(group);
    } else if (token === ')') open.pop();
    else open.at(-1)?.push(token);
  }
  return root;
}

/** A table as a statement names it. Tables with the same root are of one organization. */
type Source = {
  name: string;
  column: string | undefined;
  joined: Source | undefined;
  /** Where it stands, if it is itself a select. */
  at: number | undefined;
};

const newSource = (name: string, column: string | undefined, at?: number): Source => ({
  ...{ name, column, joined: undefined, at },
});
const rootOf = (source: Source): Source => (source.joined ? rootOf(source.joined) : source);

/** What comes after the name of a table and is not an alias of it. */
const NO_ALIAS =
  /^(where|on|join|left|cross|inner|set|order|group|limit|union|values|select|returning|having|offset|[(),?])$/;

/**
 * Why a statement would ask more than one node of a distributed store, or none that has all of it: it names a table of
 * organizations without the organization, or joins two of them without it. Undefined for one that would not.
 *
 * @param options.isAboutMany whether it is one of `everywhere`, where each table is to be given the organizations itself.
 */
export function faultOf(sql: string, { isAboutMany = false } = {}): string | undefined {
  const given = newSource('?', undefined);
  const all: Source[] = [];
  look(parse(sql), []);
  const local =
    /\b(access_tokens|sessions|sign_in_links|organization_names|sign_in_tries|known_browsers)\b/;
  if (all.length > 0 && local.test(sql.replace(/'[^']*'/g, ''))) {
    return 'it joins a table of the coordinator with one of organizations';
  }
  const astray = all.find((source) => rootOf(source) !== rootOf(given));
  return astray && `it does not say of which organization ${astray.name} is`;

  /** Answers the tables that it names itself. */
  function look(group: Group, outer: readonly Source[]): Source[] {
    const named: Source[] = [];
    for (const part of selectsOf(group)) {
      const own = sourcesOf(part);
      named.push(...own);
      all.push(...own.filter(({ at, column }) => at === undefined && column !== undefined));
      // What is inserted into has no say in what is selected.
      const target = part[0] === 'insert' ? own[0] : undefined;
      // Nor does Citus take the organization of a select from the one that it is in.
      const isSelect = part.some((token) => token === 'select');
      const visible = [...own, ...(isSelect ? [] : outer)].filter((source) => source !== target);
      for (const [index, token] of part.entries()) {
        if (typeof token !== 'string') {
          const within = look(token, visible);
          const result = own.find(({ at }) => at === index);
          const from = within.find(({ column }) => column !== undefined);
          if (result && from) result.joined = rootOf(from);
        } else if (token === '=') {
          const [left, right] = [part[index - 1], part[index + 1]].map((side) =>
            typeof side === 'string' ? sourceOf(side, visible) : undefined,
          );
          if (left === undefined || right === undefined || rootOf(left) === rootOf(right)) continue;
          if (isAboutMany && left !== given && right !== given) continue;
          // What is given stays a root.
          const [from, to] = rootOf(left) === given ? [right, left] : [left, right];
          rootOf(from).joined = rootOf(to);
        }
      }
      const [, , , columns, values] = part;
      if (target === undefined || !Array.isArray(columns)) continue;
      const isFirst = columns[0] === target.column && /^(values|select)$/.test(`${values}`);
      const [from] = visible.filter(({ column }) => column !== undefined);
      if (isFirst) target.joined = rootOf(from ?? given);
    }
    return named;
  }

  function sourceOf(token: string, visible: readonly Source[]): Source | undefined {
    if (/^(\?|\$\d+|\d+)$/.test(token)) return given;
    const [column, name] = token.split('.').reverse();
    return visible.find(
      (source) =>
        source.column === column &&
        (name === undefined || source.name === name) &&
        source !== given,
    );
  }
}

/** The selects of a union; they begin with what stands before the first one. */
function selectsOf(group: Group): Group[] {
  const parts: Group[] = [[]];
  for (const token of group) {
    if (token === 'union') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** The tables that a select, an update, an insert or a delete names, under the names that it gives them. */
function sourcesOf(part: Group): Source[] {
  const sources: Source[] = [];
  for (const [index, token] of part.entries()) {
    if (token !== 'from' && token !== 'join' && token !== 'into' && token !== 'update') continue;
    if (part[index - 1] === 'distinct' || part[index - 1] === 'do') continue;
    const table = part[index + 1];
    const next = part[index + (part[index + 2] === 'as' ? 3 : 2)];
    const alias = typeof next === 'string' && !NO_ALIAS.test(next) ? next : undefined;
    if (typeof table === 'string') sources.push(newSource(alias ?? table, distributed.get(table)));
    else if (alias) sources.push(newSource(alias, 'organization_id', index + 1));
  }
  return sources;
}

const judged = new Map<string, string | undefined>();

/**
 * The same store, which refuses statements of the program that would ask more than one node of a distributed one. What
 * tests themselves ask is not judged.
 */
export function askingOneNode(database: Database): Database {
  const ofStore = (store: Store): Store => ({
    all: (sql, values) => store.all(judge(sql), values),
    allEach: (sql, values) => store.allEach(judge(sql), values),
    get: (sql, values) => store.get(judge(sql), values),
    run: (sql, values) => store.run(judge(sql), values),
    runEach: (sql, values) => store.runEach(judge(sql), values),
    everywhere(sql, values, among) {
      judge(
        sql((column) => `${column} = ?`),
        { isAboutMany: true },
      );
      return store.everywhere(sql, values, among);
    },
  });
  return {
    ...database,
    ...ofStore(database),
    transaction: (work) => database.transaction((store) => work(ofStore(store))),
  };
}

function judge(sql: string, options?: { isAboutMany: boolean }): string {
  if (!judged.has(sql)) judged.set(sql, isOfProgram() ? faultOf(sql, options) : undefined);
  const fault = judged.get(sql);
  if (fault) throw new Error(`This statement cannot be run by one node: ${fault}.\n${sql}`);
  return sql;
}

/** Whether the statement is asked by the program, and not by a test. */
function isOfProgram(): boolean {
  const callers = new Error().stack?.split('\n').slice(1) ?? [];
  const caller = callers.find(
    (line) => !/organization-first|\/src\/database\/|\/src\/telemetry\//.test(line),
  );
  return caller?.includes('/src/') ?? false;
}
