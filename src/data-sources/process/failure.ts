import { basename } from 'node:path';
import { QueryError, type QueryFailure } from '../query-error.ts';
import { duckdbFailure, isOfDuckdb } from '../results/duckdb-failure.ts';

/** What to say of an error that no engine has put into words yet. */
export function failureOf(error: unknown): QueryFailure {
  if (error instanceof QueryError) {
    const { code, message, line, position } = error;
    return { code, message: withoutPaths(message), line, position };
  }
  if (isOfDuckdb(error)) return failureOf(duckdbFailure(error));
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'sql_error', message: withoutPaths(message) };
}

/** The text with each path of this machine cut down to its last part. */
function withoutPaths(text: string): string {
  return text.replace(/(?<![\w/.:])(?:\/[^\s"'`/:,;)\]]+)+/g, (path) => basename(path));
}
