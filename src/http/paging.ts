import { Type } from 'typebox';
import { ApiError, quoted } from '../errors.ts';
import type { QueryReader, QueryString } from './query-string.ts';

/** Which part of a list is asked for. Both count from 1. */
export type Paging = { page: number; perPage: number };

const MAX_PER_PAGE = 1000;

/**
 * `page` and `per_page` of a Discovery list. The documentation says that `per_page` must be below 1,000 and that
 * it is 1,000 by default; clients send up to 1,000, so 1 to 1,000 it is.
 *
 * @throws ApiError bad_request for anything but decimal digits within the range, once.
 */
export function parsePaging(query: QueryString): Paging {
  return {
    page: wholeNumber(query, 'page', { least: 1, most: Number.MAX_SAFE_INTEGER, otherwise: 1 }),
    perPage: wholeNumber(query, 'per_page', {
      least: 1,
      most: MAX_PER_PAGE,
      otherwise: MAX_PER_PAGE,
    }),
  };
}

/** How many things a page of the REST API holds; a larger `per_page` counts as this. */
const REST_PAGE_SIZE = 30;

/**
 * `page` and `per_page` of a list of the REST API. Real servers take any `per_page`, and never show more than 30; lists of
 * our own may show `most`.
 *
 * @throws ApiError bad_request for anything but decimal digits, once.
 */
export function parseRestPaging(query: QueryString, most = REST_PAGE_SIZE): Paging {
  const range = { least: 1, most: 1_000_000_000 };
  const perPage = wholeNumber(query, 'per_page', { ...range, otherwise: REST_PAGE_SIZE });
  return {
    page: wholeNumber(query, 'page', { ...range, otherwise: 1 }),
    perPage: Math.min(perPage, most),
  };
}

/** For a route that answers such a list. */
export const restPagingUpTo = (most: number): QueryReader<Paging> => ({
  schema: Type.Object(restPagingSchemaUpTo(most)),
  read: (query) => parseRestPaging(query, most),
});

export const restPaging = restPagingUpTo(REST_PAGE_SIZE);

/** The parameters of such a list, for a route that has others beside them. */
export const restPagingSchema = restPagingSchemaUpTo(REST_PAGE_SIZE);

export function restPagingSchemaUpTo(most: number) {
  return {
    page: Type.Optional(Type.Integer({ minimum: 1, default: 1, description: 'Page number.' })),
    per_page: Type.Optional(
      Type.Integer({
        minimum: 1,
        default: REST_PAGE_SIZE,
        description: `Maximum number of items per page; more than ${most} counts as ${most}.`,
      }),
    ),
  };
}

/**
 * The only value of a parameter, or undefined where it is not given.
 *
 * @throws ApiError bad_request where it is given more than once.
 */
export function singleValue(
  query: QueryString,
  name: string,
  accepted: string,
): string | undefined {
  const values = query.get(name);
  if (values === undefined) return undefined;
  if (values.length > 1) {
    const list = values.slice(0, 5).map(quoted).join(', ');
    throw new ApiError(
      'bad_request',
      `${name} is given ${values.length} times: ${list}. Send it once: ${accepted}.`,
    );
  }
  return values[0];
}

/** A parameter that is a number. @throws ApiError bad_request for anything but decimal digits within the range, once. */
export function wholeNumber(
  query: QueryString,
  name: string,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number {
  const accepted = `a whole number from ${least} to ${most}, in decimal digits`;
  const text = singleValue(query, name, accepted);
  if (text === undefined) return otherwise;
  const number = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) {
    throw new ApiError(
      'bad_request',
      `${name} is ${quoted(text)}; it must be ${accepted}.`,
      `Omit ${name} for ${otherwise}.`,
    );
  }
  return number;
}
