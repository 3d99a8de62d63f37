import { Link, useNavigate } from '@tanstack/react-router';
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import {
  type ListedReport,
  type OrderField,
  PER_PAGE,
  type ReportsSearch,
  useReportPages,
} from '../../api/report-list.ts';
import { startRun } from '../../api/runs.ts';
import { useSpaces } from '../../api/spaces.ts';
import { attempt } from '../../parts/attempt.ts';
import { FavoriteStar } from '../../parts/favorite-star.tsx';
import { isWriting } from '../../parts/is-writing.ts';
import { SeenBy } from '../../parts/seen-by.tsx';
import { StateMark, standingOf } from '../../parts/state-mark.tsx';
import { Time } from '../../parts/time.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import styles from './reports-page.module.css';

// Most who look for a report select none.
const BulkBar = lazy(() => import('../../manage/bulk-bar.tsx'));

const ROW_HEIGHT = 52;

/** The number that screen readers hear of the first row, below that of the heads. */
const FIRST_ROW = 2;

const columns: readonly { label: string; by?: OrderField; place: string | undefined }[] = [
  { label: words.reports.name, by: 'name', place: styles.name },
  { label: words.reports.space, by: 'space', place: styles.space },
  { label: words.reports.owner, by: 'creator', place: styles.owner },
  { label: words.reports.lastRun, by: 'last_run_at', place: styles.run },
  { label: words.reports.viewed, by: 'last_viewed_at', place: styles.viewed },
];

/** The list: however long it is, only the rows in sight are there, and only their pages are asked for. */
export function ReportTable({
  organization,
  search,
  count,
  onOrder,
}: {
  organization: string;
  search: ReportsSearch;
  count: number;
  onOrder: (next: ReportsSearch) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  /** The row that the arrows have reached; it keeps the focus wherever the page is scrolled. */
  const [reached, setChosen] = useState(-1);
  // Others may have deleted reports meanwhile.
  const chosen = Math.min(reached, count - 1);
  /** Whether the arrows want the focus there, which it may not have reached. */
  const isWanted = useRef(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const turn = (token: string, isOn: boolean) => {
    const next = new Set(selected);
    if (isOn) next.add(token);
    else next.delete(token);
    setSelected(next);
  };
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollMargin: top,
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(range);
      const isElsewhere = chosen >= 0 && !inSight.includes(chosen);
      return isElsewhere ? [...inSight, chosen].toSorted((a, b) => a - b) : inSight;
    },
  });
  const rows = virtual.getVirtualItems();
  const pages = [...new Set(rows.map(({ index }) => Math.floor(index / PER_PAGE) + 1))];
  const reports = useReportPages(organization, search, pages);
  const { data: recent } = useSpaces(organization);
  const own = recent?.spaces.find(({ isOwn }) => isOwn)?.token;
  const go = (index: number) => {
    const next = Math.max(0, Math.min(count - 1, index));
    isWanted.current = true;
    setChosen(next);
    virtual.scrollToIndex(next);
  };
  useEffect(() => {
    // As soon as the row is there; what is read again later moves no focus.
    const row = list.current?.querySelector(`[aria-rowindex="${chosen + FIRST_ROW}"]`);
    const link = isWanted.current && row?.querySelector<HTMLElement>('a');
    if (!link) return;
    isWanted.current = false;
    link.focus({ preventScroll: true });
  });
  useKeys({ organization, chosen, report: reports[chosen], onGo: go });

  return (
    <>
      {selected.size > 0 && (
        <Suspense>
          <div className={styles.bulk}>
            <BulkBar
              organization={organization}
              count={count}
              shown={[]}
              selected={selected}
              onSelect={(next) => setSelected(next === 'all' ? selected : next)}
            />
          </div>
        </Suspense>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a table of so many rows would have to have them all. */}
      <div role="table" aria-rowcount={count + 1} aria-label={words.places.reports}>
        {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
        <div role="row" tabIndex={-1} className={styles.head}>
          {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
          <div role="columnheader" tabIndex={-1}>
            <span className="out-of-sight">{words.reports.selected}</span>
          </div>
          {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
          <div role="columnheader" tabIndex={-1}>
            <span className="out-of-sight">{words.reports.favorites}</span>
          </div>
          {columns.map(({ label, by, place }) => (
            // biome-ignore lint/a11y/useSemanticElements: as above.
            <div
              key={label}
              role="columnheader"
              tabIndex={-1}
              className={place}
              aria-sort={
                by !== undefined && search.by === by
                  ? search.down
                    ? 'descending'
                    : 'ascending'
                  : undefined
              }
            >
              {by ? (
                <button type="button" onClick={() => onOrder(nextOrder(search, by))}>
                  {label}
                  {search.by === by && (search.down ? ' ↓' : ' ↑')}
                </button>
              ) : (
                label
              )}
            </div>
          ))}
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
        <div
          ref={list}
          role="rowgroup"
          className={styles.rows}
          style={{ height: virtual.getTotalSize() }}
          onFocus={({ target }) => {
            const row = (target as HTMLElement).closest('[aria-rowindex]');
            setChosen(Number(row?.getAttribute('aria-rowindex')) - FIRST_ROW);
          }}
        >
          {rows.map(({ index, start }) => (
            <Row
              key={index}
              organization={organization}
              report={reports[index]}
              isOwn={own !== undefined && reports[index]?.space_token === own}
              index={index}
              isSelected={selected.has(reports[index]?.token ?? '')}
              onSelect={turn}
              offset={start - top}
            />
          ))}
        </div>
      </div>
    </>
  );
}

function Row({
  organization,
  report,
  isOwn,
  index,
  isSelected,
  offset,
  onSelect,
}: {
  organization: string;
  report: ListedReport | undefined;
  /** Whether it lies in the reader's own space. */
  isOwn: boolean;
  index: number;
  isSelected: boolean;
  offset: number;
  onSelect: (token: string, isOn: boolean) => void;
}) {
  const space = isOwn ? words.ownSpace : report?.space_name;
  const owner = report?.creator_email?.split('@')[0];
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the table.
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={index + FIRST_ROW}
      className={styles.row}
      style={{ transform: `translateY(${offset}px)` }}
    >
      {/* biome-ignore-start lint/a11y/useSemanticElements: see the table. */}
      <div role="cell" className={styles.check}>
        {report && (
          <input
            type="checkbox"
            aria-label={words.select(report.name ?? words.untitled)}
            checked={isSelected}
            onChange={({ target }) => onSelect(report.token, target.checked)}
          />
        )}
      </div>
      <div role="cell" className={styles.star}>
        {report && (
          <FavoriteStar organization={organization} report={report} isFavorite={report.favorite} />
        )}
      </div>
      <div role="cell" className={styles.name}>
        {report && (
          <>
            <StateMark standing={standingOf(report.last_run_state)} quiet />
            <Link
              to="/$organization/reports/$report"
              params={{ organization, report: report.token }}
              className={styles.link}
            >
              {report.name ?? words.untitled}
            </Link>
            <span className={styles.description} title={report.description ?? undefined}>
              {report.description}
            </span>
            <span className={styles.placeAndOwner}>
              {[space, owner].filter(Boolean).join(' · ')}
            </span>
          </>
        )}
      </div>
      <div role="cell" className={styles.space}>
        {report && <SeenBy isPersonal={report.personal} isOwn={isOwn} />} {space}
      </div>
      <div role="cell" className={styles.owner} title={report?.creator_email ?? undefined}>
        {owner}
      </div>
      <div role="cell" className={styles.run}>
        {report && (
          <>
            {report.last_run_state === 'failed' && (
              <span className={styles.failed}>{words.standing.failed} </span>
            )}
            <Time at={report.last_run_at} />
          </>
        )}
      </div>
      <div role="cell" className={styles.viewed}>
        {report && <Time at={report.last_viewed_at} />}
      </div>
      {/* biome-ignore-end lint/a11y/useSemanticElements: see the table. */}
    </div>
  );
}

/** The first time from the end where one looks for what was last; then the other way; then as it was. */
function nextOrder({ by, down }: ReportsSearch, field: OrderField): ReportsSearch {
  const startsDown = field.endsWith('_at');
  if (by !== field) return { by: field, down: startsDown || undefined };
  if (Boolean(down) === startsDown) return { by: field, down: !startsDown || undefined };
  return { by: undefined, down: undefined };
}

/** Arrows move, also from the search; `e` edits, `r` runs. */
function useKeys({
  organization,
  chosen,
  report,
  onGo,
}: {
  organization: string;
  chosen: number;
  report: ListedReport | undefined;
  onGo: (index: number) => void;
}): void {
  const navigate = useNavigate();
  useEffect(() => {
    const params = { organization, report: report?.token ?? '' };
    const act = new Map<string, () => unknown>();
    act.set('ArrowDown', () => onGo(chosen + 1));
    act.set('ArrowUp', () => onGo(chosen - 1));
    if (report) {
      act.set('e', () => navigate({ to: '/$organization/reports/$report/edit', params }));
      act.set('r', () =>
        attempt(async () => {
          await startRun(organization, report.token, {});
          say(words.reports.runStarted(report.name ?? words.untitled));
        }),
      );
    }
    const press = (event: KeyboardEvent) => {
      const { target, key, defaultPrevented } = event;
      const isArrow = key === 'ArrowDown' || key === 'ArrowUp';
      const isField = target instanceof HTMLInputElement;
      const isPassedOn = isField && (target.type === 'search' || target.type === 'checkbox');
      const handle = act.get(key);
      if (!handle || defaultPrevented) return;
      if (isWriting(event) && !(isArrow && isPassedOn)) return;
      event.preventDefault();
      handle();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [organization, chosen, report, onGo, navigate]);
}
