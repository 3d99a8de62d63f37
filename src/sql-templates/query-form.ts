import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import { quoted } from '../errors.ts';
import { ACCEPTED_NUMBER } from '../exact-number.ts';
import { ACCEPTED_TEXT, findBadText } from '../text.ts';
import {
  isDate,
  isNumeric,
  type ParameterValue,
  toNumber,
  toSameNumber,
} from './parameter-value.ts';
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
      `The field ${name} of the form has the ${bad.path} ${quoted(bad.text)}, which contains ${bad.character}; it must be ${ACCEPTED_TEXT}.`,
      line,
    );
  });
}

/** Aliases and what they stand for are read only when the document is made into values. */
function readYaml(text: string, line: number): unknown {
  const lines = new LineCounter();
  const refusal = (why: string, at: number) =>
    new QueryTemplateError(`The form is not valid YAML: ${why}.`, at);
  try {
    const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent' });
    const [error] = document.errors;
    if (error) {
      const [why = ''] = error.message.split(/ at line |\n/);
      throw refusal(why, line + lines.linePos(error.pos[0]).line - 1);
    }
    keepTexts(document);
    return document.toJS();
  } catch (error) {
    if (error instanceof QueryTemplateError) throw error;
    throw refusal((error as Error).message, line);
  }
}

/**
 * A ZIP code is no number, though YAML takes 01234 for 1234: what is written in another way than YAML's value would be
 * stays the text that it is.
 */
function keepTexts(document: Document): void {
  visit(document, {
    Scalar(_key, node) {
      const { source, value } = node;
      if (source === undefined) return;
      if (typeof value === 'number') node.value = toSameNumber(source);
      if (typeof value === 'boolean' && String(value) !== source) node.value = source;
    },
  });
}

const howFieldsLook =
  'A form consists of fields, each a name with its properties below it: region:, and on the next line, indented, type: text.';

function toField(name: string, given: unknown, line: number): FormField {
  if (!/^[A-Za-z_][\w-]*$/.test(name))
    throw new QueryTemplateError(
      `The form has a field ${JSON.stringify(name)}; a name consists of letters, digits and underscores, and does not begin with a digit.`,
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
    required: /^true$/i.test(String(properties.required)),
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
    throw wrong(
      'has options that are not a list; write [north, south], or [[North, n], [South, s]]',
    );
  const options = given.map((option: unknown) => {
    const [label, value] = Array.isArray(option)
      ? option
      : isMapping(option)
        ? [option.label, option.value]
        : [option, option];
    if (!isScalar(value)) throw wrong('has an option without a value');
    return { value, label: isScalar(label) ? String(label) : String(value) };
  });
  const isText = options.some(({ value }) => typeof value === 'string' && isNumeric(value));
  if (!isText) return options;
  // Of ZIP codes, those without a zero in front are texts like the others.
  return options.map(({ value, label }) => ({
    value: typeof value === 'number' ? String(value) : value,
    label,
  }));
}

function toColumns(given: Record<string, unknown>, wrong: Wrong) {
  const { values, labels = values } = given;
  if (typeof values !== 'string' || typeof labels !== 'string')
    throw wrong(
      'has options that are not a list and do not name columns; write values: and labels: with a column each',
    );
  return { values, labels };
}

function toDefault(given: unknown, field: FormField, wrong: Wrong): ParameterValue {
  if (given === undefined || given === null) return null;
  const asOption = (value: string | number | boolean) =>
    field.options?.find((option) => String(option.value) === String(value))?.value ?? value;
  if (field.type === 'multiselect') {
    const items: unknown[] = Array.isArray(given) ? given : [given];
    if (!items.every(isScalar)) throw wrong('has a default that is not a list of values');
    return items.map(asOption);
  }
  if (!isScalar(given)) throw wrong('has a default that is not one value');
  if (field.type === 'number') {
    const number = toNumber(given);
    if (number !== undefined) return number;
    throw wrong(`has the default ${shown(given)}, which is ${notTaken(given)}`);
  }
  if (field.type === 'date' && !isDate(given))
    throw wrong(`has the default ${shown(given)}, which is not a date like 2026-01-31`);
  return asOption(given);
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

function notTaken(given: string | number | boolean): string {
  if (!isNumeric(String(given))) return 'not a number';
  return `more than a number keeps; it must be ${ACCEPTED_NUMBER}`;
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
