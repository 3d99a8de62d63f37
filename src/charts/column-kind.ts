/** A column of a result: its name, and the name of its type as results have it. */
export type ResultColumn = { name: string; type: string };

/** What a column's values are, as far as drawing goes. */
export type ColumnKind = 'number' | 'boolean' | 'date' | 'time' | 'text';

const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL(\(\d+,\s?\d+\))?)$/;

/** What a column's values are, by the name of its type; all that is nested or unknown is text. */
export function columnKind({ type }: ResultColumn): ColumnKind {
  const name = type.toUpperCase();
  if (NUMBER.test(name)) return 'number';
  if (name === 'BOOLEAN') return 'boolean';
  if (name === 'DATE') return 'date';
  return /^TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?$/.test(name) ? 'time' : 'text';
}
