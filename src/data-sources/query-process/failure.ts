import { basename } from 'node:path';
import { QueryError, type QueryFailure } from '../query-error.ts';

/** What to say of an error that no engine has put into words yet. */
export function failureOf(error: unknown): QueryFailure {
  if (error instanceof QueryError) {
    const { code, message, line, position } = error;
    return { code, message: withoutPaths(message), line, position };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'sql_error', message: withoutPaths(message) };
}

/** The text with each path of this machine cut down to its last part. */
export function withoutPaths(text: string): string {
  return text.replace(/(?<![\w/.:])(?:\/[^\s"'`/:,;)\]]+)+/g, (path) => basename(path));
}

/** Line and character, from 1, of an offset into SQL. */
export function placeIn(sql: string, offset: number): { line: number; position: number } {
  const before = sql.slice(0, offset).split('\n');
  return { line: before.length, position: (before.at(-1)?.length ?? 0) + 1 };
}
