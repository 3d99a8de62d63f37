import type { Random } from './random.ts';
import type { Topic } from './teams.ts';

const AUDIENCES = ['the board', 'the Monday meeting', 'the leadership team', 'Anaïs', 'the QBR'];
const PERIODS = ['weekly', 'monthly', 'daily', 'Q3', 'YTD', '2025', 'last 30 days', 'YoY'];
const CAVEATS = [
  'Test accounts are left out.',
  'Numbers before 2023 come from the old system and are not comparable.',
  'Updated every morning at 06:00 UTC.',
  'Please ask before you change the filters; a dashboard reads this.',
  'Work in progress, do not quote.',
  'Definitions: see the handbook.',
  'Beträge in Euro, ohne Mehrwertsteuer.',
];

/** The name an analyst might give a report, or null for one that was never named. */
export function reportName({ metric, dimension }: Topic, random: Random): string | null {
  const { name } = metric;
  switch (random.below(16)) {
    case 0:
      return null;
    case 1:
      return name;
    case 2:
      return `${name} for ${random.pick(AUDIENCES)}`;
    case 3:
      return `[WIP] ${name} by ${dimension.name}`;
    case 4:
      return `${name} by ${dimension.name} (copy)`;
    case 5:
      return `${random.pick(['📈', '🔥', '✅', '🚨'])} ${name} ${random.pick(PERIODS)}`;
    case 6:
      return `${name} v${2 + random.below(4)}`;
    case 7:
      return `Übersicht ${name} – ${random.pick(PERIODS)}`;
    case 8:
      return `Why did ${name.toLowerCase()} move? ${random.pick(PERIODS)} deep dive`;
    case 9:
    case 10:
    case 11:
      return `${name}, ${random.pick(PERIODS)}`;
    default:
      return `${name} by ${dimension.name}`;
  }
}

/** What an analyst might write about a report; null for the many of which nobody did. */
export function reportDescription({ metric, dimension }: Topic, random: Random): string | null {
  if (random.chance(0.45)) return null;
  const about = random.pick([
    `${metric.name} by ${dimension.name}, from ${metric.table}.`,
    `Tracks ${metric.name.toLowerCase()} per ${dimension.name} for ${random.pick(AUDIENCES)}.`,
    `One row per ${dimension.name} and week.`,
    `Made for ${random.pick(AUDIENCES)}; ${random.pick(PERIODS)} view of ${metric.name.toLowerCase()}.`,
  ]);
  return random.chance(0.4) ? `${about} ${random.pick(CAVEATS)}` : about;
}

/** A chart's title; null where the author left it out. */
export function chartTitle({ metric, dimension }: Topic, random: Random): string | null {
  if (random.chance(0.08)) return null;
  return random.pick([
    metric.name,
    `${metric.name} by ${dimension.name}`,
    `${metric.name} by ${dimension.name}, ${random.pick(PERIODS)}`,
    `${metric.name}, ${random.pick(PERIODS)}`,
  ]);
}

/** A query's name. */
export function queryName({ metric, dimension }: Topic, nth: number, random: Random): string {
  return random.pick([
    `Query ${nth + 1}`,
    metric.name.toLowerCase(),
    `${metric.name} by ${dimension.name}`,
    `by_${dimension.column}`,
  ]);
}
