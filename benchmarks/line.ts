import type { Settings } from './settings.ts';

/** One line of the table: what was measured, against what, and what is to be reached. */
export type Line = {
  /** The name of the goal. */
  id: string;
  what: string;
  ours: string;
  /** What the anchor does; undefined where the goal is a plain number. */
  anchor?: string;
  /** How long each server had a processor for one request, in microseconds. */
  serverUs?: { ours: number; anchor?: number };
  /** What the goal is about: a ratio unless it has a unit. */
  value: number;
  unit?: 'MB' | 's' | 'ms' | 'reports/s';
  /** Undefined where it is only good to know. */
  goal?: { atLeast: number } | { atMost: number };
};

/** Some lines of the table that are measured together. */
export type Figure = {
  ids: readonly string[];
  measure: (settings: Settings) => Promise<Line[]>;
};

export const perSecond = (count: number): string => `${Math.round(count).toLocaleString('en')}/s`;
export const milliseconds = (ms: number): string => `${ms.toFixed(2)} ms`;
export const seconds = (count: number): string => `${count.toFixed(2)} s`;

/** The lines as a Markdown table. */
export function tableOf(lines: readonly Line[]): string {
  const cells = [
    ['goal', 'what', 'Rollcall', 'anchor', 'processor time a request', 'result', 'to reach', ''],
    ...lines.map((line) => [
      line.id,
      line.what,
      line.ours,
      line.anchor ?? '',
      timesOf(line),
      shown(line.value, line.unit),
      ...goalCells(line),
    ]),
  ];
  const [head = [], ...rows] = cells;
  const widths = head.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0), 3),
  );
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] as number)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function timesOf({ serverUs }: Line): string {
  if (serverUs === undefined) return '';
  const { ours, anchor } = serverUs;
  return [ours, anchor]
    .filter((us) => us !== undefined)
    .map((us) => `${us.toFixed(0)} us`)
    .join(' / ');
}

function goalCells({ value, unit, goal }: Line): [goal: string, isReached: string] {
  if (goal === undefined) return ['', ''];
  const [words, limit, isReached] =
    'atLeast' in goal
      ? ['at least', goal.atLeast, value >= goal.atLeast]
      : ['at most', goal.atMost, value <= goal.atMost];
  return [`${words} ${shown(limit, unit)}`, isReached ? 'reached' : '**not reached**'];
}

function shown(value: number, unit: Line['unit']): string {
  if (unit === undefined) return value >= 20 ? value.toFixed(0) : value.toFixed(2);
  const digits = unit === 's' ? 2 : 0;
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })} ${unit}`;
}
