import { useEffect, useRef, useState } from 'react';
import { chartTypes } from '../../../../src/charts/chart-types.ts';
import { type ReportsSearch, type Shown, shownKinds } from '../../api/report-list.ts';
import { type Space, spaceLabel } from '../../api/spaces.ts';
import { SelectField } from '../../parts/field.tsx';
import { isWriting } from '../../parts/is-writing.ts';
import { MemberPicker, SpacePicker } from '../../parts/pickers.tsx';
import { TYPING_MS } from '../../parts/use-settled.ts';
import { words } from '../../words.ts';
import styles from './reports-page.module.css';

const states = ['succeeded', 'failed', 'cancelled', 'enqueued'] as const;

/** The search field, and what narrows the list. */
export function ReportFilters({
  organization,
  space,
  search,
  count,
  onChange,
}: {
  organization: string;
  /** The one whose reports are shown. */
  space: Space | undefined;
  search: ReportsSearch;
  count: number | undefined;
  onChange: (next: ReportsSearch) => void;
}) {
  const all = (label: string) => ({ value: '', label });

  return (
    <search className={styles.filters}>
      <SearchField text={search.q ?? ''} onChange={(q) => onChange({ q: q || undefined })} />
      <SpacePicker
        organization={organization}
        all={words.reports.allSpaces}
        shown={space && spaceLabel(space)}
        onChoose={(chosen) => onChange({ space: chosen?.token })}
      />
      <MemberPicker
        organization={organization}
        all={words.reports.allOwners}
        shown={search.owner}
        onChoose={(owner) => onChange({ owner })}
      />
      <SelectField
        label={words.reports.state}
        isCompact
        value={search.state ?? ''}
        options={[
          all(words.reports.allStates),
          ...states.map((state) => ({ value: state, label: words.reports.states[state] })),
        ]}
        onChange={(state) => onChange({ state: state || undefined })}
      />
      <SelectField
        label={words.reports.chart}
        isCompact
        value={search.chart ?? ''}
        options={[
          all(words.reports.allCharts),
          ...chartTypes.map((type) => ({ value: type, label: words.chartTypes[type] })),
        ]}
        onChange={(chart) => onChange({ chart: chart || undefined })}
      />
      <SelectField
        label={words.reports.show}
        isCompact
        value={search.show ?? ''}
        options={[
          all(words.reports.showAll),
          ...shownKinds.map((kind) => ({ value: kind, label: words.reports.shown[kind] })),
        ]}
        onChange={(show) => onChange({ show: (show || undefined) as Shown | undefined })}
      />
      <p className={styles.count} role="status">
        {count !== undefined && words.reports.count(count)}
      </p>
    </search>
  );
}

/** Searches as one types; `/` leads to it. */
function SearchField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(text);
  const told = useRef(text);
  const tell = useRef(onChange);
  tell.current = onChange;

  useEffect(() => {
    if (text === told.current) return;
    told.current = text;
    setTyped(text); // the address was changed elsewhere
  }, [text]);
  useEffect(() => {
    if (typed === told.current) return;
    const timer = setTimeout(() => {
      told.current = typed;
      tell.current(typed);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== '/' || isWriting(event)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    window.addEventListener('keydown', focus);
    return () => window.removeEventListener('keydown', focus);
  }, []);

  return (
    <input
      ref={field}
      type="search"
      className={styles.search}
      aria-label={words.reports.search}
      placeholder={words.reports.searchHint}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
