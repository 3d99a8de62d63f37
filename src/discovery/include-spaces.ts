import { ApiError, quoted } from '../errors.ts';
import { singleValue } from '../http/paging.ts';
import type { Query } from '../http/query-string.ts';

/** `include_spaces` as given. @throws ApiError bad_request for anything but `all`, once. */
export function parseIncludeSpaces(query: Query): 'all' | undefined {
  const value = singleValue(query, 'include_spaces', '"all"');
  if (value === undefined || value === 'all') return value;
  throw new ApiError(
    'bad_request',
    `include_spaces is ${quoted(value)}; it must be "all".`,
    'Leave include_spaces out to list what is outside personal spaces.',
  );
}
