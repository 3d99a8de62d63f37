import { ApiError, quoted } from '../errors.ts';
import { singleValue } from '../http/paging.ts';
import type { QueryString } from '../http/query-string.ts';

/**
 * `include_spaces` as given.
 *
 * @throws ApiError bad_request for anything but `all`, once; forbidden where the reader may not list all.
 */
export function parseIncludeSpaces(
  query: QueryString,
  { mayListPersonal }: { mayListPersonal: boolean },
): 'all' | undefined {
  const value = singleValue(query, 'include_spaces', '"all"');
  if (value === 'all' && !mayListPersonal) {
    throw new ApiError(
      'forbidden',
      'Only admins can list everybody’s personal spaces.',
      'Omit include_spaces. Your own personal space is in the REST API.',
    );
  }
  if (value === undefined || value === 'all') return value;
  throw new ApiError(
    'bad_request',
    `include_spaces is ${quoted(value)}; it must be "all".`,
    'Omit include_spaces to list what is outside personal spaces.',
  );
}
