import {
  areDefaults,
  effectiveParameters,
  ParameterError,
  reportForm,
} from '../../sql-templates/parameters.ts';
import {
  parseTemplate,
  type QueryTemplate,
  renderQuery,
} from '../../sql-templates/query-template.ts';
import { QueryTemplateError } from '../../sql-templates/query-template-error.ts';
import { kindOf } from '../kinds.ts';
import type {
  Answer,
  Asked,
  GivenValues,
  ReadForm,
  TemplateFailure,
  TemplateOrder,
  WorkName,
} from './template-order.ts';
import type { Templates } from './templates.ts';

/** Characters of the form of a report as JSON; each run keeps it. */
const LONGEST_FORM = 100_000;

const work: { [Name in WorkName]: (asked: Asked<Name>) => Answer<Name> } = {
  read({ texts, given, nowMs }) {
    const all = texts.map((text) => parsed(text, nowMs));
    const templates = all.flatMap(({ template }) => template ?? []);
    const hasUnreadable = templates.length < all.length;
    const read = readForm(templates, hasUnreadable ? known(templates, given) : given);
    return { ...read, hasUnreadable };
  },

  try({ text, given, adapter, nowMs }) {
    const { template, failure } = parsed(text, nowMs);
    if (template === undefined) {
      return { ...nothing, refusal: undefined, bound: undefined, failure };
    }
    const read = readForm([template], known([template], given));
    if (read.refusal) return { ...read, bound: undefined, failure: undefined };
    const bound = orFailure(() => renderQuery(template, read.parameters, kindOf(adapter)));
    return 'failure' in bound
      ? { ...read, bound: undefined, failure: bound.failure }
      : { ...read, bound, failure: undefined };
  },

  render({ text, parameters, adapter, nowMs }) {
    const { template, failure } = parsed(text, nowMs);
    if (template === undefined) return { failure };
    return orFailure(() => renderQuery(template, parameters, kindOf(adapter)));
  },
};

/** Reads or renders templates. It takes as long as whoever wrote them likes. */
export function carryOut<Name extends WorkName>({
  name,
  asked,
}: TemplateOrder<Name>): Answer<Name> {
  return work[name](asked);
}

/** Right here, for templates that nobody else wrote. */
export const templatesHere: Templates = {
  carryOut: async (_organizationId, name, asked) => carryOut({ name, asked }),
};

/** Of queries that ask for nothing, or that cannot be read. */
const nothing = { form: [], parameters: {}, isDefault: false };

type Parsed =
  | { template: QueryTemplate; failure?: undefined }
  | { template?: undefined; failure: TemplateFailure };

function parsed(text: string, nowMs: number): Parsed {
  return orFailure(() => ({ template: parseTemplate(text, () => nowMs) }));
}

/** The values that these queries ask for. */
function known(templates: readonly QueryTemplate[], given: GivenValues): GivenValues {
  const names = new Set(
    templates.flatMap(({ form, names }) => [...form.map(({ name }) => name), ...names]),
  );
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name)));
}

function readForm(templates: readonly QueryTemplate[], given: GivenValues): ReadForm {
  const form = reportForm(templates);
  const [first] = form;
  if (first && JSON.stringify(form).length > LONGEST_FORM) {
    const message = `The form has more than ${LONGEST_FORM} characters with all its options: let a field accept any value, or name columns for its options.`;
    return { ...nothing, refusal: { parameter: first.name, message } };
  }
  try {
    const parameters = effectiveParameters(templates, given);
    return { form, parameters, isDefault: areDefaults(templates, parameters), refusal: undefined };
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    const { parameter, message } = error;
    return { ...nothing, form, refusal: { parameter, message } };
  }
}

/** Whatever the libraries that read templates may throw, it is the template's fault: an answer, and no fault of ours. */
function orFailure<Result>(act: () => Result): Result | { failure: TemplateFailure } {
  try {
    return act();
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof QueryTemplateError) return { failure: { message, line: error.line } };
    return { failure: { message: `The query cannot be read: ${message}`, line: undefined } };
  }
}
