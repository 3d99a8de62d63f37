import { LineCounter, parseDocument } from 'yaml';
import { quoted } from '../errors.ts';
import { ACCEPTED_TEXT, findBadText } from '../text.ts';
import { isDate, type ParameterValue, toNumber } from './parameter-value.ts';
import { QueryTemplateError } from './query-template-error.ts';

/** More than a form has that people fill in. */
const MOST_CHARACTERS = 100_000;

const types = ['text', 'number', 'date', 'select', 'multiselect'] as const;

export type FormOption = { value: string | number | boolean; label: string };

/** One field of the form with which a query asks for a parameter. */
export type FormField = {
  name: string;
  label: string;
  type: (typeof types)[number];
  description: string | null;
  default: ParameterValue;
  /** What a select or multiselect takes; null where it takes anything. */
  options: FormOption[] | null;
  /** The columns of the query's own result that hold the options, where the form names columns instead of options. */
  optionColumns: { values: string; labels: string } | null;
  required: boolean;
};

/** Reads what stands between `{% form %}`, in that line of the query, and `{% endform %}`: YAML, a field for each key. */
export function parseForm(text: string, line: number): FormField[] {
  if (text.length > MOST_CHARACTERS)
    throw new QueryTemplateError(`The form has more than ${MOST_CHARACTERS} characters.`, line);
  const fields: unknown = readYaml(text, line) ?? {};
  if (!isMapping(fields)) throw new QueryTemplateError(howFieldsLook, line);
  return Object.entries(fields).map(([name, properties]) => {
    const field = toField(name, properties, line);
    const bad = findBadText(field); // YAML has escapes for what is no text
    if (bad === undefined) return field;
    throw new QueryTemplateError(
      `The field ${name} of the form has the ${bad.path} ${quoted(bad.text)}, which holds ${bad.character}; it must be ${ACCEPTED_TEXT}.`,
      line,
    );
  });
}

/** Aliases and what they stand for are read only when the document is made into values. */
function readYaml(text: string, line: number): unknown {
  const lines = new LineCounter();
  const refusal = (why: string, at: number) =>
    new QueryTemplateError(`The form is not well-formed YAML: ${why}.`, at);
  try {
    const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent' });
    const [error] = document.errors;
    if (error) {
      const [why = ''] = error.message.split(/ at line |\n/);
      throw refusal(why, line + lines.linePos(error.pos[0]).line - 1);
    }
    return document.toJS();
  } catch (error) {
    if (error instanceof QueryTemplateError) throw error;
    throw refusal((error as Error).message, line);
  }
}

const howFieldsLook =
  'A form holds fields, each a name with its properties below it: region:, and in the next line, indented, type: text.';

function toField(name: string, given: unknown, line: number): FormField {
  if (!/^[A-Za-z_][\w-]*$/.test(name))
    throw new QueryTemplateError(
      `The form has a field ${JSON.stringify(name)}; a name holds letters, digits and underscores, and begins with no digit.`,
      line,
    );
  const properties = given ?? {};
  if (!isMapping(properties)) throw new QueryTemplateError(howFieldsLook, line);
  const wrong = (what: string) =>
    new QueryTemplateError(`The field ${name} of the form ${what}.`, line);
  const type = types.find((known) => known === (properties.type ?? 'text'));
  if (type === undefined)
    throw wrong(`has the type ${shown(properties.type)}; the types are ${types.join(', ')}`);
  const field: FormField = {
    name,
    label: textOr(properties.label, labelOf(name)),
    type,
    description: textOr(properties.description, null),
    default: null,
    options: null,
    optionColumns: null,
    required: properties.required === true,
  };
  if (type === 'select' || type === 'multiselect') {
    if (isMapping(properties.options)) field.optionColumns = toColumns(properties.options, wrong);
    else if (properties.options !== undefined) field.options = toOptions(properties.options, wrong);
  }
  field.default = toDefault(properties.default, field, wrong);
  return field;
}

type Wrong = (what: string) => QueryTemplateError;

/** `[a, b]`, or `[[label, value], ...]` as Mode has it, or `[{ value: a, label: A }, ...]`. */
function toOptions(given: unknown, wrong: Wrong): FormOption[] {
  if (!Array.isArray(given))
    throw wrong('has options that are no list; write [north, south], or [[North, n], [South, s]]');
  return given.map((option: unknown) => {
    const [label, value] = Array.isArray(option)
      ? option
      : isMapping(option)
        ? [option.label, option.value]
        : [option, option];
    if (!isScalar(value)) throw wrong('has an option without a value');
    requireKept(value, wrong);
    return { value, label: isScalar(label) ? String(label) : String(value) };
  });
}

function toColumns(given: Record<string, unknown>, wrong: Wrong) {
  const { values, labels = values } = given;
  if (typeof values !== 'string' || typeof labels !== 'string')
    throw wrong(
      'has options that are no list, and name no columns; write values: and labels: with a column each',
    );
  return { values, labels };
}

function toDefault(given: unknown, field: FormField, wrong: Wrong): ParameterValue {
  if (given === undefined || given === null) return null;
  if (field.type === 'multiselect') {
    const items: unknown[] = Array.isArray(given) ? given : [given];
    if (!items.every(isScalar)) throw wrong('has a default that is no list of values');
    for (const item of items) requireKept(item, wrong);
    return items;
  }
  if (!isScalar(given)) throw wrong('has a default that is not one value');
  const number = field.type === 'number' ? toNumber(given) : 0;
  if (number === undefined) throw wrong(`has the default ${shown(given)}, which is no number`);
  if (field.type === 'number') return number;
  requireKept(given, wrong);
  if (field.type === 'date' && !isDate(given))
    throw wrong(`has the default ${shown(given)}, which is no date like 2026-01-31`);
  return given;
}

/** Whoever writes an id of twenty digits means these, and not the number next to them that YAML makes of it. */
function requireKept(value: unknown, wrong: Wrong): void {
  if (typeof value === 'number' && toNumber(value) === undefined)
    throw wrong(`has ${value}, which is no number that is kept as it is written; put it in quotes`);
}

/** `acquired_year` is shown as `Acquired Year`. */
function labelOf(name: string): string {
  return name
    .replace(/[_-]+/g, ' ')
    .trim()
    .replace(/(?<= |^)\w/g, (letter) => letter.toUpperCase());
}

function textOr<T>(given: unknown, otherwise: T): string | T {
  return isScalar(given) ? String(given) : otherwise;
}

/** YAML may make what JSON cannot show. */
function shown(value: unknown): string {
  if (typeof value === 'number') return String(value); // JSON has no NaN
  return isScalar(value) ? JSON.stringify(value) : 'a list or a mapping';
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
