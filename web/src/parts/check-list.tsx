import { useState } from 'react';
import { words } from '../words.ts';
import styles from './check-list.module.css';
import { classes } from './classes.ts';
import { matchesAllWords } from './matches-all-words.ts';

/** More than these are a list that scrolls, with a search. */
export const MOST_AT_A_GLANCE = 12;
/** So many names of what is chosen are said above a list in which it may be out of sight. */
const MOST_SAID = 4;

export type Checkable<Value> = { value: Value; label: string };

/** Any number of these, each with a mark of whether it is chosen. */
export function CheckList<Value extends string | number | boolean | null>({
  legend,
  options,
  chosen,
  onTurn,
  none,
}: {
  legend: string;
  options: readonly Checkable<Value>[];
  chosen: readonly Value[];
  onTurn: (value: Value, isOn: boolean) => void;
  /** What is said where there are no options. */
  none?: string;
}) {
  const [typed, setTyped] = useState('');
  const isLong = options.length > MOST_AT_A_GLANCE;
  const found = isLong ? options.filter(({ label }) => matchesAllWords(label, typed)) : options;
  const names = options.filter(({ value }) => chosen.includes(value)).map(({ label }) => label);
  return (
    <fieldset className={classes(styles.list, isLong && styles.long)}>
      <legend>{legend}</legend>
      {isLong && (
        <>
          <ListSearch label={words.list.search(legend)} typed={typed} onType={setTyped} />
          <p className={styles.chosen} role="status">
            {words.list.chosen(names.slice(0, MOST_SAID), names.length, options.length)}
          </p>
        </>
      )}
      {options.length === 0 && none && <p className="faint">{none}</p>}
      <div className={styles.options}>
        {found.map(({ value, label }) => (
          <label key={String(value)} title={label}>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={({ target }) => onTurn(value, target.checked)}
            />
            <span>{label}</span>
          </label>
        ))}
        {isLong && found.length === 0 && <p className="faint">{words.noMatches}</p>}
      </div>
    </fieldset>
  );
}

/** What narrows a long list. */
export function ListSearch({
  label,
  typed,
  onType,
}: {
  label: string;
  typed: string;
  onType: (typed: string) => void;
}) {
  return (
    <input
      type="search"
      className={styles.search}
      aria-label={label}
      placeholder={words.list.placeholder}
      value={typed}
      onChange={({ target }) => onType(target.value)}
      // In a form it would run the report.
      onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
    />
  );
}
