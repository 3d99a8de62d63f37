import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import {
  closed,
  integerOrNull,
  links,
  open,
  textOrNull,
  time,
  timeOrNull,
} from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { memberPath } from '../members/member-schema.ts';
import type { Organization } from '../organizations/organization.ts';
import { MAX_LENGTH } from '../text.ts';
import type { Schedule } from './schedule-store.ts';
import { frequencies } from './timing.ts';
import { daysInWords, hourInWords, minuteInWords } from './words.ts';

const values = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description });

const PATTERN = 'The five fields of cron: minute, hour, day of the month, month, day of the week.';

/** A schedule as the REST API shows it. */
export const ReportSchedule = closed(
  {
    token: Type.String({ description: 'Public identifier, unique in the organization.' }),
    name: textOrNull('Name of the schedule.'),
    state: Type.Union([Type.Literal('active'), Type.Literal('paused')], {
      description: '`active`, or `paused` or stopped: then it starts no runs.',
    }),
    paused: Type.Boolean({ description: 'Whether it is paused.' }),
    parameters: values('Values of the report’s parameters.'),
    created_at: time('Creation time.'),
    updated_at: time('Time of the last change.'),
    retry_state: Type.Literal('ok', { description: 'Always `ok`: failed runs are not retried.' }),
    retry_count: Type.Literal(0, { description: 'See `retry_state`.' }),
    retry_delay: Type.Literal(0, { description: 'See `retry_state`.' }),
    timeout: Type.Null({ description: 'Always null: its runs have the general time limit.' }),
    last_run_at: timeOrNull('Start of the last run.'),
    last_succeeded_at: timeOrNull('End of the last successful run.'),
    last_scheduled_run: timeOrNull('Due time of the last run that it started.'),
    last_refused_run: timeOrNull(
      'Due time of the last run that could not start; null once a later run has started.',
    ),
    last_refusal: textOrNull('Reason why it could not start.'),
    last_failure: textOrNull(
      'Reason why the last run that ended failed, with the name of the query; null if it did not fail.',
    ),
    next_scheduled_run: timeOrNull('Due time of the next run; null while paused.'),
    subscribed: Type.Literal(false, { description: 'Always false: results are not emailed.' }),
    subscriber_count: Type.Literal(0, { description: 'See `subscribed`.' }),
    delivery: Type.Null({ description: 'See `subscribed`.' }),
    frequency: Type.String({
      description: `Frequency: ${frequencies.join(', ')}, or cron.`,
    }),
    time_zone: Type.String({ description: 'IANA time zone of the schedule.' }),
    hour: textOrNull('The hour in words.'),
    minute: textOrNull('The minute in words.'),
    cron_hour: integerOrNull('Hour; null if the frequency has none.'),
    cron_minute: integerOrNull('Minute; null if the frequency has none.'),
    day_of_week: textOrNull('Days of the week, if weekly.'),
    day_of_month: integerOrNull('Day of the month, if monthly; the last day in shorter months.'),
    cron: textOrNull(`${PATTERN} Null for every frequency but cron.`),
    report_name: textOrNull('Name of the report.'),
    report_token: Type.String({ description: 'Token of the report.' }),
    report_type: Type.Literal('Report', { description: 'Kind of resource that it runs.' }),
    creator_email: textOrNull('Email address of the owner.'),
    owner_removed: Type.Boolean({
      description: 'Whether the owner was removed. Another member can take the schedule over.',
    }),
    stopped_at: timeOrNull(
      'Time when it stopped because its owner was removed; null once it is taken over or resumed.',
    ),
    _links: links({
      self: Link('This schedule.'),
      account: Link('Its organization.'),
      report: Link('Its report.'),
      report_runs: Link('The runs of the report.'),
      runs: Link('The runs that it started.'),
      report_web: Link('The page of its report.'),
      report_subscriptions: Link('An empty list.'),
      creator: Type.Optional(Link('Its owner; absent if removed.')),
    }),
  },
  {
    $id: 'ReportSchedule',
    description: 'When a report runs automatically.',
    examples: [
      {
        token: '9288da2a1b59',
        name: 'Every weekday',
        state: 'active',
        paused: false,
        parameters: { region: 'north' },
        created_at: '2020-05-08T22:12:19.237Z',
        updated_at: '2020-05-08T22:12:19.237Z',
        retry_state: 'ok',
        retry_count: 0,
        retry_delay: 0,
        timeout: null,
        last_run_at: '2020-12-15T08:00:00.431Z',
        last_succeeded_at: '2020-12-15T08:00:02.313Z',
        last_scheduled_run: '2020-12-15T08:00:00.000+00:00',
        last_refused_run: null,
        last_refusal: null,
        last_failure: null,
        next_scheduled_run: '2020-12-16T08:00:00.000+00:00',
        subscribed: false,
        subscriber_count: 0,
        delivery: null,
        frequency: 'weekly',
        time_zone: 'Europe/Lisbon',
        hour: '8:00 am',
        minute: 'the top of the hour',
        cron_hour: 8,
        cron_minute: 0,
        day_of_week: 'Monday,Tuesday,Wednesday,Thursday,Friday',
        day_of_month: null,
        cron: null,
        report_name: 'Weekly revenue',
        report_token: 'bfe4fc361d9f',
        report_type: 'Report',
        creator_email: 'ana@example.com',
        owner_removed: false,
        stopped_at: null,
        _links: {
          self: { href: '/api/acme/reports/bfe4fc361d9f/schedules/9288da2a1b59' },
          account: { href: '/api/acme' },
          report: { href: '/api/acme/reports/bfe4fc361d9f' },
          report_runs: { href: '/api/acme/reports/bfe4fc361d9f/runs' },
          runs: { href: '/api/acme/reports/bfe4fc361d9f/schedules/9288da2a1b59/runs' },
          report_web: { href: '/acme/reports/bfe4fc361d9f' },
          report_subscriptions: {
            href: '/api/acme/reports/bfe4fc361d9f/schedules/9288da2a1b59/subscriptions',
          },
          creator: { href: '/api/acme/members/8d1f2b7c3a55' },
        },
      },
    ],
  },
);
export type ReportSchedule = Static<typeof ReportSchedule>;

const digits = Type.String({ pattern: '^[0-9]{1,2}$' });
const number = (least: number, most: number, description: string) =>
  Type.Union([Type.Integer({ minimum: least, maximum: most }), digits, Type.Null()], {
    description,
  });
const day = Type.Union([Type.String({ maxLength: 100 }), Type.Integer({ minimum: 0, maximum: 6 })]);

const cron = closed(
  {
    freq: Type.Optional(
      Type.String({ maxLength: 40, description: `Frequency: ${frequencies.join(', ')}.` }),
    ),
    hour: Type.Optional(number(0, 23, 'Hour, 0 by default; for daily, weekly and monthly.')),
    minute: Type.Optional(
      number(0, 59, 'Minute, 0 by default; for hourly, daily, weekly and monthly.'),
    ),
    day_of_week: Type.Optional(
      Type.Union([day, Type.Array(day, { maxItems: 7 }), Type.Null()], {
        description: 'Days of the week, for weekly: `Monday,Thursday`, or numbers, 0 for Sunday.',
      }),
    ),
    day_of_month: Type.Optional(
      number(1, 31, 'Day of the month, for monthly; the last day in shorter months.'),
    ),
    cron: Type.Optional(Type.String({ maxLength: 200, description: `${PATTERN} Without freq.` })),
    time_zone: Type.Optional(textOrNull('IANA time zone, UTC by default.', { maxLength: 100 })),
  },
  { description: 'When it runs: a frequency with its fields, or a cron pattern.' },
);

/** A schedule is answered with its pattern alone, or null where it has none. */
const cronChange = Type.Union([cron, Type.String({ maxLength: 200 }), Type.Null()], {
  description: 'When it runs; a pattern alone keeps the time zone, and null changes nothing.',
});

const name = Type.Optional(textOrNull('Name of the schedule.', { maxLength: MAX_LENGTH.name }));
const params = Type.Optional(
  values('Values of the report’s parameters; missing ones have their defaults.'),
);
const timeout = Type.Optional(
  integerOrNull('For compatibility with Mode; runs have the general time limit.'),
);
const paused = Type.Optional(Type.Boolean({ description: 'Whether it is paused.' }));

/** What is sent to make a schedule. */
export const NewReportSchedule = open(
  closed(
    {
      report_schedule: closed(
        { name, cron, params, timeout, paused },
        { description: 'The schedule to create.' },
      ),
    },
    {
      $id: 'NewReportSchedule',
      description: 'A schedule to create.',
      examples: [
        {
          report_schedule: {
            name: 'Every weekday',
            cron: {
              freq: 'weekly',
              day_of_week: 'Monday,Tuesday,Wednesday,Thursday,Friday',
              hour: 8,
              minute: 0,
              time_zone: 'Europe/Lisbon',
            },
            params: { region: 'north' },
          },
        },
      ],
    },
  ),
);
export type NewReportSchedule = Static<typeof NewReportSchedule>;

/** What is sent to change a schedule. */
export const ReportScheduleChange = open(
  closed(
    {
      report_schedule: closed(
        { name, cron: Type.Optional(cronChange), params, timeout, paused },
        { description: 'The changes.' },
      ),
    },
    {
      $id: 'ReportScheduleChange',
      description: 'Changes to a schedule.',
      examples: [{ report_schedule: { paused: true } }],
    },
  ),
);
export type ReportScheduleChange = Static<typeof ReportScheduleChange>;

export const ReportSchedules = halList('report_schedules', reference(ReportSchedule));
export type ReportSchedules = Static<typeof ReportSchedules>;
export const scheduleSchemas = [ReportSchedule, NewReportSchedule, ReportScheduleChange];

/** Where a schedule of a report is. */
export const schedulePath = ({ username }: Organization, report: string, schedule: string) =>
  `/api/${username}/reports/${encodeURIComponent(report)}/schedules/${encodeURIComponent(schedule)}`;

/** What is told of a schedule beside itself. */
export type ScheduleSurroundings = {
  report: { token: string; name: string | null };
  /** Token of the membership of whose it is. */
  creator: string | undefined;
};

export function toReportSchedule(
  organization: Organization,
  { timing, nextAt, ...schedule }: Schedule,
  { report, creator }: ScheduleSurroundings,
): ReportSchedule {
  const account = `/api/${organization.username}`;
  const reportPath = `${account}/reports/${encodeURIComponent(report.token)}`;
  const self = schedulePath(organization, report.token, schedule.token);
  return {
    token: schedule.token,
    name: schedule.name,
    state: nextAt === null ? 'paused' : 'active',
    paused: nextAt === null,
    parameters: schedule.parameters,
    created_at: schedule.createdAt,
    updated_at: schedule.updatedAt,
    retry_state: 'ok',
    retry_count: 0,
    retry_delay: 0,
    timeout: null,
    last_run_at: schedule.lastRunAt,
    last_succeeded_at: schedule.lastSucceededAt,
    last_scheduled_run: withOffset(schedule.lastScheduledAt),
    last_refused_run: withOffset(schedule.refusedAt),
    last_refusal: schedule.refusal,
    last_failure: inWords(schedule.lastFailure),
    next_scheduled_run: withOffset(nextAt),
    subscribed: false,
    subscriber_count: 0,
    delivery: null,
    frequency: timing.frequency,
    time_zone: timing.timeZone,
    hour: hourInWords(timing),
    minute: minuteInWords(timing),
    cron_hour: 'hour' in timing ? timing.hour : null,
    cron_minute: 'minute' in timing ? timing.minute : null,
    day_of_week: daysInWords(timing),
    day_of_month: timing.frequency === 'monthly' ? timing.day : null,
    cron: timing.frequency === 'cron' ? timing.cron : null,
    report_name: report.name,
    report_token: report.token,
    report_type: 'Report',
    creator_email: schedule.creatorEmail,
    owner_removed: schedule.ownerRemoved,
    stopped_at: schedule.stoppedAt,
    _links: {
      self: { href: self },
      account: { href: account },
      report: { href: reportPath },
      report_runs: { href: `${reportPath}/runs` },
      runs: { href: `${self}/runs` },
      report_web: { href: `/${organization.username}/reports/${encodeURIComponent(report.token)}` },
      report_subscriptions: { href: `${self}/subscriptions` },
      ...(creator === undefined ? {} : { creator: { href: memberPath(organization, creator) } }),
    },
  };
}

function inWords(failure: Schedule['lastFailure']): string | null {
  if (failure === null) return null;
  return failure.query === null ? failure.message : `${failure.query}: ${failure.message}`;
}

/** The times for which runs are started have this form, as real servers send them. */
function withOffset(time: string | null): string | null {
  return time?.replace(/Z$/, '+00:00') ?? null;
}
