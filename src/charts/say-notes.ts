import { aggregateTitle, inWords } from './measure-title.ts';
import { splitTitle } from './names.ts';
import type { Note, Picture } from './picture.ts';
import type { Writers } from './writers.ts';

/** What was done to the result to draw it, in one line; empty if nothing was. */
export function sayNotes(picture: Picture, writers: Writers): string {
  const sentences = picture.notes.map((note) =>
    note.note === 'aggregated'
      ? `${aggregateTitle(note.aggregate, note.columns, writers)} ${grouping(picture, writers)}.`
      : sentence(note, picture, writers),
  );
  const totals = picture.kind === 'rows' ? (picture.totals ?? []) : [];
  const leftOut = totals
    .filter(({ left_out: count }) => count > 0)
    .map(
      ({ column, left_out: count }) => `${invalid(count, column, writers)} left out of the total.`,
    );
  return [...sentences, ...leftOut].join(' ');
}

/** How much of a pivot table is shown; empty where it is all of it. */
export function sayPart(
  shown: { rows: number; columns: number },
  of: { rows: number; columns: number },
  { cell }: Pick<Writers, 'cell'>,
): string {
  const write = cell(null, 'number');
  const part = (name: 'rows' | 'columns') =>
    shown[name] < of[name] ? [`${write(shown[name])} of ${write(of[name])} ${name}`] : [];
  const parts = [...part('rows'), ...part('columns')];
  return parts.length === 0 ? '' : `The first ${parts.join(' and ')}.`;
}

type OtherNote = Exclude<Note, { note: 'aggregated' }>;

function sentence(note: OtherNote, { kind }: Picture, writers: Writers): string {
  const write = writers.cell(null, 'number');
  const many = (count: number, one: string) => `${write(count)} ${one}${count === 1 ? '' : 's'}`;
  switch (note.note) {
    case 'grouped': {
      const zone = note.time_zone === null ? '' : ` in ${note.time_zone}`;
      const why = note.chosen ? ', because there are too many dates to draw' : '';
      return `Grouped by ${note.unit}${zone}${why}.`;
    }
    case 'sampled':
      return `${write(note.drawn)} of ${many(note.of, 'point')} drawn.`;
    case 'other_series':
      return `The smallest ${write(note.count)} ${seriesOf(note, writers)} are shown together as “Other”.`;
    case 'series_left_out':
      return `Only the largest ${write(note.of - note.count)} of ${write(note.of)} ${seriesOf(note, writers)} drawn.`;
    case 'other_values':
      return `The smallest ${write(note.count)} values of ${writers.title(note.column)} are shown together as “Other”.`;
    case 'values_left_out':
      return `Only the largest ${write(note.of - note.count)} of ${write(note.of)} values of ${writers.title(note.column)} drawn.`;
    case 'empty_x':
      return `${many(note.rows, 'row')} without ${writers.title(note.column)} left out.`;
    case 'not_finite':
      return `${invalid(note.count, note.column, writers)} ${kind === 'figure' ? 'left out' : `shown as ${note.count === 1 ? 'a gap' : 'gaps'}`}.`;
    case 'not_stacked':
      return 'Drawn as lines, because areas with values above and below 0 cannot be stacked.';
    case 'result_cut':
      if (note.by === 'try')
        return `Drawn from the first ${many(note.rows, 'row')} of the result, the most that the editor reads.`;
      return `The result was truncated to ${many(note.rows, 'row')}, the limit of the server.`;
  }
}

/** "3 infinite or invalid values of price". */
function invalid(count: number, column: string | null, writers: Writers): string {
  const values = `infinite or invalid value${count === 1 ? '' : 's'}`;
  const of = column === null ? '' : ` of ${writers.title(column)}`;
  return `${writers.cell(null, 'number')(count)} ${values}${of}`;
}

/** "values of region"; columns that are measured have no column of their own. */
function seriesOf({ column }: { column: string | null }, writers: Writers): string {
  return column === null ? 'columns' : `values of ${writers.title(column)}`;
}

/** By what rows were aggregated: "by month and region". */
function grouping(picture: Picture, writers: Writers): string {
  if (picture.kind !== 'series' && picture.kind !== 'points') return 'for all rows';
  const { column, unit } = picture.x;
  const split = splitTitle(picture, writers);
  const names = [
    ...(column === null ? [] : [unit ?? writers.title(column)]),
    ...(split === '' ? [] : [split]),
  ];
  return names.length === 0 ? 'for all rows' : `by ${inWords(names)}`;
}
