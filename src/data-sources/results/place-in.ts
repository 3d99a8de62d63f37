/** Line and character, from 1, of an offset into SQL. */
export function placeIn(sql: string, offset: number): { line: number; position: number } {
  const before = sql.slice(0, offset).split('\n');
  return { line: before.length, position: (before.at(-1)?.length ?? 0) + 1 };
}
