import { useEffect, useRef, useState } from 'react';
import { useMembers } from '../../api/settings.ts';
import { spaceLabel, useSpaces } from '../../api/spaces.ts';
import { chartTypes } from '../../charts/chart-types.ts';
import { SelectField } from '../../parts/field.tsx';
import { isWriting } from '../../parts/is-writing.ts';
import { words } from '../../words.ts';
import styles from './reports-page.module.css';
import { type ReportsSearch, type Shown, shownKinds } from './reports-search.ts';

/** Between two strokes of a key; so many searches are as good as one. */
const TYPING_MS = 120;

const states = ['succeeded', 'failed', 'cancelled', 'enqueued'] as const;

/** The search field, and what narrows the list. */
export function ReportFilters({
  organization,
  search,
  count,
  onChange,
}: {
  organization: string;
  search: ReportsSearch;
  count: number | undefined;
  onChange: (next: ReportsSearch) => void;
}) {
  const { data: spaces = [] } = useSpaces(organization);
  const { data: members = [] } = useMembers(organization);
  const all = (label: string) => ({ value: '', label });
  const people = members.flatMap(({ email }) => (email ? [{ value: email, label: email }] : []));

  return (
    <search className={styles.filters}>
      <SearchField text={search.q ?? ''} onChange={(q) => onChange({ q: q || undefined })} />
      <SelectField
        label={words.reports.space}
        isCompact
        value={search.space ?? ''}
        options={[
          all(words.reports.allSpaces),
          ...spaces.map((space) => ({ value: space.token, label: spaceLabel(space) })),
        ]}
        onChange={(space) => onChange({ space: space || undefined })}
      />
      <SelectField
        label={words.reports.owner}
        isCompact
        value={search.owner ?? ''}
        options={[all(words.reports.allOwners), ...people]}
        onChange={(owner) => onChange({ owner: owner || undefined })}
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
