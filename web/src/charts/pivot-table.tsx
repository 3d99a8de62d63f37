import { useMemo, useRef } from 'react';
import { type PivotTexts, TOTAL } from '../../../src/charts/numbers-of.ts';
import type { SeriesPicture } from '../../../src/charts/picture.ts';
import { sayPart } from '../../../src/charts/say-notes.ts';
import type { Writers } from '../../../src/charts/writers.ts';
import type { PivotCells } from '../api/pictures.ts';
import { classes } from '../parts/classes.ts';
import { Failure } from '../parts/notice.tsx';
import { MOST_PRINTED_ROWS, usePrinting } from '../parts/use-printing.ts';
import { useRowWindow } from '../results/use-row-window.ts';
import chart from './chart.module.css';
import { usePivotBlocks } from './pivot-blocks.ts';
import styles from './pivot-table.module.css';
import { useColumnWindow } from './use-column-window.ts';

const ROW_HEIGHT = 28;
const MIN_WIDTH = 64;
const MOST_NAME_WIDTH = 240;
const CHARACTER = 8.2;
const PADDING = 28;
const MOST_PRINTED_COLUMNS = 12;
/** Browsers draw nothing beyond about 17 million pixels. */
const MOST_WIDTH = 15_000_000;

/** A pivot table of any size, of which the cells in sight are drawn. Names and totals stay in sight. */
export function PivotTable({
  picture,
  writers,
  label,
  cells,
}: {
  /** All of it, or its first rows and columns. */
  picture: SeriesPicture;
  writers: Writers;
  label: string;
  /** What reads the rest; without it, the first part is all that is shown. */
  cells: PivotCells | undefined;
}) {
  const scroller = useRef<HTMLElement>(null);
  const size = sizeOf(picture);
  const grown = useRef(MIN_WIDTH);
  const readable = cells ? size.whole : size.here;
  const shown = {
    rows: readable.rows,
    columns: Math.min(readable.columns, Math.floor(MOST_WIDTH / grown.current)),
  };
  const isPrinting = usePrinting();
  const printed = {
    rows: Math.min(size.here.rows, MOST_PRINTED_ROWS),
    columns: Math.min(size.here.columns, MOST_PRINTED_COLUMNS),
  };
  const rowWindow = useRowWindow(scroller, shown.rows, ROW_HEIGHT);
  const columnWindow = useColumnWindow(scroller, shown.columns, grown.current);
  const rows = isPrinting ? { first: 0, end: printed.rows, above: 0, below: 0 } : rowWindow;
  const columns = isPrinting ? { first: 0, end: printed.columns } : columnWindow;
  const { first, blockAt, error } = usePivotBlocks(
    picture,
    isPrinting ? undefined : cells,
    { rows, columns },
    writers,
  );
  const inSight = drawnRows(blockAt, rows, columns);
  const widthOfFirst = useMemo(() => widthOf(first), [first]);
  const width = Math.max(
    grown.current,
    widthOfFirst,
    ...inSight.map(({ longest }) => widthFor(longest)),
  );
  // A number that is cut off would be read as another: columns grow with what comes into sight.
  grown.current = width;

  const nameWidths = useMemo(() => nameWidthsOf(first), [first]);
  const left = nameWidths.map((_, at) =>
    nameWidths.slice(0, at).reduce((sum, one) => sum + one, 0),
  );
  const places = range(columns.first, columns.end);
  const titleOf = (place: number) => {
    const block = blockAt(rows.first, place);
    return block?.texts.columns[block.texts.names + place - block.column]?.title;
  };
  const before = columns.first * width;
  const hasTotals = first.rowTotals !== undefined;
  const totalWidth =
    nameWidths.reduce((sum, one) => sum + one, 0) + shown.columns * width + (hasTotals ? width : 0);
  const part = sayPart(isPrinting ? printed : shown, size.whole, writers);
  return (
    <>
      <section
        ref={scroller}
        className={classes(styles.scroller, 'whole-on-paper')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: readers scroll it by keyboard.
        tabIndex={0}
        aria-label={label}
      >
        <table
          className={styles.table}
          style={{ width: totalWidth }}
          aria-rowcount={shown.rows + 1}
          aria-colcount={nameWidths.length + shown.columns + (hasTotals ? 1 : 0)}
        >
          <colgroup>
            {nameWidths.map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns of names have no other name.
              <col key={at} style={{ width: one }} />
            ))}
            {before > 0 && <col style={{ width: before }} />}
            {places.map((place) => (
              <col key={place} style={{ width }} />
            ))}
            <col />
            {hasTotals && <col style={{ width }} />}
          </colgroup>
          <thead>
            <tr>
              {nameWidths.map((_, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns of names have no other name.
                <th key={at} scope="col" className={styles.name} style={{ left: left[at] }}>
                  {first.columns[at]?.title}
                </th>
              ))}
              {before > 0 && <td aria-hidden="true" />}
              {places.map((place) => {
                const title = titleOf(place);
                return (
                  <th
                    key={place}
                    scope="col"
                    aria-colindex={nameWidths.length + place + 1}
                    title={title}
                  >
                    {title ?? <span className={styles.coming} />}
                  </th>
                );
              })}
              <td aria-hidden="true" />
              {hasTotals && (
                <th scope="col" className={styles.total}>
                  {TOTAL}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.above > 0 && <tr style={{ height: rows.above }} />}
            {inSight.map(({ row, names, texts, total }) => (
              <tr key={row} aria-rowindex={row + 2} aria-busy={names === undefined || undefined}>
                {nameWidths.map((_, at) => (
                  <th
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns of names have no other name.
                    key={at}
                    scope="row"
                    className={styles.name}
                    style={{ left: left[at] }}
                    title={names?.[at]}
                  >
                    {names ? names[at] : <span className={styles.coming} />}
                  </th>
                ))}
                {before > 0 && <td aria-hidden="true" />}
                {texts.map((text, at) => (
                  <td key={places[at]} aria-colindex={nameWidths.length + (places[at] ?? 0) + 1}>
                    {text ?? <span className={styles.coming} />}
                  </td>
                ))}
                <td aria-hidden="true" />
                {hasTotals && <td className={styles.total}>{total}</td>}
              </tr>
            ))}
            {rows.below > 0 && <tr style={{ height: rows.below }} />}
          </tbody>
          {first.columnTotals && (
            <tfoot>
              {first.columnTotals.map(({ names, all }, measure) => (
                <tr
                  key={names.join()}
                  style={{ bottom: ((first.columnTotals?.length ?? 0) - 1 - measure) * ROW_HEIGHT }}
                >
                  {names.map((name, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns of names have no other name.
                    <th key={at} scope="row" className={styles.name} style={{ left: left[at] }}>
                      {name}
                    </th>
                  ))}
                  {before > 0 && <td aria-hidden="true" />}
                  {places.map((place) => {
                    const block = blockAt(rows.first, place);
                    return (
                      <td key={place}>
                        {block?.texts.columnTotals?.[measure]?.cells[place - block.column]}
                      </td>
                    );
                  })}
                  <td aria-hidden="true" />
                  {hasTotals && <td className={styles.total}>{all}</td>}
                </tr>
              ))}
            </tfoot>
          )}
        </table>
      </section>
      {part !== '' && <p className={chart.notes}>{part}</p>}
      {error && <Failure error={error} />}
    </>
  );
}

function sizeOf({ part, series, x }: SeriesPicture) {
  const here = { rows: series.length, columns: x.values.length };
  const whole = part ? { rows: part.row_count, columns: part.column_count } : here;
  return { here, whole };
}

type BlockAt = ReturnType<typeof usePivotBlocks>['blockAt'];

/** The rows in sight: what names them, their cells in sight, and their totals. */
function drawnRows(
  blockAt: BlockAt,
  rows: { first: number; end: number },
  columns: { first: number; end: number },
) {
  return range(rows.first, rows.end).map((row) => {
    const inRow = (column: number) => {
      const block = blockAt(row, column);
      const texts = block?.texts.rows[row - block.row];
      return block && texts && { ...block, cells: texts };
    };
    const one = inRow(columns.first);
    const texts = range(columns.first, columns.end).map((column) => {
      const found = inRow(column);
      return found?.cells[found.texts.names + column - found.column];
    });
    const total = one?.texts.rowTotals?.[row - one.row];
    const longest = Math.max(total?.length ?? 0, ...texts.map((text) => text?.length ?? 0));
    return { row, names: one?.cells.slice(0, one.texts.names), texts, total, longest };
  });
}

const range = (first: number, end: number) =>
  Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);

const widthFor = (characters: number) =>
  Math.max(MIN_WIDTH, Math.round(characters * CHARACTER + PADDING));

/** The width in which every number of a part fits; titles are cut. */
function widthOf({ rows, names, columns, rowTotals = [], columnTotals = [] }: PivotTexts): number {
  const numbers = [
    ...rows.flatMap((row) => row.slice(names)),
    ...rowTotals,
    ...columnTotals.flatMap(({ cells, all = '' }) => [...cells, all]),
  ];
  const longest = numbers.reduce((most, text) => Math.max(most, text.length), TOTAL.length);
  const titles = columns.slice(names).reduce((most, { title }) => Math.max(most, title.length), 0);
  return Math.max(widthFor(longest), Math.min(widthFor(titles), MOST_NAME_WIDTH));
}

function nameWidthsOf({ rows, names, columns, columnTotals = [] }: PivotTexts): number[] {
  return range(0, names).map((at) => {
    const texts = [
      columns[at]?.title ?? '',
      ...rows.map((row) => row[at] ?? ''),
      ...columnTotals.map((total) => total.names[at] ?? ''),
    ];
    const longest = texts.reduce((most, text) => Math.max(most, text.length), 0);
    return Math.min(widthFor(longest), MOST_NAME_WIDTH);
  });
}
