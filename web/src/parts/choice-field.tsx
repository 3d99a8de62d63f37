import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { words } from '../words.ts';
import styles from './choice-field.module.css';
import field from './field.module.css';

export type Choice = { value: string; label: string };

/**
 * A labelled choice of one of many: what is typed narrows them, the arrows choose, Enter takes.
 *
 * @param typed undefined while nobody is choosing.
 */
export function ChoiceField({
  label,
  shown,
  typed,
  options,
  onType,
  onChoose,
  isCompact = false,
}: {
  label: string;
  /** What is chosen now, as it is called; empty for nothing. */
  shown: string;
  typed: string | undefined;
  options: readonly Choice[];
  onType: (typed: string | undefined) => void;
  onChoose: (choice: Choice) => void;
  /** The label is only read aloud; for filters above a list. Otherwise there has to be a choice. */
  isCompact?: boolean;
}) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const isOpen = typed !== undefined;
  const current = isOpen ? options[Math.min(at, options.length - 1)] : undefined;

  useEffect(() => {
    const option = current && list.current?.querySelector('[aria-selected="true"]');
    option?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const type = (text: string | undefined) => {
    setAt(0);
    onType(text);
  };
  const take = (choice: Choice) => {
    type(undefined);
    onChoose(choice);
  };
  const press = (event: KeyboardEvent) => {
    const last = options.length - 1;
    if (event.key === 'ArrowDown' && !isOpen) type('');
    else if (event.key === 'ArrowDown') setAt(at >= last ? 0 : at + 1);
    else if (event.key === 'ArrowUp' && isOpen) setAt(at <= 0 ? last : Math.min(at, last) - 1);
    else if (event.key === 'Enter' && isOpen) current && take(current);
    else if (event.key === 'Escape' && isOpen) type(undefined);
    else return;
    event.preventDefault();
  };

  return (
    <div
      className={`${isCompact ? `${field.compact} ${styles.compact}` : field.field} ${styles.choice}`}
    >
      <label htmlFor={id} className={isCompact ? 'out-of-sight' : undefined}>
        {label}
      </label>
      <input
        id={id}
        className={`${field.input} ${styles.input}`}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-activedescendant={current && `${id}-${options.indexOf(current)}`}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        required={!isCompact}
        placeholder={shown}
        value={typed ?? shown}
        onFocus={(event) => event.target.select()}
        onClick={() => !isOpen && type('')}
        onChange={(event) => type(event.target.value)}
        onKeyDown={press}
        onBlur={() => type(undefined)}
      />
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        tabIndex={-1}
        hidden={!isOpen}
        className={styles.list}
        // The field keeps the focus, also while somebody scrolls.
        onMouseDown={(event) => event.preventDefault()}
      >
        {options.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field.
          <div
            key={choice.value}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={choice === current}
            className={styles.option}
            onMouseMove={() => setAt(index)}
            onClick={() => take(choice)}
          >
            {choice.label}
          </div>
        ))}
        {isOpen && options.length === 0 && (
          <div
            role="option"
            tabIndex={-1}
            aria-selected={false}
            aria-disabled
            className={styles.none}
          >
            {words.noneCalledSo}
          </div>
        )}
      </div>
    </div>
  );
}
