import { Link, useNavigate } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
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
import { isWriting } from '../../parts/is-writing.ts';
import { PersonalMark } from '../../parts/personal-mark.tsx';
import { StateMark, standingOf } from '../../parts/state-mark.tsx';
import { Time } from '../../parts/time.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import styles from './reports-page.module.css';

// Most who look for a report select none.
const BulkBar = lazy(() => import('../../manage/bulk-bar.tsx'));

const ROW_HEIGHT = 36;

const columns: readonly { label: string; by?: OrderField; place: string | undefined }[] = [
  { label: words.reports.name, by: 'name', place: styles.name },
  { label: words.reports.space, place: styles.space },
  { label: words.reports.owner, place: styles.owner },
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
  const [chosen, setChosen] = useState(-1);
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
  });
  const rows = virtual.getVirtualItems();
  const pages = [...new Set(rows.map(({ index }) => Math.floor(index / PER_PAGE) + 1))];
  const reports = useReportPages(organization, search, pages);
  const { data: recent } = useSpaces(organization);
  const own = recent?.spaces.find(({ isOwn }) => isOwn)?.token;
  useKeys({ organization, count, chosen, report: reports[chosen], onChoose: setChosen });
  useEffect(() => {
    if (chosen >= 0) virtual.scrollToIndex(chosen);
  }, [chosen, virtual]);

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
        >
          {rows.map(({ index, start }) => (
            <Row
              key={index}
              organization={organization}
              report={reports[index]}
              isOwn={own !== undefined && reports[index]?.space_token === own}
              index={index}
              isChosen={index === chosen}
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
  isChosen,
  isSelected,
  offset,
  onSelect,
}: {
  organization: string;
  report: ListedReport | undefined;
  /** Whether it lies in the reader's own space. */
  isOwn: boolean;
  index: number;
  isChosen: boolean;
  isSelected: boolean;
  offset: number;
  onSelect: (token: string, isOn: boolean) => void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the table.
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={isChosen || undefined}
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
      <div role="cell" className={styles.name}>
        {report && (
          <>
            <StateMark standing={standingOf(report.last_run_state)} quiet />
            <Link
              to="/$organization/reports/$report"
              params={{ organization, report: report.token }}
              className={styles.link}
              title={report.description ?? undefined}
            >
              {report.name ?? words.untitled}
            </Link>
          </>
        )}
      </div>
      <div role="cell" className={styles.space}>
        {isOwn ? words.ownSpace : report?.space_name} {report?.personal && <PersonalMark />}
      </div>
      <div role="cell" className={styles.owner} title={report?.creator_email ?? undefined}>
        {report?.creator_email?.split('@')[0]}
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
  const startsDown = field !== 'name';
  if (by !== field) return { by: field, down: startsDown || undefined };
  if (Boolean(down) === startsDown) return { by: field, down: !startsDown || undefined };
  return { by: undefined, down: undefined };
}

/** Arrows move, Enter opens, `e` edits, `r` runs. */
function useKeys({
  organization,
  count,
  chosen,
  report,
  onChoose,
}: {
  organization: string;
  count: number;
  chosen: number;
  report: ListedReport | undefined;
  onChoose: (index: number) => void;
}): void {
  const navigate = useNavigate();
  useEffect(() => {
    const params = { organization, report: report?.token ?? '' };
    const act = new Map<string, () => unknown>();
    act.set('ArrowDown', () => onChoose(Math.min(count - 1, chosen + 1)));
    act.set('ArrowUp', () => onChoose(Math.max(0, chosen - 1)));
    if (report) {
      act.set('Enter', () => navigate({ to: '/$organization/reports/$report', params }));
      act.set('e', () => navigate({ to: '/$organization/reports/$report/edit', params }));
      act.set('r', () =>
        attempt(async () => {
          await startRun(organization, report.token, {});
          say(words.reports.runs(report.name ?? words.untitled));
        }),
      );
    }
    const press = (event: KeyboardEvent) => {
      const isFromSearch =
        event.target instanceof HTMLInputElement &&
        event.target.type === 'search' &&
        /^(ArrowDown|ArrowUp)$/.test(event.key);
      const handle = act.get(event.key);
      if (!handle || (isWriting(event) && !isFromSearch)) return;
      if (event.key === 'Enter' && event.target !== document.body) return;
      event.preventDefault();
      if (isFromSearch) (event.target as HTMLElement).blur();
      handle();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [organization, count, chosen, report, onChoose, navigate]);
}
