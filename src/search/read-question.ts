import { Type } from 'typebox';
import { parseTime } from '../clock.ts';
import { ApiError, quoted } from '../errors.ts';
import { restPagingSchemaUpTo, singleValue } from '../http/paging.ts';
import type { QueryString } from '../http/query-string.ts';
import { type Order, orders, type ReportQuestion } from '../report-index/report-question.ts';

/** This list is ours alone, and has larger pages than others. */
export const MOST_PER_PAGE = 100;
const MOST_TYPED = 500;
const MOST_VALUES = 50;
/** So many of the reports that a member opened are listed as those opened last. */
export const MAX_LAST_VIEWED = 100;

const flag = (description: string) => Type.Optional(Type.Boolean({ description, default: false }));
const words = (description: string, example: string) =>
  Type.Optional(Type.String({ description, examples: [example] }));

/** The parameters, for the schema of the route, which reads them by itself. */
export const questionSchema = Type.Object({
  ...restPagingSchemaUpTo(MOST_PER_PAGE),
  q: words(
    'Words that name, description, SQL or the owner’s address contain; the last one can be the beginning of a word.',
    'weekly rev',
  ),
  space: words('Tokens of spaces, separated by commas.', 'acd5fc167d0g'),
  creator: words(
    'Email addresses of their owners, separated by commas; `me` is your own.',
    'ana@example.com',
  ),
  state: words('States of the last run, separated by commas.', 'failed,cancelled'),
  chart_type: words('Chart types, separated by commas.', 'line,bar'),
  data_source: words(
    'Tokens of data sources of their queries, separated by commas.',
    'c4d8e21f7a90',
  ),
  favorite: flag('Only your favorites.'),
  recently_viewed: flag(
    `Only the reports that you opened last, up to ${MAX_LAST_VIEWED}; the latest first, unless another order is given.`,
  ),
  filter: words(
    'For compatibility with Mode: `starred` is `favorite=true`; `public` and `drafts` list no report.',
    'starred',
  ),
  archived: Type.Optional(
    Type.Union([Type.Literal('false'), Type.Literal('true'), Type.Literal('all')], {
      description: 'Whether they are archived; `all` for both.',
      default: 'false',
    }),
  ),
  stale_since: words('Without a successful run since this time.', '2026-11-01T00:00:00Z'),
  failing: flag('Only reports whose last run failed.'),
  never_run: flag('Only reports that never ran.'),
  never_viewed: flag('Only reports that were never opened.'),
  no_owner: flag('Only reports whose creator is no longer a member.'),
  order_by: Type.Optional(
    Type.Union(
      orders.map((order) => Type.Literal(order)),
      {
        description:
          'By default `relevance` with `q`, the last view with `recently_viewed`, and otherwise `created_at`.',
      },
    ),
  ),
  order: Type.Optional(
    Type.Union([Type.Literal('asc'), Type.Literal('desc')], {
      description: 'Sort direction; unknown values come last in both. Ignored with `relevance`.',
      default: 'asc',
    }),
  ),
  facets: flag('Whether to count the matches by space and by state.'),
});

/** What is asked for, but for what depends on who asks. */
export type Asked = Omit<ReportQuestion, 'reach' | 'among' | 'offset' | 'limit'> & {
  isFavorite: boolean;
  isRecentlyViewed: boolean;
};

/** What is asked for. @throws ApiError bad_request, which names the parameter. */
export function readQuestion(query: QueryString): Asked {
  const typed = singleValue(query, 'q', 'words');
  if (typed !== undefined && typed.length > MOST_TYPED) {
    throw wrong('q', typed, `words of up to ${MOST_TYPED} characters together`);
  }
  const isRecentlyViewed = isSet(query, 'recently_viewed');
  const unsearched = isRecentlyViewed ? 'given' : 'created_at';
  const otherwise = typed === undefined || typed.trim() === '' ? unsearched : 'relevance';
  const archived = oneOf(query, 'archived', ['false', 'true', 'all'], 'false');
  const states = listed(query, 'state');
  return {
    isFavorite: isSet(query, 'favorite') || query.get('filter')?.at(-1) === 'starred',
    isRecentlyViewed,
    typed,
    spaces: listed(query, 'space'),
    creators: listed(query, 'creator')?.map((address) => address.toLowerCase()),
    states: isSet(query, 'failing') ? [...(states ?? []), 'failed'] : states,
    chartTypes: listed(query, 'chart_type'),
    dataSources: listed(query, 'data_source'),
    archived: archived === 'all' ? undefined : archived === 'true',
    staleSinceMs: timeMs(query, 'stale_since'),
    neverRun: isSet(query, 'never_run'),
    neverViewed: isSet(query, 'never_viewed'),
    withoutOwner: isSet(query, 'no_owner'),
    orderBy: oneOf<Order>(query, 'order_by', orders, otherwise),
    descending: oneOf(query, 'order', ['asc', 'desc'], 'asc') === 'desc',
    withFacets: isSet(query, 'facets'),
  };
}

function oneOf<Value extends string>(
  query: QueryString,
  name: string,
  accepted: readonly Value[],
  otherwise: Value,
): Value {
  const list = accepted.join(', ');
  const text = singleValue(query, name, `one of ${list}`);
  if (text === undefined) return otherwise;
  const value = accepted.find((candidate) => candidate === text);
  if (value === undefined) throw wrong(name, text, `one of ${list}`);
  return value;
}

const isSet = (query: QueryString, name: string) =>
  oneOf(query, name, ['false', 'true'], 'false') === 'true';

/** Several values may stand in one parameter, or in several. */
function listed(query: QueryString, name: string): string[] | undefined {
  const given = query.get(name);
  if (given === undefined) return undefined;
  const values = given
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
  if (values.length > MOST_VALUES) {
    throw new ApiError(
      'bad_request',
      `${name} has ${values.length} values; the limit is ${MOST_VALUES}.`,
    );
  }
  return values.length === 0 ? undefined : values;
}

function timeMs(query: QueryString, name: string): number | undefined {
  const accepted = 'a date or an ISO 8601 time such as 2026-11-01T00:00:00Z';
  const text = singleValue(query, name, accepted);
  if (text === undefined) return undefined;
  const time = parseTime(text);
  if (time === undefined) throw wrong(name, text, accepted);
  return time;
}

function wrong(name: string, value: string, accepted: string): ApiError {
  return new ApiError('bad_request', `${name} is ${quoted(value)}; it must be ${accepted}.`);
}
