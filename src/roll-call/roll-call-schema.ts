import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import { closed, links, textOrNull, timeOrNull } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import type { Organization } from '../organizations/organization.ts';
import type { CalledReport, RollCallQuestions } from '../report-index/roll-call-question.ts';
import type { RollCallDay as StoredDay } from './roll-call-store.ts';

const count = (description: string) => Type.Integer({ minimum: 0, description });

const counts = {
  reports: count('How many reports there are.'),
  answering: count('Whose last run succeeded, recently enough.'),
  failing: count('Whose last run failed or was cancelled.'),
  stale: count('Whose last run succeeded too long ago.'),
  never_ran: count('That have never run to an end.'),
  never_viewed: count('That nobody has opened.'),
  owner_left: count('Whose creator is no member any more.'),
  duplicates: count('That have the SQL of another report.'),
};

const Cells = closed(
  {
    tokens: Type.Array(Type.String()),
    names: Type.Array(Type.Union([Type.String(), Type.Null()])),
    states: Type.String({
      description:
        'A letter for each: `a` answering, `f` failing, `s` stale, `n` never ran, in the order of `tokens`.',
    }),
  },
  { description: 'Each report of the space that is shown, in three columns.' },
);

const RollCallSpace = closed({
  token: textOrNull('Token of the space; null for reports whose space is not known.'),
  name: textOrNull('Name of the space.'),
  personal: Type.Boolean({ description: 'Whether it is a personal space.' }),
  ...counts,
  cells: Cells,
});

/** Which reports answer. */
export const RollCall = closed(
  {
    answers_within_days: Type.Integer({
      description:
        'The rule: a report answers if its last run succeeded, and did so after its schedule was last due or, where it has none, within so many days.',
    }),
    stopped_schedules: count('How many schedules were stopped because their owners were removed.'),
    ...counts,
    spaces: Type.Array(RollCallSpace, {
      description: 'The same by space: the shared ones by name, then the personal ones.',
    }),
    cells_left_out: count('How many reports have no cell, because there are too many to show.'),
    _links: links({ self: Link('This roll call.'), trend: Link('How it went on other days.') }),
  },
  {
    $id: 'RollCall',
    description: 'Which reports answer, of those that you may see.',
    examples: [
      {
        answers_within_days: 30,
        stopped_schedules: 0,
        reports: 2,
        answering: 1,
        failing: 1,
        stale: 0,
        never_ran: 0,
        never_viewed: 0,
        owner_left: 1,
        duplicates: 0,
        spaces: [
          {
            token: 'acd5fc167d0g',
            name: 'Finance',
            personal: false,
            reports: 2,
            answering: 1,
            failing: 1,
            stale: 0,
            never_ran: 0,
            never_viewed: 0,
            owner_left: 1,
            duplicates: 0,
            cells: {
              tokens: ['bfe4fc361d9f', '0d6c1f4be7a2'],
              names: ['Weekly revenue', 'Churn'],
              states: 'af',
            },
          },
        ],
        cells_left_out: 0,
        _links: {
          self: { href: '/api/acme/roll_call' },
          trend: { href: '/api/acme/roll_call/trend' },
        },
      },
    ],
  },
);
export type RollCall = Static<typeof RollCall>;

/** A report that was called. */
export const RollCallReport = closed(
  {
    token: Type.String({ description: 'Token of the report.' }),
    name: textOrNull('Null while the report is untitled.'),
    state: Type.Union(
      [
        Type.Literal('answering'),
        Type.Literal('failing'),
        Type.Literal('stale'),
        Type.Literal('never_ran'),
      ],
      { description: 'Whether it answers, and if not, why.' },
    ),
    creator_email: textOrNull('Who made it.'),
    owner_left: Type.Boolean({ description: 'Whether that is no member any more.' }),
    space_token: textOrNull('Token of its space.'),
    space_name: textOrNull('Name of its space.'),
    last_run_at: timeOrNull('When its last run started.'),
    last_run_state: textOrNull('State of its last run.'),
    last_successfully_run_at: timeOrNull('When its last successful run ended.'),
    last_viewed_at: timeOrNull('When a person last opened it.'),
    same_sql: textOrNull('The same text for reports that have SQL in common; null where none has.'),
    _links: links({ report: Link('The report.'), space: Type.Optional(Link('Its space.')) }),
  },
  {
    $id: 'RollCallReport',
    description: 'A report that was called.',
    examples: [
      {
        token: '0d6c1f4be7a2',
        name: 'Churn',
        state: 'failing',
        creator_email: 'ana@example.com',
        owner_left: true,
        space_token: 'acd5fc167d0g',
        space_name: 'Finance',
        last_run_at: '2026-11-22T08:02:12.514Z',
        last_run_state: 'failed',
        last_successfully_run_at: '2026-10-02T08:02:12.514Z',
        last_viewed_at: null,
        same_sql: null,
        _links: {
          report: { href: '/api/acme/reports/0d6c1f4be7a2' },
          space: { href: '/api/acme/spaces/acd5fc167d0g' },
        },
      },
    ],
  },
);

/** How many reports answered on a day. */
export const RollCallDay = closed(
  { day: Type.String({ format: 'date', description: 'The day, in UTC.' }), ...counts },
  {
    $id: 'RollCallDay',
    description: 'How many reports in shared spaces answered on a day.',
    examples: [
      {
        day: '2026-11-22',
        reports: 2,
        answering: 1,
        failing: 1,
        stale: 0,
        never_ran: 0,
        never_viewed: 0,
        owner_left: 1,
        duplicates: 0,
      },
    ],
  },
);

export const RollCallReports = halList('reports', reference(RollCallReport));
export type RollCallReports = Static<typeof RollCallReports>;
export const RollCallDays = halList('days', reference(RollCallDay));
export type RollCallDays = Static<typeof RollCallDays>;

export const rollCallSchemas = [RollCall, RollCallReport, RollCallDay];

/** A roll call as pieces of a text in JSON: what may be large is written already, and so is the path before links. */
export function rollCallJson(
  { username }: Organization,
  given: { answersWithinDays: number; stoppedSchedules: number },
  { counts, spaces, cellsLeftOut }: RollCallQuestions['callRoll']['answer'],
  basePath: string,
): (string | Uint8Array)[] {
  const before = JSON.stringify({
    answers_within_days: given.answersWithinDays,
    stopped_schedules: given.stoppedSchedules,
    ...counts,
  });
  const after = JSON.stringify({
    cells_left_out: cellsLeftOut,
    _links: {
      self: { href: `${basePath}/api/${username}/roll_call` },
      trend: { href: `${basePath}/api/${username}/roll_call/trend` },
    },
  });
  return [`${before.slice(0, -1)},"spaces":`, spaces, `,${after.slice(1)}`];
}

export function toRollCallReport(
  { username }: Organization,
  report: CalledReport,
): Static<typeof RollCallReport> {
  const account = `/api/${username}`;
  return {
    token: report.token,
    name: report.name,
    state: report.state,
    creator_email: report.creatorEmail,
    owner_left: report.ownerLeft,
    space_token: report.spaceToken,
    space_name: report.spaceName,
    last_run_at: report.lastRunAt,
    last_run_state: report.lastRunState,
    last_successfully_run_at: report.lastSuccessAt,
    last_viewed_at: report.lastViewedAt,
    same_sql: report.sameSql,
    _links: {
      report: { href: `${account}/reports/${encodeURIComponent(report.token)}` },
      ...(report.spaceToken !== null && {
        space: { href: `${account}/spaces/${encodeURIComponent(report.spaceToken)}` },
      }),
    },
  };
}

export const toRollCallDay = (day: StoredDay): Static<typeof RollCallDay> => day;
