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
  if (reports <= 50_000) return 5;
  return 4;
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

/**
 * Draws every cell by the shape of its state, so that no eye needs the colour: full, half, hollow, triangle. Each shape is
 * drawn once and then stamped, which a hundred thousand of them do not make slow.
 */
export function drawCells(
  context: CanvasRenderingContext2D,
  states: string,
  { pitch, perLine }: Grid,
  inks: Inks,
): void {
  const scale = context.getTransform().a;
  const stamps = new Map(
    Object.entries(answers).map(([letter, answer]) => [
      letter,
      stampOf(answer, pitch, scale, inks),
    ]),
  );
  for (let index = 0; index < states.length; index++) {
    const stamp = stamps.get(states.charAt(index));
    if (stamp === undefined) continue;
    const x = (index % perLine) * pitch;
    const y = Math.floor(index / perLine) * pitch;
    context.drawImage(stamp, x, y, pitch, pitch);
  }
}

function stampOf(answer: Answer, pitch: number, scale: number, inks: Inks): HTMLCanvasElement {
  const stamp = document.createElement('canvas');
  stamp.width = pitch * scale;
  stamp.height = pitch * scale;
  const context = stamp.getContext('2d') as CanvasRenderingContext2D;
  context.scale(scale, scale);
  const paint = pitch < SMALL ? paintSmall : paintLarge;
  paint(context, answer, pitch, inks);
  return stamp;
}

/** In cells below this a shape would be a blot: their shades differ, and what never ran is a dot. */
const SMALL = 7;

function paintSmall(
  context: CanvasRenderingContext2D,
  answer: Answer,
  pitch: number,
  inks: Inks,
): void {
  const ink = {
    answering: inks.calm,
    failing: inks.alert,
    stale: inks.strong,
    never_ran: inks.strong,
  };
  // What fails is to be seen: it fills the gap, too.
  const size = { answering: pitch - 1, failing: pitch, stale: pitch - 1, never_ran: 1 }[answer];
  const from = answer === 'never_ran' ? 1 : 0;
  context.fillStyle = ink[answer];
  context.fillRect(from, from, size, size);
}

function paintLarge(
  context: CanvasRenderingContext2D,
  answer: Answer,
  pitch: number,
  inks: Inks,
): void {
  const size = pitch - (pitch > 8 ? 2 : 1);
  context.fillStyle = inks.strong;
  context.strokeStyle = inks.strong;
  switch (answer) {
    case 'answering':
      context.fillStyle = inks.calm;
      context.fillRect(0, 0, size, size);
      break;
    case 'failing':
      context.fillStyle = inks.alert;
      fillTriangle(context, [0, pitch - 1], [pitch - 1, pitch - 1], [(pitch - 1) / 2, 0]);
      break;
    case 'stale':
      fillTriangle(context, [0, 0], [size, size], [0, size]);
      context.strokeRect(0.5, 0.5, size - 1, size - 1);
      break;
    case 'never_ran':
      context.strokeRect(0.5, 0.5, size - 1, size - 1);
  }
}

type Point = [number, number];

function fillTriangle(context: CanvasRenderingContext2D, a: Point, b: Point, c: Point): void {
  context.beginPath();
  context.moveTo(...a);
  context.lineTo(...b);
  context.lineTo(...c);
  context.fill();
}
