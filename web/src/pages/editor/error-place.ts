/**
 * The line of the SQL as written where the engine says that something is wrong. It speaks of the SQL that it got,
 * which has other lines where parameters stand: the nearest line that reads the same is meant.
 */
export function lineAsWritten(
  written: string,
  rendered: string | null,
  line: number | null,
): number | undefined {
  if (line === null) return undefined;
  if (rendered === null) return line;
  const lines = written.split('\n').map((text) => text.trim());
  const meant = rendered.split('\n')[line - 1]?.trim();
  if (lines[line - 1] === meant) return line;
  const places = lines.flatMap((text, index) => (text === meant ? [index + 1] : []));
  const nearest = places.toSorted((a, b) => Math.abs(a - line) - Math.abs(b - line))[0];
  // A line with a parameter reads otherwise; where nothing else moved, it stands where it stood.
  return nearest ?? (lines.length === rendered.split('\n').length ? line : undefined);
}
