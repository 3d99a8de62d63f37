import { basename } from 'node:path';
import { QueryError, type QueryFailure } from '../query-error.ts';
import { duckdbFailure, isOfDuckdb } from '../results/duckdb-failure.ts';

/** How engines, their libraries and Node say that there is no more memory. */
const NO_MEMORY =
  /^(?:[\w ]*Error: )?(?:std::bad_alloc|bad allocation|out of memory|array buffer allocation failed|(?:could not|cannot|failed to) allocate)\b/i;

/** What to say of an error, in the words of its engine where it has some. */
export function failureOf(error: unknown): QueryFailure {
  const failure = readFailure(error);
  return failure.code === 'sql_error' && NO_MEMORY.test(failure.message)
    ? { code: 'memory_limit', message: 'The query needs more memory than is available to it.' }
    : failure;
}

function readFailure(error: unknown): QueryFailure {
  // Results of other engines are written by DuckDB: then its error comes in theirs.
  if (isOfDuckdb(error)) return readFailure(duckdbFailure(new Error((error as Error).message)));
  if (error instanceof QueryError) {
    const { code, message, line, position } = error;
    return { code, message: withoutPaths(message), line, position };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'sql_error', message: withoutPaths(message) };
}

/** The text with each path of this machine cut down to its last part. */
function withoutPaths(text: string): string {
  return text.replace(/(?<![\w/.:])(?:\/[^\s"'`/:,;)\]]+)+/g, (path) => basename(path));
}
