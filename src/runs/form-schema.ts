import { type Static, Type } from 'typebox';
import { halList, Link } from '../http/hal.ts';
import { closed, links } from '../http/schema-parts.ts';
import { FormFieldShape } from '../sql-templates/form-field-shape.ts';

/** What a report asks for before it runs. */
export const ReportForm = closed(
  {
    form_fields: Type.Array(FormFieldShape, {
      description:
        'Fields of all its queries; `value` is the default of a run, null if a value is required.',
    }),
    _links: links({
      self: Link('This form.'),
      report: Link('Its report.'),
      report_runs: Link('Its runs.'),
    }),
  },
  { description: 'The form of a report.' },
);
export type ReportForm = Static<typeof ReportForm>;

/** The form of a run as Mode lists it. */
export const FormOptions = halList(
  'form_fields',
  closed({
    name: FormFieldShape.properties.name,
    options: FormFieldShape.properties.options,
    options_error: Type.Null({ description: 'Options are read when a report runs.' }),
    source_size: Type.Null({ description: 'Not recorded.' }),
  }),
);
