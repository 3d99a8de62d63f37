import { useState } from 'react';
import { ListSearch, MOST_AT_A_GLANCE } from '../../parts/check-list.tsx';
import { matchesAllWords } from '../../parts/matches-all-words.ts';
import { MoveButtons } from '../../parts/move-buttons.tsx';
import { moved, type Step, stepOf } from '../../parts/moved.ts';
import type { Column } from '../../results/columns.ts';
import { words } from '../../words.ts';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';

/** A table of more is kept by no chart. */
const MOST_COLUMNS = 100;

/** Which columns a table shows, and in which order: those that it shows first, then the others of the result. */
export function TableColumns({
  columns,
  chosen,
  onChange,
}: {
  columns: readonly Column[];
  /** Undefined for all, as they come. */
  chosen: readonly string[] | undefined;
  onChange: (columns: string[] | undefined) => void;
}) {
  const [said, setSaid] = useState('');
  const [typed, setTyped] = useState('');
  const all = [...new Set(columns.map(({ name }) => name))];
  const shown = chosen ?? all;
  const others = all.filter((name) => !shown.includes(name));
  const put = (next: readonly string[]) => {
    const isAsTheyCome = next.length === all.length && next.every((name, at) => name === all[at]);
    onChange(isAsTheyCome ? undefined : next.slice(0, MOST_COLUMNS));
  };
  const move = (name: string, step: Step) => {
    const next = moved(shown, shown.indexOf(name), step);
    put(next);
    setSaid(words.move.isAt(name, next.indexOf(name) + 1, next.length));
  };
  return (
    <fieldset className={styles.measures}>
      <legend>{editorWords.columns}</legend>
      {shown.length === 0 && <p className="faint">{editorWords.allColumns}</p>}
      {all.length > MOST_AT_A_GLANCE && (
        <ListSearch
          label={words.list.search(editorWords.columns)}
          typed={typed}
          onType={setTyped}
        />
      )}
      <ul>
        {shown.map((name, place) =>
          !matchesAllWords(name, typed) ? null : (
            <li key={name} className={styles.ordered}>
              <label>
                <input
                  type="checkbox"
                  checked
                  disabled={shown.length === 1}
                  aria-keyshortcuts="Shift+ArrowUp Shift+ArrowDown"
                  onChange={() => put(shown.filter((one) => one !== name))}
                  onKeyDown={(event) => {
                    const step = stepOf(event);
                    if (step === undefined) return;
                    event.preventDefault();
                    move(name, step);
                  }}
                />
                <span>{name}</span>
              </label>
              <MoveButtons
                name={name}
                place={place}
                count={shown.length}
                onMove={(step) => move(name, step)}
              />
            </li>
          ),
        )}
        {others
          .filter((name) => matchesAllWords(name, typed))
          .map((name) => (
            <li key={name} className={styles.ordered}>
              <label>
                <input type="checkbox" checked={false} onChange={() => put([...shown, name])} />
                <span>{name}</span>
              </label>
            </li>
          ))}
      </ul>
      <p className="out-of-sight" role="status">
        {said}
      </p>
    </fieldset>
  );
}
