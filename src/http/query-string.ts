import type { TObject } from 'typebox';
import { ApiError, quoted } from '../errors.ts';
import { ACCEPTED_TEXT, badCharacter } from '../text.ts';

/** The parameters of a query string, each with all its values in order. */
export type QueryString = ReadonlyMap<string, readonly string[]>;

/** What a route takes of the query string: as the OpenAPI document describes it, and how it is read. */
export type QueryReader<Asked> = { schema: TObject; read: (query: QueryString) => Asked };

/** A query string that the handler reads by itself. */
export const readsQuery = (schema: TObject): QueryReader<QueryString> => ({
  schema,
  read: (query) => query,
});

/**
 * Reads a query string the way clients of the Discovery API write it: a second `?` separates like `&` (a catalog
 * sends `?include_spaces=all?page=1`), and the documentation's own `?per_page?=100` means `per_page=100`.
 *
 * @param url the request's target, with or without a query string.
 * @throws ApiError bad_request for a value that holds U+0000, for which no store can look.
 */
export function parseQueryString(url: string): QueryString {
  const query = new Map<string, string[]>();
  const start = url.indexOf('?');
  if (start === -1) return query;
  const text = url.slice(start + 1).replaceAll('?=', '=');
  for (const part of text.split(/[&?]/)) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals === -1 ? part : part.slice(0, equals));
    const value = equals === -1 ? '' : decode(part.slice(equals + 1));
    const character = badCharacter(value);
    if (character !== undefined) {
      throw new ApiError(
        'bad_request',
        `${name} is ${quoted(value)}, which contains ${character}; it must be ${ACCEPTED_TEXT}.`,
      );
    }
    const values = query.get(name);
    if (values) values.push(value);
    else query.set(name, [value]);
  }
  return query;
}

/** A plus is a space, as forms and most clients write it. What is not valid percent-encoding stays for the error to show. */
function decode(text: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
