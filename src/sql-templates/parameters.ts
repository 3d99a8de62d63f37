import { quoted } from '../errors.ts';
import { ACCEPTED_NUMBER, isKept } from '../exact-number.ts';
import type { QueryValue } from './dialect.ts';
import {
  isDate,
  isNumeric,
  type Parameters,
  type ParameterValue,
  toNumber,
  toSameNumber,
} from './parameter-value.ts';
import type { FormField, FormOption } from './query-form.ts';
import type { QueryTemplate } from './query-template.ts';

/** A value that a parameter does not take, for whoever gave it. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(message);
    this.parameter = parameter;
  }
}

/** The form of a report: the fields of all its queries. Where two have the same name, the first counts. */
export function reportForm(templates: readonly QueryTemplate[]): FormField[] {
  const fields = new Map<string, FormField>();
  for (const field of templates.flatMap(({ form }) => form))
    if (!fields.has(field.name)) fields.set(field.name, field);
  return [...fields.values()];
}

/**
 * The values that a run of these queries has: what is given, checked and converted, and the defaults of the form.
 * A name that a query uses without a form takes a text, a number, true or false, or a list of them.
 */
export function effectiveParameters(
  templates: readonly QueryTemplate[],
  given: Readonly<Record<string, unknown>>,
): Parameters {
  const form = reportForm(templates);
  const names = new Set([...form.map(({ name }) => name), ...templates.flatMap((t) => t.names)]);
  for (const name of Object.keys(given)) if (!names.has(name)) throw unknownName(name, [...names]);
  const inForm = form.map((field) => {
    const value = Object.hasOwn(given, field.name)
      ? toFieldValue(field, given[field.name])
      : defaultOf(field);
    if (
      field.required &&
      (value === null || value === '' || (Array.isArray(value) && !value.length))
    )
      throw new ParameterError(field.name, `The parameter ${field.name} is required: set a value.`);
    return [field.name, value] as const;
  });
  const fieldNames = new Set(form.map(({ name }) => name));
  const free = Object.entries(given)
    .filter(([name]) => !fieldNames.has(name))
    .map(([name, value]) => [name, toFreeValue(name, value)] as const);
  return Object.fromEntries([...inForm, ...free]);
}

/** Whether these are the values of a run to which nobody gives any. Lists are the same in any order. */
export function areDefaults(templates: readonly QueryTemplate[], parameters: Parameters): boolean {
  const defaults = new Map(reportForm(templates).map((field) => [field.name, defaultOf(field)]));
  return Object.entries(parameters).every(
    ([name, value]) =>
      defaults.has(name) && comparable(defaults.get(name) ?? null) === comparable(value),
  );
}

function comparable(value: ParameterValue): string {
  return JSON.stringify(
    Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value,
  );
}

function unknownName(name: string, names: string[]): ParameterError {
  const known = names.length > 0 ? `its parameters are ${names.join(', ')}` : 'it has none';
  return new ParameterError(name, `The report has no parameter ${quoted(name)}; ${known}.`);
}

function toFieldValue(field: FormField, given: unknown): ParameterValue {
  if (given === null || (given === '' && field.type !== 'text')) return null;
  if (field.type === 'multiselect') return toItems(field, Array.isArray(given) ? given : [given]);
  if (!isScalar(given)) throw wrong(field, given, 'one value');
  switch (field.type) {
    case 'text':
      return typeof field.default === 'number' ? toSameNumber(String(given)) : String(given);
    case 'number': {
      const number = toNumber(given);
      if (number === undefined)
        throw wrong(field, given, isNumeric(String(given)) ? ACCEPTED_NUMBER : 'a number');
      return number;
    }
    case 'date':
      if (!isDate(given)) throw wrong(field, given, 'a date like 2026-01-31');
      return given;
    case 'select':
      return toOption(field, given);
  }
}

function defaultOf(field: FormField): ParameterValue {
  const isList = field.type === 'multiselect' && Array.isArray(field.default);
  return isList && isAll(field, field.default) ? toItems(field, ['all']) : field.default;
}

function toItems(field: FormField, given: unknown[]): QueryValue[] {
  if (!isAll(field, given)) {
    const options = optionsByText(field);
    return given.map((item) => toOption(field, item, options));
  }
  if (field.options) return field.options.map(({ value }) => value);
  throw new ParameterError(
    field.name,
    `The parameter ${field.name} means all of its options, and the form does not list them: send the values, or add the options to the form.`,
  );
}

/** `all` stands for every option, unless it is one of them. */
function isAll(field: FormField, given: unknown): boolean {
  const [first, ...others] = Array.isArray(given) ? given : [];
  const isOption = field.options?.some(({ value }) => value === first);
  return others.length === 0 && typeof first === 'string' && /^all$/i.test(first) && !isOption;
}

/** The option that is meant, as the form writes it: a number stays a number though a form sends texts. */
function toOption(
  field: FormField,
  given: unknown,
  options = optionsByText(field),
): string | number | boolean {
  if (!isScalar(given)) throw wrong(field, given, 'texts and numbers');
  if (field.options === null) return given;
  const option = options.get(String(given));
  if (option) return option.value;
  if ([field.default].flat().some((value) => String(value) === String(given))) return given;
  const shown = field.options.slice(0, 20).map(({ value }) => String(value));
  const more = field.options.length > shown.length ? ', ...' : '';
  throw wrong(field, given, `one of ${shown.join(', ')}${more}`);
}

/** Where two options are the same as text, the first counts. */
function optionsByText({ options }: FormField): Map<string, FormOption> {
  const reversed = (options ?? []).toReversed();
  return new Map(reversed.map((option) => [String(option.value), option]));
}

function toFreeValue(name: string, given: unknown): ParameterValue {
  const items: unknown[] = Array.isArray(given) ? given : [given];
  const lost = items.find((item) => typeof item === 'number' && !isKept(item));
  if (lost !== undefined)
    throw new ParameterError(
      name,
      `The parameter ${name} takes ${ACCEPTED_NUMBER}, not ${lost}: send longer ones as text.`,
    );
  if (items.every((item) => item === null || isScalar(item))) return given as ParameterValue;
  throw new ParameterError(
    name,
    `The parameter ${name} takes a text, a number, true or false, or a list of them.`,
  );
}

function wrong(field: FormField, given: unknown, accepted: string): ParameterError {
  return new ParameterError(
    field.name,
    `The parameter ${field.name} takes ${accepted}, not ${quoted(given)}.`,
  );
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}
