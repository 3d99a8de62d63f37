import type { TotalAggregate } from '../../../../src/charts/chart-words.ts';
import { totalNames, totalsFor } from '../../../../src/charts/totals.ts';
import { SelectField } from '../../parts/field.tsx';
import type { Column } from '../../results/columns.ts';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';

type Totals = Readonly<Record<string, TotalAggregate>>;

/** Which columns of a table have a total below them: one line for each, and a choice of one more. */
export function TableTotals({
  columns,
  totals = {},
  onChange,
}: {
  columns: readonly Column[];
  totals: Totals | undefined;
  onChange: (totals: Totals | undefined) => void;
}) {
  const names = Object.keys(totals);
  const others = [...new Set(columns.map(({ name }) => name))].filter(
    (name) => !names.includes(name),
  );
  const choicesOf = (name: string) => {
    const column = columns.find((one) => one.name === name);
    const usual = column ? totalsFor(column) : [];
    const chosen = totals[name];
    return chosen === undefined || usual.includes(chosen) ? usual : [chosen, ...usual];
  };
  const put = (name: string, aggregate: TotalAggregate | undefined) => {
    const { [name]: _, ...rest } = totals;
    const next = aggregate === undefined ? rest : { ...totals, [name]: aggregate };
    onChange(Object.keys(next).length === 0 ? undefined : next);
  };
  return (
    <fieldset className={styles.totals}>
      <legend>{editorWords.totals}</legend>
      {names.map((name) => (
        <SelectField
          key={name}
          label={name}
          value={totals[name] ?? ''}
          options={[
            { value: '', label: editorWords.noTotal },
            ...choicesOf(name).map((value) => ({ value, label: totalNames[value] })),
          ]}
          onChange={(value) =>
            put(
              name,
              choicesOf(name).find((one) => one === value),
            )
          }
        />
      ))}
      {others.length > 0 && (
        <SelectField
          label={editorWords.addTotal}
          value=""
          options={[
            { value: '', label: editorWords.choose },
            ...others.map((name) => ({ value: name, label: name })),
          ]}
          onChange={(name) => name !== '' && put(name, choicesOf(name)[0])}
        />
      )}
    </fieldset>
  );
}
