import type { Dialect } from './dialect.ts';
import { QueryTemplateError } from './query-template-error.ts';
import type { SqlToken } from './sql-tokens.ts';
import type { TemplateValue } from './template-value.ts';

/** Where a value stands, and how it is written there. */
type Place = {
  /** The SQL before it, back to the operand or name that it belongs to. */
  context: string;
  /** The tokens that `write` has written in another way. */
  replaces: number[];
  write(expression: string): string;
};

/** Words after which SQL expects a value. After any other word it expects a name, or an operator. */
const wordsBeforeValues = new Set(
  (
    'where and or not xor on having qualify when then else case between symmetric like ilike ' +
    'rlike regexp glob match to in limit offset first next top values return interval div mod escape rows range ' +
    'groups zone for select distinct all'
  ).split(' '),
);

const operandKinds = new Set([
  'word',
  'identifier',
  'number',
  'literal',
  'escapedLiteral',
  'dollarLiteral',
  'value',
]);

/** The place of a value, or of a literal with values in it. Throws where no value can be bound. */
export function placeOf(
  tokens: readonly SqlToken[],
  index: number,
  from: TemplateValue,
  dialect: Dialect,
): Place {
  const token = tokens[index];
  const refuse = (why: string) => new QueryTemplateError(`${from.source} ${why}`, from.line);
  if (token?.kind === 'identifier') throw refuse(`is in a quoted name. ${chooseNames}`);
  if (token?.kind === 'dollarLiteral')
    throw refuse("is in a $$ text, which accepts no values: write the text in '...'.");
  if (token?.kind === 'escapedLiteral')
    throw refuse(
      "is in an E'...' text, which accepts no values: write the text in '...' without the E.",
    );
  if (token?.kind === 'unclosed') throw refuse('is in a text, name or comment that is not closed.');

  const before = significant(tokens, index, -1);
  const after = significant(tokens, index, 1);
  const previous = tokens[before];
  const word = previous?.kind === 'word' ? previous.text.toLowerCase() : undefined;
  const touches = (at: number) => operandKinds.has(tokens[at]?.kind ?? 'space');
  if (touches(index - 1) || touches(index + 1))
    throw refuse(`touches the text beside it. ${chooseNames}`);
  if (tokens[after]?.text === '(' || tokens[index + 1]?.text === '.') throw refuse(whereNames);

  const place = (write: Place['write'], ...replaces: number[]) => ({
    context: contextBefore(tokens, before),
    replaces,
    write,
  });
  const type = dialect.literalTypes.get(word ?? '');
  if (type === 'INTERVAL' && tokens[after]?.kind === 'word' && unit.test(tokens[after].text)) {
    if (dialect.bindsIntervals) return place((expression) => `(${expression})`);
    throw refuse(
      `cannot be bound before ${tokens[after].text}: write INTERVAL '${from.source} ${tokens[after].text.toLowerCase()}'.`,
    );
  }
  if (type !== undefined) {
    const typeAndSpace = tokens
      .slice(before, index)
      .flatMap(({ kind }, at) => (kind === 'comment' ? [] : [before + at]));
    return place((expression) => `CAST(${expression} AS ${type})`, ...typeAndSpace);
  }
  if (word === 'in') return place((expression) => `(${expression})`);
  if (!takesValue(tokens, before, word)) throw refuse(whereNames);
  const { typeBeforeIs } = dialect;
  if (typeBeforeIs !== undefined && tokens[after]?.text.toLowerCase() === 'is')
    return place((expression) => `CAST(${expression} AS ${typeBeforeIs})`);
  return place((expression) => expression);
}

/** Where FROM does not begin the tables: IS DISTINCT FROM, extract(year FROM ...), substring(name FROM ...). */
const beforeFrom = /\b(?:distinct|(?:extract|substring|trim|overlay) \( \S+)$/i;

const unit = /^(?:(?:milli|micro)?second|minute|hour|day|week|month|quarter|year)s?$/i;
const chooseNames =
  'Only values can be filled in: choose between fixed SQL with {% if %} ... {% else %} ... {% endif %}, or use CASE WHEN.';
const whereNames = `is in a place where SQL expects a name, a keyword or an operator. ${chooseNames}`;

function takesValue(
  tokens: readonly SqlToken[],
  before: number,
  word: string | undefined,
): boolean {
  const previous = tokens[before];
  if (previous === undefined) return false;
  if (word === 'from') return beforeFrom.test(textBefore(tokens, before, 3));
  if (word !== undefined) return wordsBeforeValues.has(word);
  if (previous.text === ':') return tokens[before - 1]?.text !== ':';
  return previous.kind === 'symbol' && !/^[).;\]}@]$/.test(previous.text);
}

/** The nearest token in that direction that is neither space nor comment; -1 or the length where there is none. */
function significant(tokens: readonly SqlToken[], from: number, step: 1 | -1): number {
  let at = from + step;
  while (tokens[at]?.kind === 'space' || tokens[at]?.kind === 'comment') at += step;
  return at;
}

/** That many tokens before one, joined. */
function textBefore(tokens: readonly SqlToken[], from: number, count: number): string {
  const at = significant(tokens, from, -1);
  const text = tokens[at]?.text ?? '';
  return count === 1 ? text : `${textBefore(tokens, at, count - 1)} ${text}`;
}

function contextBefore(tokens: readonly SqlToken[], before: number): string {
  const texts: string[] = [];
  for (let at = before; at >= 0; at = significant(tokens, at, -1)) {
    const token = tokens[at];
    if (token === undefined) break;
    const text = token.text.toLowerCase();
    texts.unshift(text);
    const isKeyword = wordsBeforeValues.has(text) || text === 'from';
    if (operandKinds.has(token.kind) && !isKeyword) break;
  }
  return texts.join(' ');
}
