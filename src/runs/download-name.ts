import { cut, shortened } from '../text.ts';
import type { Run } from './run.ts';

/** Systems take 255 bytes, and a character may have four. */
const MAX_LENGTH = 100;
/** So much of it may be the name of the report, so that there is room for what the run was. */
const MAX_NAME_LENGTH = 60;
/** So much of that may be the name of one query. */
const MAX_QUERY_LENGTH = 30;

/**
 * What a file with a run's results is called, without its extension: the report, the query where it is of one alone, the
 * values that the run had, and its token: `Temperatures, Warm days (City New York, Year 2025) 3ffcbb7b2c63`.
 */
export function downloadName(
  reportName: string | null,
  queryName: string | null,
  { token, formFields, parameters }: Pick<Run, 'token' | 'formFields' | 'parameters'>,
): string {
  const query = cut(fileName(queryName ?? ''), MAX_QUERY_LENGTH);
  const ofQuery = query === '' ? '' : `, ${query}`;
  const report = fileName(reportName ?? '') || 'report';
  const name = `${cut(report, MAX_NAME_LENGTH - ofQuery.length)}${ofQuery}`;
  const labels = new Map(
    (formFields as { name: string; label: string }[]).map((field) => [field.name, field.label]),
  );
  const values = Object.entries(parameters)
    .filter(([, value]) => value !== null && value !== '')
    .map(
      ([parameter, value]) => `${labels.get(parameter) ?? parameter} ${[value].flat().join(' ')}`,
    );
  const room = MAX_LENGTH - name.length - token.length - 4;
  const said = shortened(fileName(values.join(', ')), room);
  return said === '' ? `${name} ${token}` : `${name} (${said}) ${token}`;
}

/** A name as a file may have it, without what some systems do not take. */
export function fileName(name: string): string {
  return cut(name.replaceAll(/[\p{C}"*/:<>?\\|]+/gu, ' ').trim(), MAX_LENGTH);
}
