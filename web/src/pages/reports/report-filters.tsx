import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { ReportsSearch } from '../../api/report-list.ts';
import type { Space } from '../../api/spaces.ts';
import { Button } from '../../parts/button.tsx';
import { isWriting } from '../../parts/is-writing.ts';
import { TYPING_MS } from '../../parts/use-debounced.ts';
import { words } from '../../words.ts';
import { chosenFilters, type FilterField, ME } from './filter-fields.ts';
import styles from './reports-page.module.css';

const texts = words.reports;

// Most who come look for a name.
const FilterMenu = lazy(() => import('./filter-menu.tsx'));

/** The search field, and what narrows the list: what is the reader's own by a switch, all else by a chip of the menu. */
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
  const [open, setOpen] = useState<{ field: FilterField | undefined }>();
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const chosen = chosenFilters(search, space);
  const close = () => {
    setOpen(undefined);
    button.current?.focus();
  };
  const own: [label: string, isOn: boolean, turn: (isOn: true | undefined) => ReportsSearch][] = [
    [texts.favorites, search.favorites === true, (favorites) => ({ favorites })],
    [texts.recent, search.recent === true, (recent) => ({ recent })],
    [texts.ownedByMe, search.owner === ME, (isOn) => ({ owner: isOn && ME })],
  ];
  return (
    <search className={styles.filters}>
      <SearchField text={search.q ?? ''} onChange={(q) => onChange({ q: q || undefined })} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only notices that the focus leaves. */}
      <div
        ref={place}
        className={styles.menuPlace}
        onBlur={({ relatedTarget }) => {
          if (!place.current?.contains(relatedTarget)) setOpen(undefined);
        }}
      >
        <Button
          ref={button}
          aria-haspopup="dialog"
          aria-expanded={open !== undefined}
          onClick={() => setOpen(open ? undefined : { field: undefined })}
        >
          {texts.filter}
        </Button>
        {open && (
          <Suspense>
            <FilterMenu
              key={open.field}
              organization={organization}
              first={open.field}
              onChoose={onChange}
              onClose={close}
            />
          </Suspense>
        )}
      </div>
      <div className={styles.chips}>
        {chosen.map(({ field, label }) => (
          <span key={field} className={styles.chip}>
            <button
              type="button"
              aria-label={texts.changeFilter(label)}
              onClick={() => setOpen({ field })}
            >
              {label}
            </button>
            <button
              type="button"
              aria-label={texts.removeFilter(label)}
              onClick={() => {
                onChange({ [field]: undefined });
                button.current?.focus();
              }}
            >
              ×
            </button>
          </span>
        ))}
        {own.map(([label, isOn, turn]) => (
          <button
            key={label}
            type="button"
            className={styles.switch}
            aria-pressed={isOn}
            onClick={() => onChange(turn(isOn ? undefined : true))}
          >
            {label}
          </button>
        ))}
      </div>
      <p className={styles.count} role="status">
        {count !== undefined && texts.count(count)}
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
