import type { FormEvent } from 'react';
import type { FormField, FormValue, Run, Values } from '../../api/runs.ts';
import { Button } from '../../parts/button.tsx';
import { Failure } from '../../parts/notice.tsx';
import { ParameterField } from '../../parts/parameter-field.tsx';
import { words } from '../../words.ts';
import styles from './report-page.module.css';
import { RunValues } from './run-line.tsx';

/** By which the page's Run button submits it, wherever that stands. */
export const RUN_FORM = 'run-form';

/**
 * The parameters that the report asks for, with the values of the run on the page. What differs from these is marked as
 * not run yet.
 */
export function RunForm({
  fields,
  values,
  shown,
  isRun,
  failure,
  onChange,
  onReset,
  onRun,
}: {
  fields: readonly FormField[];
  values: Values;
  shown: Run | undefined;
  /** Whether the values are those of the results on the page, or of a run that is under way. */
  isRun: boolean;
  failure: unknown;
  onChange: (name: string, value: FormValue) => void;
  onReset: () => void;
  onRun: () => void;
}) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRun();
  };
  return (
    <form id={RUN_FORM} className={fields.length > 0 ? styles.form : undefined} onSubmit={submit}>
      {fields.map((field) => (
        <ParameterField
          key={field.name}
          field={field}
          value={values[field.name] ?? null}
          onChange={(value) => onChange(field.name, value)}
        />
      ))}
      {fields.length > 0 && (
        <p className={styles.pending} role="status">
          {!isRun && (
            <>
              <strong>{words.report.notRunYet}</strong>{' '}
              {shown && (
                <>
                  {words.report.resultsHave} <RunValues run={shown} />{' '}
                  <Button kind="bare" onClick={onReset}>
                    {words.report.resetValues}
                  </Button>
                </>
              )}
            </>
          )}
        </p>
      )}
      {failure !== undefined && <Failure error={failure} />}
    </form>
  );
}
