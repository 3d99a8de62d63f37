import {
  type Context,
  type Emitter,
  filters,
  Liquid,
  LiquidError,
  Output,
  Parser,
  Tag,
  type TagToken,
  type Template,
  type Token,
  type TopLevelToken,
  TypeGuards,
  toValue,
  UndefinedVariableError,
} from 'liquidjs';
import { ACCEPTED_NUMBER, isKept } from '../exact-number.ts';
import { isNumeric, toNumber } from './parameter-value.ts';
import { QueryTemplateError } from './query-template-error.ts';
import { QueryTokenizer } from './query-tokenizer.ts';
import { JoinedList, lineOf, TemplateValue } from './template-value.ts';

/** Each of them chooses text or computes values; none reads a file. */
const tagsThatWork = new Set([
  ...['assign', 'capture', 'if', 'unless', 'case', 'for', 'break', 'continue', 'comment', '#'],
  'raw',
]);

/** Filters that calculate with numbers as JavaScript has them. */
const calculations = [
  ...([
    'abs',
    'at_least',
    'at_most',
    'ceil',
    'divided_by',
    'floor',
    'minus',
    'modulo',
    'plus',
  ] as const),
  ...(['round', 'sum', 'times'] as const),
];

function requireExact(operand: unknown): void {
  const isLost =
    typeof operand === 'string'
      ? isNumeric(operand) && toNumber(operand) === undefined
      : Number.isFinite(operand) && !isKept(operand as number);
  if (!isLost) return;
  throw new Error(`A filter calculates with ${operand}; it must be ${ACCEPTED_NUMBER}.`);
}

type FilterHandler = Exclude<Parameters<Liquid['registerFilter']>[1], { raw: boolean }>;

/** SQL as the author of the template wrote it. Nothing else that a template puts out is taken for SQL. */
export class SqlText implements Template {
  readonly token: Token;
  private readonly text: string;

  constructor(token: Token, text: string) {
    this.token = token;
    this.text = text;
  }

  render(_context: Context, emitter: Emitter): void {
    emitter.write(this);
  }

  toString(): string {
    return this.text;
  }
}

/** `{{ name | filter }}`: a value that stays one, whatever it went through. */
class ValueOutput extends Output {
  override *render(context: Context, emitter: Emitter): IterableIterator<unknown> {
    try {
      const value = yield toValue(yield this.value.value(context, false));
      emitter.write(new TemplateValue(value, this.token));
    } catch (error) {
      if (!(error instanceof UndefinedVariableError)) throw error;
      const problem = `${this.token.getText()} has no value: set the parameter, or add it to the form with a default.`;
      emitter.write(new TemplateValue(null, this.token, problem));
    }
  }
}

/** `{{ @name }}` and `{{ @name as alias }}`: the place of a shared piece of SQL. */
class DefinitionReference implements Template {
  readonly token: Token;
  private readonly name: string;

  constructor(token: Token, name: string) {
    this.token = token;
    this.name = name;
  }

  render(_context: Context, emitter: Emitter): void {
    const problem = `There is no definition ${this.name}: write its SQL into the query instead, as WITH ${this.name} AS (SELECT ...).`;
    emitter.write(new TemplateValue(null, this.token, problem));
  }
}

/** `{% form %} ... {% endform %}` asks for values and puts nothing out; query-form.ts reads what is in it. */
export class FormTag extends Tag {
  readonly templates: Template[] = [];

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid);
    if (parser instanceof QueryParser) parser.forms.push(this);
    for (let next = remaining.shift(); next !== undefined; next = remaining.shift()) {
      if (TypeGuards.isTagToken(next) && next.name === 'endform') return;
      this.templates.push(parser.parseToken(next, remaining) as Template);
    }
    throw new Error('{% form %} is not closed: write {% endform %} after its last field.');
  }

  get line(): number {
    return lineOf(this.token);
  }

  render() {}
}

/** `{% raw %} ... {% endraw %}`: SQL as it stands there, whatever braces it has. */
class RawTag extends Tag {
  private readonly texts: SqlText[] = [];

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    for (let next = remaining.shift(); next !== undefined; next = remaining.shift()) {
      if (TypeGuards.isTagToken(next)) return; // its end, as all else is text here
      this.texts.push(new SqlText(next, next.getText()));
    }
  }

  render(context: Context, emitter: Emitter): void {
    for (const text of this.texts) text.render(context, emitter);
  }
}

/** Reads templates of queries: with forms and definitions, and with SQL told from values. */
export class QueryParser extends Parser {
  readonly forms: FormTag[] = [];

  constructor() {
    super(queryLanguage);
  }

  override parse(query: string): Template[] {
    const tokenizer = new QueryTokenizer(query, queryLanguage.options.operators);
    return this.parseTokens(tokenizer.readTopLevelTokens(queryLanguage.options));
  }

  override parseToken(token: TopLevelToken, remaining: TopLevelToken[]) {
    if (TypeGuards.isHTMLToken(token)) return new SqlText(token, token.getContent()) as never;
    if (TypeGuards.isOutputToken(token)) {
      const definition = /^\s*@([\w-]+)(?:\s+as\s+\w+)?\s*$/i.exec(token.content);
      if (definition?.[1]) return new DefinitionReference(token, definition[1]) as never;
      return asQueryError(() => new ValueOutput(token, queryLanguage), token);
    }
    return super.parseToken(token, remaining);
  }
}

function makeLanguage(): Liquid {
  const liquid = new Liquid({
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    ownPropertyOnly: true,
    templates: {}, // nothing is read from files
    timezoneOffset: 0,
    locale: 'en-US',
    // What no query that people write comes near: milliseconds, objects.
    renderLimit: 1_000,
    memoryLimit: 10_000_000,
  });
  for (const name of Object.keys(liquid.tags))
    if (!tagsThatWork.has(name)) delete liquid.tags[name];
  liquid.registerTag('form', FormTag);
  liquid.registerTag('raw', RawTag);
  for (const name of calculations) {
    const calculate = filters[name] as FilterHandler;
    liquid.registerFilter(name, function (...operands: unknown[]) {
      for (const operand of operands.flat()) requireExact(operand);
      return calculate.apply(this, operands as Parameters<FilterHandler>);
    });
  }
  const date = filters.date as FilterHandler;
  liquid.registerFilter('date', function (value: unknown, ...rest: unknown[]) {
    const isNow = value === 'now' || value === 'today';
    return date.call(this, isNow ? nowOf(this.context) : value, ...rest);
  });
  liquid.registerFilter('join', function (list: unknown, separator: unknown = ' ') {
    const items: unknown[] = Array.isArray(list) ? list : [list];
    this.context.memoryLimit.use(items.reduce<number>((sum, item) => sum + String(item).length, 0));
    return new JoinedList(items, String(separator));
  });
  return liquid;
}

/** The Liquid of queries. */
export const queryLanguage = makeLanguage();

/** The time that `now` and `today` stand for in a rendering. */
export function setNow(context: Context, nowMs: number): void {
  context.setRegister('now', new Date(nowMs));
}

const nowOf = (context: Context): Date => context.getRegister('now');

/** Runs it; a fault that Liquid finds in the template becomes one of ours, with its line. */
export function asQueryError<T>(run: () => T, at?: Token): T {
  try {
    return run();
  } catch (error) {
    if (LiquidError.is(error)) throw toQueryError(error);
    if (at && error instanceof Error) throw new QueryTemplateError(error.message, lineOf(at));
    throw error;
  }
}

function toQueryError(error: LiquidError): QueryTemplateError {
  const message = error.message.replace(/, line:\d+, col:\d+$/, '');
  return new QueryTemplateError(explained(message), lineOf(error.token));
}

const howToKeepBraces =
  'For literal braces, write {% raw %} before them and {% endraw %} after them.';

function explained(message: string): string {
  const unknownTag = /^tag "(.*)" not found$/.exec(message)?.[1];
  if (unknownTag !== undefined)
    return `{% ${unknownTag} %} is unknown; the tags are form, ${[...tagsThatWork].join(', ')}. ${howToKeepBraces}`;
  if (/^(?:output|tag) .* not closed$/s.test(message)) return `${message}. ${howToKeepBraces}`;
  if (/limit exceeded$/.test(message))
    return 'The template takes more time or memory than a query’s limit: repeat less in {% for %}.';
  return message;
}
