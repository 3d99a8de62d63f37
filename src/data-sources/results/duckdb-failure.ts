import { QueryError } from '../query-error.ts';
import { placeIn } from './place-in.ts';

const JSON_START = '{"exception_type"';

/** The user's SQL, and what stands before it in the text that DuckDB was given. */
type Text = { sql: string; prefix?: string };

/** Whether an error is as DuckDB puts them with errors_as_json. */
export function isOfDuckdb(error: unknown): boolean {
  return error instanceof Error && error.message.includes(JSON_START);
}

/** DuckDB's error as a QueryError, with its place in the user's SQL where that is what it is about. */
export function duckdbFailure(error: unknown, text?: Text): unknown {
  if (!(error instanceof Error) || error instanceof QueryError) return error;
  const { type, message, offset } = readError(error.message);
  if (type === 'Out of Memory')
    return new QueryError({
      code: 'memory_limit',
      message: `The query needs more memory than its limit. ${message.split('\n', 1)[0]}`,
    });
  return new QueryError({
    code: 'sql_error',
    message: `${type} Error: ${message}`,
    ...(offset !== undefined && text ? placeOf(offset, text) : {}),
  });
}

/** DuckDB counts bytes. */
function placeOf(offset: number, { sql, prefix = '' }: Text) {
  const within = offset - Buffer.byteLength(prefix);
  return within < 0 ? {} : placeIn(sql, Buffer.from(sql).toString('utf8', 0, within).length);
}

/** What DuckDB says with errors_as_json, all of it, before which some callers put words of theirs. */
export function readError(text: string): {
  type: string;
  message: string;
  offset: number | undefined;
} {
  const start = text.indexOf(JSON_START);
  if (start < 0) {
    const [, type = 'Internal', message = text] = /^([\w ]+) Error: (.*)$/s.exec(text) ?? [];
    return { type, message, offset: undefined };
  }
  const said = parseError(text.slice(start));
  const { exception_type: type = '', exception_message: message = '', position } = said;
  return { type, message, offset: position === undefined ? undefined : Number(position) };
}

/** One that was cut off, or has words after it, still says what it is about. */
function parseError(text: string): Record<string, string | undefined> {
  try {
    return JSON.parse(text);
  } catch {
    const [, type] = /^\{"exception_type":"([^"]*)"/.exec(text) ?? [];
    const [, message] = /"exception_message":"((?:[^"\\]|\\.)*)/.exec(text) ?? [];
    const exception_message = message?.replaceAll(/\\n/g, '\n').replaceAll(/\\(["\\])/g, '$1');
    return { exception_type: type || 'Internal', exception_message };
  }
}
