import type { KeyboardEvent } from 'react';
import { words } from '../words.ts';
import styles from './choice-field.module.css';
import field from './field.module.css';
import { OptionList, useOptionList } from './option-list.tsx';

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
}: {
  label: string;
  /** What is chosen now, as it is called; empty for nothing. */
  shown: string;
  typed: string | undefined;
  options: readonly Choice[];
  onType: (typed: string | undefined) => void;
  onChoose: (choice: Choice) => void;
}) {
  const isOpen = typed !== undefined;
  const offered = isOpen ? options.map(({ value, label }) => ({ id: value, label })) : [];
  const { list, press, restart, ...choosing } = useOptionList([{ options: offered }], (option) => {
    type(undefined);
    onChoose({ value: option.id, label: option.label });
  });
  const type = (text: string | undefined) => {
    restart();
    onType(text);
  };
  const pressKey = (event: KeyboardEvent) => {
    if (isOpen && event.key === 'Escape') type(undefined);
    else if (!isOpen && event.key === 'ArrowDown') type('');
    else if (!isOpen || !press(event)) return;
    event.preventDefault();
  };
  return (
    <div className={field.field}>
      <label htmlFor={list.id}>{label}</label>
      <input
        {...choosing.field}
        id={list.id}
        role="combobox"
        aria-expanded={isOpen}
        className={`${field.input} ${styles.input}`}
        required
        placeholder={shown}
        value={typed ?? shown}
        onFocus={(event) => event.target.select()}
        onClick={() => !isOpen && type('')}
        onChange={(event) => type(event.target.value)}
        onKeyDown={pressKey}
        onBlur={() => type(undefined)}
      />
      <OptionList
        list={list}
        label={label}
        className={styles.list}
        none={words.noMatches}
        isHidden={!isOpen}
      />
    </div>
  );
}
