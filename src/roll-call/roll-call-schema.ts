import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import { closed, links, textOrNull, timeOrNull } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import type { Organization } from '../organizations/organization.ts';
import type { CalledReport, RollCallQuestions } from '../report-index/roll-call-question.ts';
import type { RollCallDay as StoredDay } from './roll-call-store.ts';

const count = (description: string) => Type.Integer({ minimum: 0, description });

const counts = {
  reports: count('Number of reports.'),
  answering: count('Number of reports whose last run succeeded recently enough.'),
  failing: count('Number of reports whose last run failed or was canceled.'),
  stale: count('Number of reports whose last success is too long ago.'),
  never_ran: count('Number of reports that never finished a run.'),
  never_viewed: count('Number of reports that were never opened.'),
  owner_left: count('Number of reports whose creator is no longer a member.'),
  duplicates: count('Number of reports that share SQL with another report.'),
};

const Cells = closed(
  {
    tokens: Type.Array(Type.String()),
    names: Type.Array(Type.Union([Type.String(), Type.Null()])),
    states: Type.String({
      description:
        'A letter per report: `a` answering, `f` failing, `s` stale, `n` never ran, in the order of `tokens`.',
    }),
  },
  { description: 'The shown reports of the space, in three columns.' },
);

const RollCallSpace = closed({
  token: textOrNull('Token of the space; null for reports whose space is unknown.'),
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
        'Rule: a report answers if its last run succeeded after its schedule was last due or, without a schedule, within this number of days.',
    }),
    stopped_schedules: count('Number of schedules that stopped because their owners were removed.'),
    ...counts,
    spaces: Type.Array(RollCallSpace, {
      description: 'The same by space: shared spaces by name, then personal ones.',
    }),
    cells_left_out: count('Number of reports without a cell, because there are too many to show.'),
    _links: links({ self: Link('This roll call.'), trend: Link('The trend.') }),
  },
  {
    $id: 'RollCall',
    description: 'Roll call of the reports that you can see.',
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
      { description: 'Whether it answers and, if not, why.' },
    ),
    creator_email: textOrNull('Email address of the owner.'),
    owner_left: Type.Boolean({ description: 'Whether the owner is no longer a member.' }),
    space_token: textOrNull('Token of its space.'),
    space_name: textOrNull('Name of its space.'),
    last_run_at: timeOrNull('Start of the last run.'),
    last_run_state: textOrNull('State of its last run.'),
    last_successfully_run_at: timeOrNull('End of the last successful run.'),
    last_viewed_at: timeOrNull('Time when a person last opened it.'),
    same_sql: textOrNull('The same text for reports that share SQL; null for others.'),
    _links: links({ report: Link('The report.'), space: Type.Optional(Link('Its space.')) }),
  },
  {
    $id: 'RollCallReport',
    description: 'A report in the roll call.',
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
    description: 'Counts of the reports in shared spaces on a day.',
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
