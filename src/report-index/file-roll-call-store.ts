import { isDeepStrictEqual } from 'node:util';
import type Sqlite from 'better-sqlite3';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { rollCallCsvLine } from './roll-call-csv.ts';
import {
  type AnswerState,
  type Counts,
  type RollCallList,
  rollCallLists,
} from './roll-call-lists.ts';
import type { CalledReport, Roll, RollCallQuestions } from './roll-call-question.ts';
import { SameSql } from './same-sql-store.ts';
import { VISIBLE, type VisibleTo, visibleTo } from './visible.ts';

/** More cells than this nobody can point at. */
const MOST_CELLS = 100_000;

const states: Record<string, AnswerState> = {
  a: 'answering',
  f: 'failing',
  s: 'stale',
  n: 'never_ran',
};

/** What is in temporary tables beyond that is in a file in the temporary folder. */
const CACHE_KILOBYTES = 8_192;

const COMMA = Buffer.from(',');

const DUE = 'create temp table due (report integer primary key, at integer not null)';

/**
 * The letter of a report: it answers where its last run succeeded, and that is recent enough. While a run has not ended,
 * what the one before it came to still counts. Imports may know less.
 */
const LETTER = `case
  when succeeded_at is null
    and (last_run_at is null or state in ('enqueued', 'pending', 'running', 'waiting')) then 'n'
  when state not in ('succeeded', 'completed', 'enqueued', 'pending', 'running', 'waiting') then 'f'
  when coalesce(succeeded_at, last_run_at) >= coalesce(due.at, @recentSinceMs) then 'a'
  else 's' end`;

/** Every report in sight with what is said of it, in an index that holds all of it. */
const LETTERED = `(
  select reports.slot as slot, space, token, name, succeeded_at, viewed_at, owner_left, ${LETTER} as letter,
    case when due.at is null then coalesce(succeeded_at, last_run_at) end as answered_at
  from reports left join due on due.report = reports.slot where ${VISIBLE} order by space, reports.slot)`;

/** The same with what it shares its SQL by. */
const CALLED = `(select called.*, same_sql.fingerprint as same_sql
  from ${LETTERED} as called left join same_sql on same_sql.report = slot)`;

const CONDITIONS: Record<RollCallList, string> = {
  answering: "letter = 'a'",
  failing: "letter = 'f'",
  stale: "letter = 's'",
  never_ran: "letter = 'n'",
  never_viewed: 'viewed_at is null',
  owner_left: 'owner_left',
  duplicates: 'same_sql is not null',
};

/** What is first in a list, where that is not what was made first. */
const ORDERS: { [List in RollCallList]?: string } = {
  stale: 'succeeded_at, slot',
  failing: 'succeeded_at, slot',
  duplicates: 'same_sql, slot',
};

const countsOf = (lists: readonly RollCallList[]) =>
  lists.map((list) => `count(*) filter (where ${CONDITIONS[list]}) as ${list}`).join(', ');

/** Of every space its counts, and its cells as columns, but for the duplicates, which are counted by themselves. */
const BY_SPACE = `select spaces.token, spaces.name, coalesce(personal, 0) as personal, counted.*
  from (
    select space, count(*) as reports, min(answered_at) filter (where letter = 'a') as "answersUntil", ${countsOf(rollCallLists.filter((list) => list !== 'duplicates'))},
      json_group_array(token) filter (where slot <= @lastCell) as tokens,
      json_group_array(name) filter (where slot <= @lastCell) as names,
      coalesce(group_concat(letter, '') filter (where slot <= @lastCell), '') as letters
    from ${LETTERED} group by space
  ) as counted left join spaces on spaces.slot = counted.space`;

/** Of the last report that gets a cell; nothing where all get one. */
const LAST_CELL = `select slot from reports where ${VISIBLE} order by slot limit 1 offset ${MOST_CELLS - 1}`;

const COUNTS = `select count(*) as reports, ${countsOf(rollCallLists)} from ${CALLED}`;

const REPORT = `select body, spaces.token as "spaceToken", spaces.name as "spaceName"
  from (select slot, space from reports where slot = @slot and ${VISIBLE}) as seen
  join report_rows on report_rows.slot = seen.slot left join spaces on spaces.slot = seen.space`;

type Called = { slot: number; letter: string; owner_left: number; same_sql: number | null };
type CalledSpace = Omit<Counts, 'duplicates'> & {
  space: number | null;
  token: string | null;
  name: string | null;
  personal: number;
  /** Where no schedule says otherwise, the first report that is stale one day answers as long as this time is recent. */
  answersUntil: number | null;
  tokens: string;
  names: string;
  letters: string;
};

/** An answer, whom it was for, and from when until when what is recent is the same. */
type Told = {
  asker: string;
  lastDue: Float64Array[];
  sinceMs: number;
  untilMs: number;
  answer: RollCallQuestions['callRoll']['answer'];
};

/** A space in the answer, and what puts it in order. */
type ToldSpace = { personal: number; name: string; counts: Counts; bytes: Buffer };

type Handlers = {
  [Name in keyof RollCallQuestions]: (
    asked: RollCallQuestions[Name]['asked'],
  ) => RollCallQuestions[Name]['answer'];
};

/** Calls the roll in a search file. */
export class FileRollCall implements Handlers {
  readonly #connection: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement>();
  readonly #sameSql: SameSql;
  /** The last answer, which takes long to make and is asked for again by every page that shows it. */
  #told: Told | undefined;

  constructor(connection: Sqlite.Database) {
    this.#connection = connection;
    connection.pragma(`temp.cache_size = -${CACHE_KILOBYTES}`);
    connection.exec(DUE);
    this.#sameSql = new SameSql(connection);
  }

  /** Says that SQL has changed, or who sees it. */
  forgetSameSql(): void {
    this.#sameSql.forget();
  }

  /** Says that anything has changed. */
  forgetAnswer(): void {
    this.#told = undefined;
  }

  callRoll(roll: Roll): RollCallQuestions['callRoll']['answer'] {
    const asker = JSON.stringify(roll.reach);
    if (this.#told && isStill(this.#told, asker, roll)) return this.#told.answer;
    const { values, duplicates } = this.#tell(roll);
    const lastCell = this.#prepare(LAST_CELL).pluck().get(values) ?? Number.MAX_SAFE_INTEGER;
    const told: ToldSpace[] = [];
    let untilMs = Number.POSITIVE_INFINITY;
    // One after the other, and as bytes: the cells of all as strings would be a multiple of what they are in the answer.
    for (const each of this.#prepare(BY_SPACE).iterate({ ...values, lastCell })) {
      const space = each as CalledSpace;
      untilMs = Math.min(untilMs, space.answersUntil ?? untilMs);
      told.push(tellOf(space, duplicates));
    }
    const counts = sumOf(told.map((space) => space.counts));
    const collator = new Intl.Collator('en');
    told.sort((a, b) => a.personal - b.personal || collator.compare(a.name, b.name));
    const parts = told.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [COMMA, bytes]));
    const answer = {
      counts,
      spaces: Buffer.concat([Buffer.from('['), ...parts, Buffer.from(']')]),
      cellsLeftOut: Math.max(0, counts.reports - MOST_CELLS),
    };
    const { lastDue, recentSinceMs: sinceMs } = roll;
    this.#told = { asker, lastDue, sinceMs, untilMs, answer };
    return answer;
  }

  countRoll(roll: Roll): Counts {
    return this.#prepare(COUNTS).get(this.#tell(roll).values) as Counts;
  }

  listCalled({
    list,
    offset,
    limit,
    ...roll
  }: RollCallQuestions['listCalled']['asked']): RollCallQuestions['listCalled']['answer'] {
    const { values } = this.#tell(roll);
    const total = this.#prepare(`select count(*) from ${CALLED} where ${CONDITIONS[list]}`)
      .pluck()
      .get(values) as number;
    const called = this.#prepare(`${listSql(list)} limit @limit offset @offset`).all({
      ...values,
      limit,
      offset,
    }) as Called[];
    return { total, reports: called.flatMap((each) => this.#describe(each, values) ?? []) };
  }

  gatherCalled({
    list,
    ...roll
  }: RollCallQuestions['gatherCalled']['asked']): RollCallQuestions['gatherCalled']['answer'] {
    const { values } = this.#tell(roll);
    const most = this.#prepare('select count(*) from reports').pluck().get() as number;
    const slots = new Float64Array(most);
    const letters = new Uint8Array(most);
    const ownerLeft = new Uint8Array(most);
    const sameSql = new Float64Array(most);
    let count = 0;
    // One after the other: as objects, all at once, they take ten times the memory.
    for (const each of this.#prepare(listSql(list)).iterate(values) as Iterable<Called>) {
      slots[count] = each.slot;
      letters[count] = each.letter.charCodeAt(0);
      ownerLeft[count] = each.owner_left;
      sameSql[count] = each.same_sql ?? Number.NaN;
      count++;
    }
    return {
      slots: slots.slice(0, count),
      letters: letters.slice(0, count),
      ownerLeft: ownerLeft.slice(0, count),
      sameSql: sameSql.slice(0, count),
    };
  }

  writeLines({
    reach,
    called: { slots, letters, ownerLeft, sameSql },
  }: RollCallQuestions['writeLines']['asked']): RollCallQuestions['writeLines']['answer'] {
    const inSight = visibleTo(reach);
    const lines = Array.from(slots, (slot, index) => {
      const same = sameSql[index] as number;
      const called = {
        slot,
        letter: String.fromCharCode(letters[index] as number),
        owner_left: ownerLeft[index] as number,
        same_sql: Number.isNaN(same) ? null : same,
      };
      const report = this.#describe(called, inSight);
      return report ? rollCallCsvLine(report) : '';
    });
    return Buffer.from(lines.join(''));
  }

  /** Puts down what is told with a question; answers the values of its statements, and the duplicates of each space. */
  #tell({ reach, recentSinceMs, lastDue }: Roll) {
    const inSight = visibleTo(reach);
    return this.#connection.transaction(() => {
      this.#prepare('delete from due').run();
      const insert = this.#prepare('insert into due values (?, ?)');
      for (const some of lastDue) {
        for (let at = 0; at < some.length; at += 2) insert.run(some[at], some[at + 1]);
      }
      const duplicates = this.#sameSql.find(inSight);
      return { values: { ...inSight, recentSinceMs }, duplicates };
    })();
  }

  #describe(
    { slot, letter, owner_left, same_sql }: Called,
    inSight: VisibleTo,
  ): CalledReport | undefined {
    const found = this.#prepare(REPORT).get({ ...inSight, slot }) as
      | { body: string; spaceToken: string | null; spaceName: string | null }
      | undefined;
    if (found === undefined) return undefined;
    const { spaceToken, spaceName } = found;
    const row = readRow(lists.reports, found);
    return {
      token: row.token,
      name: row.name,
      state: states[letter] as AnswerState,
      creatorEmail: row.creator_email,
      ownerLeft: owner_left === 1,
      spaceToken,
      spaceName,
      lastRunAt: row.last_run_at,
      lastRunState: row.last_run_state,
      lastSuccessAt: row.last_successfully_run_at,
      lastViewedAt: row.last_viewed_at,
      sameSql: same_sql === null ? null : same_sql.toString(36),
    };
  }

  #prepare(sql: string): Sqlite.Statement {
    let prepared = this.#statements.get(sql);
    if (prepared === undefined) {
      prepared = this.#connection.prepare(sql);
      this.#statements.set(sql, prepared);
    }
    return prepared;
  }
}

function isStill(told: Told, asker: string, { recentSinceMs, lastDue }: Roll): boolean {
  return (
    told.asker === asker &&
    told.sinceMs <= recentSinceMs &&
    recentSinceMs <= told.untilMs &&
    isDeepStrictEqual(told.lastDue, lastDue)
  );
}

function listSql(list: RollCallList | undefined): string {
  const where = list === undefined ? '' : `where ${CONDITIONS[list]}`;
  const order = list && ORDERS[list];
  return `select slot, letter, owner_left, same_sql from ${CALLED} ${where} order by ${order ?? 'slot'}`;
}

function tellOf(
  { space, token, name, personal, answersUntil, tokens, names, letters, ...rest }: CalledSpace,
  duplicates: ReadonlyMap<number | null, number>,
): ToldSpace {
  const counts = { ...rest, duplicates: duplicates.get(space) ?? 0 };
  const told = JSON.stringify({ token, name, personal: personal === 1, ...counts });
  const cells = `{"tokens":${tokens},"names":${names},"states":"${letters}"}`;
  const bytes = Buffer.from(`${told.slice(0, -1)},"cells":${cells}}`);
  return { personal, name: name ?? '', counts, bytes };
}

function sumOf(parts: readonly Counts[]): Counts {
  const sum = (name: keyof Counts) => parts.reduce((all, part) => all + part[name], 0);
  const names = ['reports', ...rollCallLists] as const;
  return Object.fromEntries(names.map((name) => [name, sum(name)])) as Counts;
}
