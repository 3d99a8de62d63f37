import { Liquid, Tokenizer, type TopLevelToken } from 'liquidjs';
import { ACCEPTED_NUMBER } from '../exact-number.ts';
import { toNumber } from './parameter-value.ts';
import { QueryTemplateError } from './query-template-error.ts';
import { lineOf } from './template-value.ts';

/** `{{ }}` and `{% %}` of a query: Liquid takes time for their number times the characters around them. */
const MAX_PARTS = 2_000;

const opening = /\{[{%]/g;
const endOfRaw = /\{%-?\s*endraw\s*-?%\}/g;
const output = /\{\{-?\s*/y;
const tag = /\{%-?\s*(?:#|([a-z]\w*))/iy;
const definition = /@[\w-]/y;
const name = /[A-Za-z_\u0080-\uffff][\w.?\u0080-\uffff-]*\s*/y;
/** A text, a number or a range, with a filter after it. */
const filteredConstant =
  /(?:'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|[-+]?\d[\w.]*|\([\w.\s-]*\))\s*\|\s*[A-Za-z_]/y;
/** After a name: the next item of an array or object of SQL. */
const nextItem = /[,:]|\}\s*,/y;

const tagsOfLiquid = new Set(
  Object.keys(new Liquid().tags).concat('form', 'else', 'elsif', 'elseif', 'when'),
);
const isKnownTag = (word: string) => tagsOfLiquid.has(word) || word.startsWith('end');

/**
 * Tells the template's `{{ }}` and `{% %}` from braces that belong to the SQL: `{{` begins a template where a name follows,
 * or a constant with a filter, and `{%` where a word follows. All other braces are text, such as `'{{1,2},{3,4}}'`,
 * `'{{"a": 1}}'`, `'{%}'` and `'{{' || x || '}}'`. SQL's own quotes and comments make no difference.
 */
export class QueryTokenizer extends Tokenizer {
  #isRaw = false;
  #parts = 0;

  override readTopLevelToken(options: Parameters<Tokenizer['readTopLevelToken']>[0]) {
    const next = this.#isRaw ? this.#endOfRaw() : nextTemplate(this.input, this.p);
    if (next > this.p) return this.#readText(next);
    if (++this.#parts > MAX_PARTS)
      throw new QueryTemplateError(
        `The query has more than ${MAX_PARTS} {{ }} and {% %}: use a list, or {% for %}.`,
      );
    const isTag = this.match('{%');
    const token = isTag ? this.readTagToken(options) : this.readOutputToken(options);
    requireExactNumbers(token);
    this.#isRaw = 'name' in token && token.name === 'raw';
    return token;
  }

  #readText(end: number) {
    const { N } = this;
    this.N = end;
    const token = this.readHTMLToken([]);
    this.N = N;
    return token;
  }

  #endOfRaw(): number {
    endOfRaw.lastIndex = this.p;
    const match = endOfRaw.exec(this.input);
    if (match) return match.index;
    throw this.error('{% raw %} is not closed: write {% endraw %} after the text');
  }
}

/** Refuses a number that Liquid would make another of. */
function requireExactNumbers(token: TopLevelToken): void {
  const code = token.getText().replace(/'[^']*'|"[^"]*"/g, ' ');
  const lost = code
    .match(/(?<![\w.])\d+(?:\.\d+)?(?![\w.])/g)
    ?.find((text) => toNumber(text) === undefined);
  if (lost === undefined) return;
  throw new QueryTemplateError(
    `${lost} has more digits than a number keeps; it must be ${ACCEPTED_NUMBER}, or a text in quotes.`,
    lineOf(token),
  );
}

/** Where the template begins that is nearest from a place on. */
function nextTemplate(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isOutputAt(text, at) && !isTagAt(text, at))
    at = nextOpening(text, at + 1);
  return at;
}

function isOutputAt(text: string, at: number): boolean {
  const start = endOf(output, text, at);
  if (start === undefined) return false;
  if (endOf(definition, text, start) || endOf(filteredConstant, text, start)) return true;
  const end = endOf(name, text, start);
  if (end === undefined || endOf(nextItem, text, end)) return false;
  return !/['"`]/.test(text.charAt(end)) || !isClosedBefore(text, end, '}}');
}

function isTagAt(text: string, at: number): boolean {
  tag.lastIndex = at;
  const match = tag.exec(text);
  if (match === null) return false;
  const [{ length }, word] = match;
  if (word === undefined || isKnownTag(word)) return true;
  const inside = text.slice(at + length, nextOpening(text, at + length)).split('%}', 2);
  return inside.length === 2 && !/['"`]/.test(inside[0] ?? '');
}

/** Whether something is closed that was opened before, and not something that is opened later. */
function isClosedBefore(text: string, from: number, closing: string): boolean {
  return text.slice(from, nextOpening(text, from)).includes(closing);
}

function nextOpening(text: string, from: number): number {
  opening.lastIndex = from;
  return opening.exec(text)?.index ?? text.length;
}

function endOf(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
