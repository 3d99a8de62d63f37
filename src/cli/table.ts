/**
 * Rows as columns for people to read, each as wide as its longest value. What could steer a terminal is replaced:
 * names come from other people.
 */
export function formatTable(headings: readonly string[], rows: readonly string[][]): string {
  const lines = [headings, ...rows].map((cells) =>
    cells.map((cell) => cell.replace(/\p{Cc}/gu, '\ufffd')),
  );
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? '').length)),
  );
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
