import { MAX_LENGTH } from '../text.ts';

/**
 * The lists of the Discovery API: what each is called on the wire, which row it holds, and where a row belongs.
 * CONTRIBUTING.md has the steps for another list and for another field. Keys, types and examples follow the
 * documentation of Mode's Discovery API; every row always has every key, null when unknown.
 */

/** The type of a field. `seconds` is a time without milliseconds, which only the members list has. */
export type FieldType = 'integer' | 'text' | 'time' | 'seconds' | 'texts';

export type Field = {
  name: string;
  type: FieldType;
  /** Never null. */
  required?: true;
  /** How many characters a text may have: as many as the REST API takes, where it takes the field. */
  maxLength: number;
  /** Of texts that people write: an empty one is none. */
  notEmpty?: true;
  /** Reports are found by its words. */
  searched?: true;
  /** Another name under which a source may give the value. */
  otherName?: string;
  description: string;
};

export type ListName = 'reports' | 'report_stats' | 'spaces' | 'queries' | 'charts' | 'members';

export type List = {
  /** Its name in paths and as the key of the array. */
  name: ListName;
  /** Its number in the store; never changed. */
  number: number;
  /** The fields that identify a row within the list and its organization. */
  idField: string;
  tokenField: string;
  /** The list that a row belongs to one of, and the fields that say to which. */
  parent?: { list: ListName; idField: string; tokenField: string };
  /** A field that holds the path of the row's own resource: `/api/{organization}/{path}/{token}`. */
  pathField?: { name: string; path: string };
  /** Whether `include_spaces` decides if rows in personal spaces are listed. */
  followsSpaces: boolean;
  summary: string;
  fields: readonly Field[];
};

const inSpace = { list: 'spaces', idField: 'space_id', tokenField: 'space_token' } as const;
const ofReport = { list: 'reports', idField: 'report_id', tokenField: 'report_token' } as const;

const field =
  <Type extends FieldType>(type: Type) =>
  <Name extends string>(name: Name, description: string, maxLength: number = MAX_LENGTH.name) => ({
    name,
    type,
    maxLength,
    description,
  });
const integer = field('integer');
const text = field('text');
const time = field('time');
const seconds = field('seconds');
const texts = field('texts');
const notEmpty = <Of extends Field>(field: Of) => ({ ...field, notEmpty: true as const });
const searched = <Of extends Field>(field: Of) => ({ ...field, searched: true as const });
const required = <Of extends Field>(field: Of) => ({ ...field, required: true as const });

const id = required(integer('id', 'Number, unique in the list.'));
const token = required(text('token', 'Public identifier, unique in the list.'));
const spaceFields = [
  integer('space_id', 'Number of the space.'),
  text('space_token', 'Token of the space.'),
] as const;
const reportFields = [
  required(integer('report_id', 'Number of the report.')),
  required(text('report_token', 'Token of the report.')),
] as const;

const reports = {
  name: 'reports',
  number: 1,
  idField: 'id',
  tokenField: 'token',
  parent: inSpace,
  pathField: { name: 'report_url', path: 'reports' },
  followsSpaces: true,
  summary: 'Every report, with its space, creator, last edit, last view and last run.',
  fields: [
    id,
    token,
    searched(notEmpty(text('name', 'Null while the report is untitled.'))),
    searched(text('description', 'Description of the report.', MAX_LENGTH.description)),
    time('created_at', 'Creation time.'),
    time('edited_at', 'Time of the last edit by a person.'),
    time('updated_at', 'Time of the last change of any kind.'),
    time('last_successfully_run_at', 'End of the last successful run.'),
    time('last_viewed_at', 'Time when a person last opened it.'),
    time('last_run_at', 'Start of the last run.'),
    text('last_run_token', 'Token of the last run.'),
    text('last_run_state', 'State of the last run, such as succeeded or failed.'),
    searched(
      text(
        'creator_email',
        'Email address of the owner: the creator, unless the report was reassigned.',
        MAX_LENGTH.email,
      ),
    ),
    ...spaceFields,
    text('report_url', 'Path of the report in the REST API.', MAX_LENGTH.description),
  ],
} as const satisfies List;

const reportStats = {
  name: 'report_stats',
  number: 2,
  idField: 'report_id',
  tokenField: 'report_token',
  parent: ofReport,
  followsSpaces: true,
  summary: 'The use of each report.',
  fields: [
    ...reportFields,
    integer('active_schedules_count', 'Number of active schedules.'),
    integer('explorations_count', 'Number of explorations created from it.'),
    {
      ...integer('view_count', 'Number of views, once per person and visit.'),
      otherName: 'total_views_count',
    },
    {
      ...integer('total_views_count', 'The same number under its older name.'),
      otherName: 'view_count',
    },
    texts(
      'recent_manual_run_creators_emails',
      'Members who recently ran it manually.',
      MAX_LENGTH.email,
    ),
    texts('scheduled_run_creators_emails', 'Owners of its schedules.', MAX_LENGTH.email),
    texts('editors_emails', 'Members who have edited it.', MAX_LENGTH.email),
  ],
} as const satisfies List;

const spaces = {
  name: 'spaces',
  number: 3,
  idField: 'id',
  tokenField: 'token',
  pathField: { name: 'space_url', path: 'spaces' },
  followsSpaces: false,
  summary: 'Every space, including personal ones, because each listed report refers to its space.',
  fields: [
    id,
    token,
    text('name', 'Name of the space.'),
    text('description', 'Description of the space.', MAX_LENGTH.description),
    text('space_type', '`custom` for a shared space, `private` for a personal one.'),
    text('space_url', 'Path of the space in the REST API.', MAX_LENGTH.description),
  ],
} as const satisfies List;

const queries = {
  name: 'queries',
  number: 4,
  idField: 'id',
  tokenField: 'token',
  parent: ofReport,
  followsSpaces: true,
  summary: 'The queries of every report, with their SQL.',
  fields: [
    id,
    token,
    notEmpty(text('name', 'Name of the query.')),
    text('raw_query', 'SQL as written, including the parameter form.', MAX_LENGTH.sql),
    text('creator_email', 'Email address of the creator.', MAX_LENGTH.email),
    text('data_source_token', 'Token of its data source.'),
    ...reportFields,
    ...spaceFields,
  ],
} as const satisfies List;

const charts = {
  name: 'charts',
  number: 5,
  idField: 'id',
  tokenField: 'token',
  parent: ofReport,
  followsSpaces: true,
  summary: 'The charts of every report.',
  fields: [
    id,
    token,
    text('chart_type', 'Type, such as table, bar, line, area, pie, scatter or bigNumber.'),
    notEmpty(text('chart_title', 'Title of the chart.')),
    integer('query_id', 'Number of its query.'),
    text('query_token', 'Token of its query.'),
    ...reportFields,
    text('report_creator_email', 'Email address of the owner of the report.', MAX_LENGTH.email),
    ...spaceFields,
    text('exploration_url', 'Path of the exploration that it came from.', MAX_LENGTH.description),
  ],
} as const satisfies List;

const members = {
  name: 'members',
  number: 6,
  idField: 'id',
  tokenField: 'token',
  followsSpaces: false,
  summary: 'Members of the organization.',
  fields: [
    id,
    token,
    text('state', '`active`, or another word if the member cannot sign in.'),
    text('member_email', 'Email address of the member.', MAX_LENGTH.email),
    text('member_token', 'Token of the person.'),
    text('member_username', 'User name of the person.'),
    seconds('banned_at', 'Time when the member was banned.'),
    seconds('activated_at', 'Time when the member joined.'),
    seconds('last_report_created_at', 'Time when the member last created a report.'),
    seconds('last_report_viewed_at', 'Time when the member last opened a report.'),
    seconds('last_report_run_at', 'Time when the member last ran a report.'),
    seconds('last_report_edited_at', 'Time when the member last edited a report.'),
    integer('total_days_engaged', 'Number of days on which the member was active.'),
    seconds('last_exploration_created_at', 'Time when the member last created an exploration.'),
    seconds('last_exploration_updated_at', 'Time when the member last changed an exploration.'),
    text('last_day_engaged', 'Last day on which the member was active, such as 2026-11-23.'),
    text('last_day_api_engaged', 'Last day on which the member used a token.'),
    text('last_day_in_app_engaged', 'Last day on which the member used the pages.'),
  ],
} as const satisfies List;

/** The lists by name. */
export const lists = {
  reports,
  report_stats: reportStats,
  spaces,
  queries,
  charts,
  members,
} satisfies Record<ListName, List>;

/** The lists with a parent after the parent, so that reading them in this order finds every parent. */
export const listsParentsFirst = Object.values<List>(lists).toSorted(
  (a, b) => parentsOf(a) - parentsOf(b),
);

/** How many lists are above a list: its parent, the parent of that, and so on. */
function parentsOf({ parent }: List): number {
  return parent ? 1 + parentsOf(lists[parent.list]) : 0;
}

type Values = { integer: number; text: string; time: string; seconds: string; texts: string[] };
type ValueOf<Of extends Field> = Of extends { required: true } | { type: 'texts' }
  ? Values[Of['type']]
  : Values[Of['type']] | null;

/** A row of a list, in the wire's words. */
export type RowOf<Of extends List> = {
  [One in Of['fields'][number] as One['name']]: ValueOf<One>;
};

/** A row of the list of this name. Every key is there, null where the value is not known. */
export type Row<Name extends ListName> = RowOf<(typeof lists)[Name]>;

/** A row of whichever list. */
export type AnyRow = RowOf<List>;

/** Which rows of a list: `all`, or only those outside personal spaces. */
export type View = 'all' | 'shared';
