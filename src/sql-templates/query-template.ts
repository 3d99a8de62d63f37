import {
  AssignTag,
  analyzeSync,
  Context,
  type Emitter,
  type Template,
  toValueSync,
} from 'liquidjs';
import { type Clock, systemClock } from '../clock.ts';
import { badCharacter, MAX_LENGTH } from '../text.ts';
import { type BoundSql, bindValues } from './bind-values.ts';
import type { Dialect } from './dialect.ts';
import type { Parameters } from './parameter-value.ts';
import { type FormField, parseForm } from './query-form.ts';
import { QueryTemplateError } from './query-template-error.ts';
import { valueMark } from './sql-tokens.ts';
import { asQueryError, QueryParser, queryLanguage, SqlText, setNow } from './template-language.ts';
import { TemplateValue } from './template-value.ts';

/** A query's text, read: what it asks for, and what it does with the answers. */
export type QueryTemplate = {
  form: FormField[];
  /** Every parameter that the text uses, in a form or not. */
  names: string[];
  templates: Template[];
  nowMs: number;
};

/** Characters that a template may make of it. */
const longestSql = 1_000_000;

/** Reads the text of a query. `now` and `today` are the clock's time here, in the form and in the SQL. */
export function parseTemplate(rawQuery: string, clock: Clock = systemClock): QueryTemplate {
  refuseWhatIsNoQuery(rawQuery);
  return asQueryError(() => {
    const parser = new QueryParser();
    const templates = parser.parse(rawQuery);
    const nowMs = clock();
    const form = readForms(parser, templates, nowMs);
    return { form, names: Object.keys(analyzeSync(templates).globals), templates, nowMs };
  });
}

function refuseWhatIsNoQuery(rawQuery: string): void {
  if (rawQuery.length > MAX_LENGTH.sql)
    throw new QueryTemplateError(`The query is longer than ${MAX_LENGTH.sql} characters.`);
  const bad = badCharacter(rawQuery);
  if (bad === undefined) return;
  const line = rawQuery.split('\n').findIndex((text) => badCharacter(text) !== undefined) + 1;
  const what = rawQuery.includes(valueMark) ? 'a NUL character' : `${bad}, half a character`;
  throw new QueryTemplateError(`The query contains ${what}: remove it.`, line);
}

/** The fields of all forms. A form may use what the query assigns, as in `default: {{ last_monday }}`. */
function readForms(parser: QueryParser, templates: Template[], nowMs: number): FormField[] {
  if (parser.forms.length === 0) return [];
  const context = makeContext({}, nowMs, false);
  const assigns = templates.filter((template) => template instanceof AssignTag);
  toValueSync(queryLanguage.renderer.renderTemplates(assigns, context));
  return parser.forms.flatMap(({ templates: inside, line }) => {
    const text = toValueSync(queryLanguage.renderer.renderTemplates(inside, context));
    return parseForm(String(text), line);
  });
}

/**
 * The SQL that a data source is given, with a placeholder for each value, and the values in their order.
 * Parameters are those of `effectiveParameters`, or any by name.
 */
export function renderQuery(
  { templates, nowMs }: QueryTemplate,
  parameters: Readonly<Parameters>,
  { dialect }: { dialect: Dialect },
): BoundSql {
  const output = new Pieces();
  const context = makeContext(parameters, nowMs, true);
  asQueryError(() =>
    toValueSync(queryLanguage.renderer.renderTemplates(templates, context, output)),
  );
  return bindValues(output.pieces, dialect);
}

function makeContext(scope: object, nowMs: number, strictVariables: boolean): Context {
  const context = new Context(
    scope,
    queryLanguage.options,
    { sync: true, strictVariables },
    {
      liquid: queryLanguage,
    },
  );
  setNow(context, nowMs);
  return context;
}

/** What a template puts out, in order: SQL, and values between it. */
class Pieces implements Emitter {
  readonly pieces: (string | TemplateValue)[] = [];
  readonly buffer = '';
  private length = 0;

  write(piece: unknown): void {
    if (piece instanceof SqlText) this.add(String(piece));
    else if (piece instanceof TemplateValue) this.pieces.push(piece);
    else throw new Error('A template puts out SQL of its own, and values.');
  }

  private add(sql: string): void {
    this.length += sql.length;
    if (this.length > longestSql)
      throw new Error(`The rendered SQL has more than ${longestSql} characters.`);
    this.pieces.push(sql);
  }
}
