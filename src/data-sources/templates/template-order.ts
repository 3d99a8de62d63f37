import type { BoundSql } from '../../sql-templates/bind-values.ts';
import type { Parameters } from '../../sql-templates/parameter-value.ts';
import type { FormField } from '../../sql-templates/query-form.ts';
import type { Adapter } from '../kinds.ts';

/** Values by name, as somebody sent them. */
export type GivenValues = Readonly<Record<string, unknown>>;

/** A value that a parameter does not take. */
type ParameterRefusal = { parameter: string; message: string };

/** What is wrong with the text of a query. */
export type TemplateFailure = { message: string; line: number | undefined };

/** The form of queries, and the values that a run of them has; none where some were refused. */
export type ReadForm = {
  form: FormField[];
  parameters: Parameters;
  /** Whether these are the values that a run has where none are given. */
  isDefault: boolean;
  refusal: ParameterRefusal | undefined;
};

/** `nowMs` is what `now` means in a template. */
type About<Asked> = Asked & { nowMs: number };

/** What can be done with templates: what is asked, and what is answered. What is wrong with them is an answer. */
export type TemplateWork = {
  /** The queries of a report. What those ask for that cannot be read, nobody knows: the others get the values that they know. */
  read: {
    asked: About<{ texts: readonly string[]; given: GivenValues }>;
    answer: ReadForm & { hasUnreadable: boolean };
  };
  /** One query, as far as it comes. Values that it does not ask for are passed over. */
  try: {
    asked: About<{ text: string; given: GivenValues; adapter: Adapter }>;
    answer: ReadForm & { bound: BoundSql | undefined; failure: TemplateFailure | undefined };
  };
  /** One query with the values of a run, as they are. */
  render: {
    asked: About<{ text: string; parameters: Parameters; adapter: Adapter }>;
    answer: BoundSql | { failure: TemplateFailure };
  };
};
export type WorkName = keyof TemplateWork;
export type Asked<Name extends WorkName> = TemplateWork[Name]['asked'];
export type Answer<Name extends WorkName> = TemplateWork[Name]['answer'];

/** What the thread is sent. */
export type TemplateOrder<Name extends WorkName = WorkName> = { name: Name; asked: Asked<Name> };
