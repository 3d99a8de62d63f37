import type { FormField, FormValue } from '../api/runs.ts';
import { CheckList } from './check-list.tsx';
import { SelectField, TextField } from './field.tsx';

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
    return <CheckList legend={field.label} options={options} chosen={chosen} onTurn={turn} />;
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
      onChange={
        ({ target }) => onChange(target.value === '' ? null : target.value) // a number too: the server reads it whole
      }
    />
  );
}
