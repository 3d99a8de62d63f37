import { type FormEvent, useState } from 'react';
import { type FormField, type FormValue, type Run, startRun } from '../../api/runs.ts';
import { Button } from '../../parts/button.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Failure } from '../../parts/notice.tsx';
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

/** A parameter of a query, as its form describes it. */
export function ParameterField({
  field,
  value,
  onChange,
}: {
  field: FormField;
  value: FormValue;
  onChange: (value: FormValue) => void;
}) {
  const options = field.options ?? [];
  if (field.type === 'multiselect' && options.length > 0) {
    const chosen = Array.isArray(value) ? value : value === null ? [] : [value];
    const turn = (option: string | number | boolean | null, isOn: boolean) =>
      onChange(isOn ? [...chosen, option] : chosen.filter((one) => one !== option));
    return (
      <fieldset className={styles.choices}>
        <legend>{field.label}</legend>
        {options.map((option) => (
          <label key={String(option.value)}>
            <input
              type="checkbox"
              checked={chosen.includes(option.value)}
              onChange={(event) => turn(option.value, event.target.checked)}
            />
            {option.label}
          </label>
        ))}
      </fieldset>
    );
  }
  if (field.type === 'select' && options.length > 0) {
    return (
      <SelectField
        label={field.label}
        value={String(value ?? '')}
        options={options.map((option) => ({ value: String(option.value), label: option.label }))}
        onChange={(text) =>
          onChange(options.find((option) => String(option.value) === text)?.value ?? text)
        }
      />
    );
  }
  const type = field.type === 'number' ? 'number' : field.type === 'date' ? 'date' : 'text';
  return (
    <TextField
      label={field.label}
      hint={field.description ?? undefined}
      type={type}
      step="any"
      required={field.required}
      value={String(value ?? '')}
      onChange={({ target }) =>
        onChange(
          target.value === '' ? null : type === 'number' ? target.valueAsNumber : target.value,
        )
      }
    />
  );
}
