import type { DateUnit, Writers } from '../../src/charts/writers.ts';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/** Writes numbers as English has them, and dates as far as they go. */
export const plainWriters: Writers = {
  title: (column) => column,
  cell: (_column, kind) => (value) =>
    value === null ? '–' : kind === 'number' ? number.format(Number(value)) : String(value),
  tick: () => (value) => number.format(value),
  zone: () => 'UTC',
  date: (_column, unit) => (timeMs) => writeDate(new Date(timeMs).toISOString(), unit),
  percent: (share) => percent.format(share),
};

function writeDate(iso: string, unit: DateUnit): string {
  const lengths: Partial<Record<DateUnit, number>> = {
    year: 4,
    month: 7,
    week: 10,
    day: 10,
    hour: 16,
    minute: 16,
    second: 19,
  };
  if (unit === 'quarter') return `${iso.slice(0, 4)} Q${Math.ceil(Number(iso.slice(5, 7)) / 3)}`;
  const clocks: Partial<Record<DateUnit, number>> = {
    clock: 16,
    'clock-second': 19,
    'clock-fraction': 23,
  };
  if (clocks[unit] !== undefined) return iso.slice(11, clocks[unit]);
  return iso.slice(0, lengths[unit]).replace('T', ' ');
}
