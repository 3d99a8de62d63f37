import { QueryError } from '../query-error.ts';
import { placeIn } from './failure.ts';

/** The user's SQL, and what stands before it in the text that DuckDB was given. */
type Text = { sql: string; prefix?: string };

/** DuckDB's error as a QueryError, with its place in the user's SQL. */
export function duckdbFailure(error: unknown, { sql, prefix = '' }: Text): unknown {
  if (!(error instanceof Error) || error instanceof QueryError) return error;
  const { type, message, offset } = readError(error.message);
  if (type === 'Out of Memory')
    return new QueryError({
      code: 'memory_limit',
      message: `The query needs more memory than it may take. ${message.split('\n', 1)[0]}`,
    });
  const before = Buffer.byteLength(prefix);
  const place =
    offset === undefined || offset < before
      ? {}
      : placeIn(sql, Buffer.from(sql).toString('utf8', 0, offset - before).length);
  return new QueryError({ code: 'sql_error', message: `${type} Error: ${message}`, ...place });
}

/** What DuckDB says with errors_as_json, before which some callers put words of theirs. */
function readError(text: string): { type: string; message: string; offset: number | undefined } {
  const start = text.indexOf('{"exception_type"');
  if (start < 0) {
    const [, type = 'Internal', message = text] = /^([\w ]+) Error: (.*)$/s.exec(text) ?? [];
    return { type, message, offset: undefined };
  }
  const said = JSON.parse(text.slice(start)) as Record<string, string | undefined>;
  const { exception_type: type = '', exception_message: message = '', position } = said;
  return { type, message, offset: position === undefined ? undefined : Number(position) };
}
