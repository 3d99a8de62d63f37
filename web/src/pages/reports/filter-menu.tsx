import { type KeyboardEvent, useState } from 'react';
import type { ReportsSearch, Shown } from '../../api/report-list.ts';
import { useAddresses } from '../../api/settings.ts';
import { spaceLabel } from '../../api/spaces.ts';
import { matchesAllWords } from '../../parts/matches-all-words.ts';
import { type OptionGroup, OptionList, useOptionList } from '../../parts/option-list.tsx';
import { useFoundSpaces } from '../../parts/use-found-spaces.ts';
import { words } from '../../words.ts';
import { type FilterField, filterFields, fixedValues } from './filter-fields.ts';
import styles from './reports-page.module.css';

const texts = words.reports;
/** More of one field are found by a few more letters. */
const MAX_SHOWN = 30;

/** A field with its value, or a field alone, which leads to its values. */
type FilterOption = {
  id: string;
  label: string;
  hint?: string;
  field: FilterField;
  value?: string;
};

/**
 * Chooses a filter: first a field, then its value. What is typed at once is looked for among the values of every field.
 */
export default function FilterMenu({
  organization,
  first,
  onChoose,
  onClose,
}: {
  organization: string;
  /** The field whose value is changed; undefined to choose one. */
  first: FilterField | undefined;
  onChoose: (next: ReportsSearch) => void;
  onClose: () => void;
}) {
  const [field, setField] = useState(first);
  const [typed, setTyped] = useState('');
  const groups = useGroups(organization, field, typed);
  const { list, press, restart, ...choosing } = useOptionList(groups, (option) => {
    if (option.value === undefined) return go(option.field);
    onChoose({ [option.field]: option.value as string & Shown });
    onClose();
  });
  const go = (to: FilterField | undefined) => {
    setField(to);
    setTyped('');
    restart();
  };
  const pressKey = (event: KeyboardEvent) => {
    const isBack = event.key === 'Backspace' && typed === '' && field !== undefined;
    if (isBack) go(undefined);
    else if (event.key === 'Escape') onClose();
    else if (!press(event)) return;
    event.preventDefault();
  };
  const label = field ? texts.filterBy(texts.fields[field]) : texts.filter;
  return (
    <div role="dialog" aria-label={label} className={styles.menu}>
      <input
        {...choosing.field}
        className={styles.menuField}
        aria-label={label}
        placeholder={field ? texts.fields[field] : texts.filterHint}
        value={typed}
        // biome-ignore lint/a11y/noAutofocus: who opens it chooses here.
        autoFocus
        onChange={({ target }) => {
          setTyped(target.value);
          restart();
        }}
        onKeyDown={pressKey}
      />
      <OptionList list={list} label={label} className={styles.menuList} none={words.noMatches} />
    </div>
  );
}

/** The fields that have the typed words, and the values of all that have them; or the values of one field. */
function useGroups(
  organization: string,
  field: FilterField | undefined,
  typed: string,
): OptionGroup<FilterOption>[] {
  const isAny = field === undefined && typed.trim() !== '';
  const spaces = useFoundSpaces(organization, typed);
  const { data: addresses = [] } = useAddresses(organization, isAny || field === 'owner');
  const fields = filterFields
    .filter((one) => field === undefined && matchesAllWords(texts.fields[one], typed))
    .map((one) => ({ id: one, label: texts.fields[one], hint: '›', field: one }));
  const valuesOf = (of: FilterField) => {
    if (of === 'space') {
      return spaces.map((one) => ({ value: one.token, label: spaceLabel(one) }));
    }
    const values =
      fixedValues[of] ?? addresses.map(({ email }) => ({ value: email, label: email }));
    const said = (label: string) => (isAny ? `${texts.fields[of]} ${label}` : label);
    return values.filter(({ label }) => matchesAllWords(said(label), typed)).slice(0, MAX_SHOWN);
  };
  const values = filterFields
    .filter((one) => isAny || one === field)
    .map((one) => ({
      label: texts.fields[one],
      options: valuesOf(one).map((value) => ({
        ...value,
        id: `${one}-${value.value}`,
        field: one,
      })),
    }))
    .filter(({ options }) => options.length > 0);
  return [{ options: fields }, ...values];
}
