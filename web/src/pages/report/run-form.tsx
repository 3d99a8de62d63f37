import { type FormEvent, useState } from 'react';
import { type FormValue, type Run, startRun } from '../../api/runs.ts';
import { Button } from '../../parts/button.tsx';
import { Failure } from '../../parts/notice.tsx';
import { ParameterField } from '../../parts/parameter-field.tsx';
import { words } from '../../words.ts';
import styles from './report-page.module.css';

type Values = Record<string, FormValue>;

/** The parameters that the report's queries ask for, with those of the run that is shown. */
export function RunForm({
  organization,
  report,
  run,
}: {
  organization: string;
  report: string;
  run: Run;
}) {
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(run.form_fields.map((field) => [field.name, field.value])),
  );
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await startRun(organization, report, values);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className={styles.form} onSubmit={submit}>
      {run.form_fields.map((field) => (
        <ParameterField
          key={field.name}
          field={field}
          value={values[field.name] ?? null}
          onChange={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      <Button type="submit" isBusy={isBusy}>
        {words.report.runWithThese}
      </Button>
      {failure !== undefined && <Failure error={failure} />}
    </form>
  );
}
