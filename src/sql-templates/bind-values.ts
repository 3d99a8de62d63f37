import { ACCEPTED_NUMBER, isKept } from '../exact-number.ts';
import { ACCEPTED_TEXT, badCharacter } from '../text.ts';
import type { Dialect, QueryValue } from './dialect.ts';
import { QueryTemplateError } from './query-template-error.ts';
import { type SqlToken, tokenizeSql, valueMark } from './sql-tokens.ts';
import { JoinedList, type TemplateValue } from './template-value.ts';
import { placeOf } from './value-place.ts';

/** SQL with placeholders: `$1` for DuckDB and PostgreSQL, `?` for MySQL, MariaDB and SQLite. */
export type BoundSql = { sql: string; values: QueryValue[] };

/** No engine takes many more. */
const mostValues = 10_000;
/** Characters of all values together. */
const longestValues = 1_000_000;

/**
 * Puts a placeholder where each value stands. The SQL is made of the template's own text alone, so no value, whatever
 * it holds, can change what the SQL says. In quotes a value is text; without quotes it is what it is.
 */
export function bindValues(
  pieces: readonly (string | TemplateValue)[],
  dialect: Dialect,
): BoundSql {
  const marked = pieces.map((piece) => (typeof piece === 'string' ? piece : valueMark)).join('');
  const templateValues = pieces.filter((piece) => typeof piece !== 'string');
  const tokens = tokenizeSql(marked, dialect.reading);
  const written = tokens.map(({ text }) => text);
  const placeholders = new Placeholders(dialect);
  let taken = 0;
  for (const [index, token] of tokens.entries()) {
    const count = token.text.split(valueMark).length - 1;
    const values = templateValues.slice(taken, taken + count);
    taken += count;
    const [first] = values;
    if (token.kind === 'comment') written[index] = token.text.replaceAll(valueMark, ' ');
    else if (token.kind === 'parameter') throw ownPlaceholder(token);
    else if (first) {
      const unbound = values.find(({ problem }) => problem !== undefined) ?? first;
      if (unbound.problem !== undefined)
        throw new QueryTemplateError(unbound.problem, unbound.line);
      const place = placeOf(tokens, index, first, dialect);
      const expression =
        token.kind === 'value'
          ? placeholders.bare(first, place.context)
          : placeholders.quoted(token.text, values, place.context);
      for (const at of place.replaces) written[at] = '';
      written[index] = place.write(expression);
    }
  }
  return { sql: written.join(''), values: placeholders.values };
}

/** Writes the placeholders of one text of SQL, and keeps their values in order. */
class Placeholders {
  readonly values: QueryValue[] = [];
  private readonly dialect: Dialect;
  private readonly numbers = new Map<string, number>();
  private length = 0;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  bare(from: TemplateValue, context: string): string {
    const { value } = from;
    if (value instanceof JoinedList) return this.list(value.items, from, context);
    if (Array.isArray(value)) return this.list(value, from, context);
    return this.item(value, from, context);
  }

  /** The value of a literal: the placeholder alone, or the parts of the literal and the placeholders between them. */
  quoted(literal: string, froms: readonly TemplateValue[], context: string): string {
    const [quote = "'"] = literal;
    const parts = literal.slice(1, -1).split(valueMark);
    const [first] = froms;
    if (first && parts.length === 2 && parts.every((part) => part === '')) {
      const items = itemsIn(first.value);
      if (items) return this.list(items.map(toText), first, context);
    }
    const operands = parts.flatMap((part, at) => {
      const from = froms[at];
      if (/(?<!\\)(?:\\\\)*\\$/.test(part) && this.dialect.backslashEscapes && from)
        throw new QueryTemplateError(
          `There is a backslash before ${from.source}; remove it, or write it twice.`,
          from.line,
        );
      const text = part === '' ? [] : [`${quote}${part}${quote}`];
      return from ? [...text, this.text(from, `${context} ${at}`)] : text;
    });
    if (operands.length === 1) return operands[0] ?? '';
    return this.dialect.concatenate(operands);
  }

  private text(from: TemplateValue, context: string): string {
    if (Array.isArray(from.value))
      throw new QueryTemplateError(
        `${from.source} is a list, which cannot be part of a longer text: write IN (${from.source}), or join it into one text with the filter join.`,
        from.line,
      );
    const { value } = from;
    const text = value instanceof JoinedList ? String(value) : toText(toQueryValue(value, from));
    return this.add(text, from, context);
  }

  private list(items: readonly unknown[], from: TemplateValue, context: string): string {
    if (items.length === 0) return 'NULL'; // an empty list, which no dialect can write: nothing is in it
    return items.map((item, at) => this.item(item, from, `${context} ${at}`)).join(', ');
  }

  private item(item: unknown, from: TemplateValue, context: string): string {
    const value = toQueryValue(item, from);
    const placeholder = this.add(value, from, context);
    const type = this.dialect.typeOf(value);
    return type === undefined ? placeholder : `CAST(${placeholder} AS ${type})`;
  }

  /**
   * Numbered placeholders are used again where the same expression with the same value stands in the same context,
   * so that `GROUP BY date_trunc('{{ unit }}', at)` is to the engine what the SELECT says too.
   */
  private add(value: QueryValue, from: TemplateValue, context: string): string {
    if (this.values.length === mostValues)
      throw new QueryTemplateError(`The query has more than ${mostValues} values.`, from.line);
    this.length += typeof value === 'string' ? value.length : 0;
    if (this.length > longestValues)
      throw new QueryTemplateError(
        `The values of the query have more than ${longestValues} characters.`,
        from.line,
      );
    const given = this.dialect.toDriver(value);
    if (this.dialect.placeholders === 'in turn') {
      this.values.push(given);
      return '?';
    }
    const key = JSON.stringify([from.source, context, value]);
    const number = this.numbers.get(key) ?? this.values.push(given);
    this.numbers.set(key, number);
    return `$${number}`;
  }
}

/** The items of a value that means several where it stands alone in quotes; a list joined without quotes is one text. */
function itemsIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof JoinedList && value.separator.includes("'")) return value.items;
  return undefined;
}

function toText(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

function toQueryValue(value: unknown, from: TemplateValue): QueryValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') {
    const character = badCharacter(value);
    if (character === undefined) return value;
    const problem = `${from.source} is a text that contains ${character}; it must be ${ACCEPTED_TEXT}.`;
    throw new QueryTemplateError(problem, from.line);
  }
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' && isKept(value)) return value;
  if (Number.isFinite(value))
    throw new QueryTemplateError(
      `${from.source} is ${value}, which may not have all of its digits; it must be ${ACCEPTED_NUMBER}.`,
      from.line,
    );
  throw new QueryTemplateError(
    `${from.source} gives ${typeof value === 'number' ? value : `a ${typeof value}`}; SQL takes a text, a number, true or false, or a list of them.`,
    from.line,
  );
}

function ownPlaceholder({ text }: SqlToken): QueryTemplateError {
  return new QueryTemplateError(
    `${text} is a placeholder of the data source, which only Rollcall can fill: write a parameter as {{ name }}.`,
  );
}
