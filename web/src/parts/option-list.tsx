import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { classes } from './classes.ts';
import styles from './option-list.module.css';

/** One of the things that a field offers. */
export type Option = { id: string; label: string; hint?: string };

/** Options under a heading, or under none. */
export type OptionGroup<One extends Option> = { label?: string; options: readonly One[] };

/**
 * A list of options below a field that keeps the focus: arrows move the mark, Enter takes what is marked.
 *
 * @returns what the field needs (`field`), what its keys do (`press` tells whether a key was one of the list's) and what
 *   an `OptionList` shows (`list`); `restart` marks the first option again, after typing.
 */
export function useOptionList<One extends Option>(
  groups: readonly OptionGroup<One>[],
  onTake: (option: One) => void,
) {
  const id = useId();
  const [at, setAt] = useState(0);
  const options = groups.flatMap((group) => group.options);
  const last = options.length - 1;
  const place = Math.min(at, last);
  const current = options[place];
  const press = ({ key }: KeyboardEvent): boolean => {
    if (key === 'ArrowDown') setAt(place >= last ? 0 : place + 1);
    else if (key === 'ArrowUp') setAt(place <= 0 ? last : place - 1);
    else if (key === 'Enter') current && onTake(current);
    else return false;
    return true;
  };
  const field = {
    role: 'combobox',
    'aria-expanded': options.length > 0,
    'aria-controls': `${id}-list`,
    'aria-activedescendant': current && `${id}-${current.id}`,
    'aria-autocomplete': 'list',
    autoComplete: 'off',
    spellCheck: false,
  } as const;
  const onPoint = (option: One) => setAt(options.indexOf(option));
  return { field, press, restart: () => setAt(0), list: { id, groups, current, onPoint, onTake } };
}

/** The list of a field; see `useOptionList`. */
export function OptionList<One extends Option>({
  list: { id, groups, current, onPoint, onTake },
  label,
  className,
  none,
  isHidden = false,
}: {
  list: ReturnType<typeof useOptionList<One>>['list'];
  label: string;
  className?: string | undefined;
  /** What is said where there are no options. */
  none?: string;
  isHidden?: boolean;
}) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Not by the id of the element: useId has marks that a selector would have to quote.
    const option = current && list.current?.querySelector('[aria-selected="true"]');
    option?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const shown = (option: One) => (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field.
    <div
      key={option.id}
      id={`${id}-${option.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={option === current}
      className={styles.option}
      onMouseMove={() => onPoint(option)}
      onClick={() => onTake(option)}
    >
      <span>{option.label}</span>
      {option.hint && <span className="faint">{option.hint}</span>}
    </div>
  );
  const isEmpty = groups.every(({ options }) => options.length === 0);
  return (
    <div
      ref={list}
      id={`${id}-list`}
      role="listbox"
      aria-label={label}
      tabIndex={-1}
      hidden={isHidden}
      className={classes(styles.list, className)}
      // The field keeps the focus, also during scrolling.
      onMouseDown={(event) => event.preventDefault()}
    >
      {groups.map(({ label: heading, options }) =>
        heading === undefined ? (
          options.map(shown)
        ) : (
          // biome-ignore lint/a11y/useSemanticElements: a listbox has groups, not field sets.
          <div key={heading} role="group" aria-labelledby={`${id}-${heading}`}>
            <p id={`${id}-${heading}`} className={styles.group}>
              {heading}
            </p>
            {options.map(shown)}
          </div>
        ),
      )}
      {isEmpty && none && (
        <div
          role="option"
          tabIndex={-1}
          aria-selected={false}
          aria-disabled
          className={classes(styles.option, styles.none)}
        >
          {none}
        </div>
      )}
    </div>
  );
}
