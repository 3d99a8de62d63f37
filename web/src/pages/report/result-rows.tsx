import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Total } from '../../../../src/charts/picture.ts';
import { BLOCK_ROWS, type RowsOf, useRowBlocks, useTotals } from '../../api/rows.ts';
import type { Preview } from '../../api/runs.ts';
import { Failure } from '../../parts/notice.tsx';
import { useDebounced } from '../../parts/use-debounced.ts';
import type { Formats } from '../../results/format.ts';
import { allColumns, asTheyAre, gridColumns } from '../../results/grid-columns.ts';
import { type GridOrder, ResultGrid } from '../../results/result-grid.tsx';
import { ResultTable } from '../../results/result-table.tsx';
import { words } from '../../words.ts';
import styles from './result-rows.module.css';

/** With fewer rows one sees them all. */
const MIN_SEARCHED = 12;
/** Each search of a large result is work for the server: not for each letter. */
const SEARCH_MS = 300;
/** Rows that are scrolled past are not read. */
const SCROLL_MS = 60;

type Shown = {
  of: RowsOf;
  preview: Preview;
  label: string;
  only?: readonly string[] | undefined;
  formats?: Formats | undefined;
  /** Of all rows. */
  totals?: readonly Total[] | undefined;
};

const noTotals: readonly Total[] = [];

/** All rows of a run's result, with a search: those of the preview at once, others as they come into sight. */
export function ResultRows(shown: Shown) {
  const { rows, row_count: count } = shown.preview;
  const [search, setSearch] = useState('');
  const settled = useDebounced(search, SEARCH_MS).trim();
  const [found, setFound] = useState<number>();
  return (
    <div className={styles.rows}>
      {count >= MIN_SEARCHED && (
        <div className={styles.bar}>
          <input
            type="search"
            className={styles.search}
            aria-label={words.table.search(shown.label)}
            placeholder={words.table.searchRows}
            value={search}
            maxLength={1_000}
            onChange={(event) => setSearch(event.target.value)}
          />
          <span className={styles.count} role="status">
            {settled === '' || found === undefined
              ? words.table.rows(count)
              : words.table.found(found, count)}
          </span>
        </div>
      )}
      {/* What a search finds is totaled by the server, which then finds it, too. */}
      {rows.length === count && !shown.totals?.length ? (
        <RowsAtHand {...shown} search={settled} onFound={setFound} />
      ) : (
        <RowsOfServer {...shown} search={settled} onFound={setFound} />
      )}
    </div>
  );
}

type Searched = Shown & { search: string; onFound: (count: number | undefined) => void };

function RowsAtHand({
  preview: { columns, rows },
  label,
  only,
  formats,
  search,
  onFound,
}: Searched) {
  const found = useMemo(() => {
    const text = search.toLowerCase();
    if (text === '') return rows;
    return rows.filter((row) => row.some((cell) => textOf(cell).includes(text)));
  }, [rows, search]);
  useEffect(() => onFound(found.length), [onFound, found.length]);
  return <ResultTable columns={columns} rows={found} label={label} only={only} formats={formats} />;
}

function RowsOfServer({
  of,
  preview,
  label,
  only = allColumns,
  formats = asTheyAre,
  totals: ofAll = noTotals,
  search,
  onFound,
}: Searched) {
  const columns = useMemo(
    () => gridColumns(preview.columns, only, formats),
    [preview.columns, only, formats],
  );
  const [order, setOrder] = useState<GridOrder>();
  const [range, setRange] = useState({ first: 0, end: 0 });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const drawn = useRef(range);
  const onWindow = useCallback((first: number, end: number) => {
    if (drawn.current.first === first && drawn.current.end === end) return;
    drawn.current = { first, end };
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setRange({ first, end }), SCROLL_MS);
  }, []);

  const sort = order && {
    name: (preview.columns[order.column] as { name: string }).name,
    isDown: order.isDown,
  };
  const isWhole = sort === undefined && search === '';
  const isAtHand = (row: number) => isWhole && row < preview.rows.length;
  const blocks = blocksIn(range).filter((block) => !isAtHand((block + 1) * BLOCK_ROWS - 1));
  // The first block says how many rows there are.
  const wanted = search === '' || blocks.includes(0) ? blocks : [0, ...blocks];
  const { results, blockAt, readBlock } = useRowBlocks(of, { sort, search }, wanted);
  const known = results.find(({ data }) => data !== undefined)?.data?.row_count;
  const count = search === '' ? preview.row_count : (known ?? preview.row_count);
  useEffect(() => onFound(known), [onFound, known]);

  const { totals, error: totalsError } = useTotals(of, search, ofAll);
  const error = results.find((result) => result.error)?.error ?? totalsError;
  const rowAt = (row: number) =>
    isAtHand(row)
      ? preview.rows[row]
      : blockAt(Math.floor(row / BLOCK_ROWS))?.rows[row % BLOCK_ROWS];
  const readRows = async (first: number, size: number) => {
    const rows = [];
    for (const block of blocksIn({ first, end: first + size })) {
      if (!isAtHand((block + 1) * BLOCK_ROWS - 1)) await readBlock(block);
      const start = block * BLOCK_ROWS;
      for (
        let row = Math.max(first, start);
        row < Math.min(first + size, start + BLOCK_ROWS);
        row++
      ) {
        const found = rowAt(row);
        if (found) rows.push(found);
      }
    }
    return rows;
  };
  return (
    <>
      <ResultGrid
        columns={columns}
        rows={{ count, rowAt, readRows, sample: preview.rows }}
        order={order}
        onOrder={(next) => {
          setOrder(next);
          setRange({ first: 0, end: range.end - range.first });
        }}
        label={label}
        view={JSON.stringify([search, sort])}
        totals={totals}
        onWindow={onWindow}
      />
      {error && <Failure error={error} />}
    </>
  );
}

/** The blocks that rows are in. */
function blocksIn({ first, end }: { first: number; end: number }): number[] {
  const start = Math.floor(first / BLOCK_ROWS);
  const count = Math.ceil(end / BLOCK_ROWS) - start;
  return Array.from({ length: Math.max(0, count) }, (_, index) => start + index);
}

function textOf(cell: unknown): string {
  const text = typeof cell === 'object' ? JSON.stringify(cell ?? '') : String(cell);
  return text.toLowerCase();
}
