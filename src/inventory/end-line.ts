import { type ListName, lists } from './lists.ts';

/** What the last line of a list as NDJSON says of the lines before it; a list without one may have been cut off. */
export type EndLine = { list: ListName; rows: number; includesPersonal: boolean };

/** The line, with its line feed. */
export function endLineOf({ list, rows, includesPersonal }: EndLine): string {
  const spaces = includesPersonal ? { include_spaces: 'all' } : {};
  return `${JSON.stringify({ end: { list, rows, ...spaces } })}\n`;
}

/** Reads a line's value; undefined where it is something else, such as a row. */
export function readEndLine(value: unknown): EndLine | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).join() !== 'end')
    return undefined;
  const { end } = value as { end: unknown };
  const { list, rows, include_spaces: spaces } = (end ?? {}) as Record<string, unknown>;
  if (typeof list !== 'string' || !Object.hasOwn(lists, list) || !Number.isSafeInteger(rows))
    return undefined;
  return { list: list as ListName, rows: rows as number, includesPersonal: spaces === 'all' };
}
