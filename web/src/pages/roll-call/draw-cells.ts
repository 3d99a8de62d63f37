import type { Answer } from '../../api/roll-call.ts';
import type { Inks } from './inks.ts';

/** The letters by which the API says how the reports stand. */
export const answers: Record<string, Answer> = {
  a: 'answering',
  f: 'failing',
  s: 'stale',
  n: 'never_ran',
};

/** How cells lie on a canvas: from left to right, line by line. */
export type Grid = { pitch: number; perLine: number; lines: number };

/** The more reports, the smaller their cells; the smallest can still be pointed at. */
export function pitchFor(reports: number): number {
  if (reports <= 1_000) return 14;
  if (reports <= 4_000) return 11;
  if (reports <= 20_000) return 7;
  return 5;
}

export function gridOf(count: number, pitch: number, width: number): Grid {
  const perLine = Math.max(1, Math.floor(width / pitch));
  return { pitch, perLine, lines: Math.ceil(count / perLine) };
}

/** Which cell lies at a point, if one does. */
export function cellAt(grid: Grid, count: number, x: number, y: number): number | undefined {
  const column = Math.floor(x / grid.pitch);
  const line = Math.floor(y / grid.pitch);
  const index = line * grid.perLine + column;
  return column >= 0 && column < grid.perLine && line >= 0 && index < count ? index : undefined;
}

/** Every cell by the shape of its state, so that no eye needs the colour: full, half, hollow, triangle. */
export function drawCells(
  context: CanvasRenderingContext2D,
  states: string,
  grid: Grid,
  inks: Inks,
): void {
  const gap = grid.pitch > 8 ? 2 : 1;
  const size = grid.pitch - gap;
  const paths = { full: new Path2D(), alert: new Path2D(), half: new Path2D(), edge: new Path2D() };
  for (let index = 0; index < states.length; index++) {
    const x = (index % grid.perLine) * grid.pitch;
    const y = Math.floor(index / grid.perLine) * grid.pitch;
    switch (answers[states.charAt(index)]) {
      case 'answering':
        paths.full.rect(x, y, size, size);
        break;
      case 'failing':
        addTriangle(
          paths.alert,
          [x - 1, y + size],
          [x + size + 1, y + size],
          [x + size / 2, y - 1],
        );
        break;
      case 'stale':
        addTriangle(paths.half, [x, y], [x + size, y + size], [x, y + size]);
        paths.edge.rect(x + 0.5, y + 0.5, size - 1, size - 1);
        break;
      case 'never_ran':
        paths.edge.rect(x + 0.5, y + 0.5, size - 1, size - 1);
    }
  }
  context.fillStyle = inks.calm;
  context.fill(paths.full);
  context.fillStyle = inks.strong;
  context.fill(paths.half);
  context.strokeStyle = inks.strong;
  context.lineWidth = 1;
  context.stroke(paths.edge);
  context.fillStyle = inks.alert;
  context.fill(paths.alert);
}

function addTriangle(path: Path2D, ...[first, ...others]: [number, number][]): void {
  if (!first) return;
  path.moveTo(...first);
  for (const point of others) path.lineTo(...point);
  path.closePath();
}
