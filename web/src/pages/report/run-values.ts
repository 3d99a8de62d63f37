import type { FormField, FormValue, Run, Values } from '../../api/run.ts';
import { timeWriter } from '../../results/format.ts';
import { words } from '../../words.ts';
import { isSame } from './report-search.ts';

/** A value as a field of a form takes it: an option of its own, a number for a number; undefined where it takes it not. */
function fittingValue(field: FormField, given: FormValue): FormValue | undefined {
  const { type, options } = field;
  if (type === 'multiselect') {
    const items = [given].flat().flatMap((item) => optionOf(options, item) ?? []);
    return given !== null && items.length < [given].flat().length ? undefined : items;
  }
  if (Array.isArray(given)) return undefined;
  if (given === null) return null;
  if (type === 'select') return optionOf(options, given);
  if (type !== 'number') return String(given);
  const number = typeof given === 'string' && given.trim() === '' ? Number.NaN : Number(given);
  if (!Number.isFinite(number)) return undefined;
  // As it is written: 3.0 on the way to 3.05, or more digits than a number keeps.
  return String(number) === String(given) ? number : given;
}

type Scalar = Exclude<FormValue, readonly unknown[]>;

function optionOf(options: FormField['options'], given: Scalar): Scalar | undefined {
  if (options === null) return given;
  return options.find(({ value }) => String(value) === String(given))?.value;
}

/**
 * The values of a form: what was edited, else what the address says, else what the run on the page had, else the form's
 * own. What a field does not take any more is passed over.
 */
export function valuesOf(
  fields: readonly FormField[],
  ...sources: readonly (Values | undefined)[]
): Values {
  const value = (field: FormField) => {
    for (const source of sources) {
      const given = source && Object.hasOwn(source, field.name) ? source[field.name] : undefined;
      const fitting = given === undefined ? undefined : fittingValue(field, given);
      if (fitting !== undefined) return fitting;
    }
    return field.value;
  };
  return Object.fromEntries(fields.map((field) => [field.name, value(field)]));
}

/** Whether a run had these values; what a form sends as a text may be kept as a number. */
export function hasValues(
  run: Pick<Run, 'parameters'> | undefined,
  fields: readonly FormField[],
  values: Values,
): boolean {
  return fields.every((field) => {
    const [had, has] = [run?.parameters, values].map((source) =>
      fittingValue(field, source?.[field.name] ?? null),
    );
    return had !== undefined && has !== undefined && isSame(had, has);
  });
}

/** What a run was given, as people read it: each parameter by its label. */
export function saidValues({
  form_fields: fields,
  parameters,
}: Pick<Run, 'form_fields' | 'parameters'>): { label: string; text: string }[] {
  return Object.entries(parameters).map(([name, value]) => {
    const field = fields.find((one) => one.name === name);
    const said = (item: Scalar): string => {
      const option = field?.options?.find((one) => one.value === item);
      if (option) return option.label;
      if (item === null || item === '') return words.emptyCell;
      if (field?.type === 'date') return timeWriter('DATE', undefined)(String(item));
      return String(item);
    };
    const items = [value].flat();
    const isAll =
      field?.type === 'multiselect' && items.length > 1 && items.length === field.options?.length;
    const text = isAll
      ? words.report.allOptions
      : items.length > MOST_SAID
        ? words.report.someOptions(
            items.slice(0, MOST_SAID).map(said).join(', '),
            items.length - MOST_SAID,
          )
        : items.map(said).join(', ') || words.emptyCell;
    return { label: field?.label ?? name, text };
  });
}

/** So many of a list are named. */
const MOST_SAID = 3;
