import { type Static, Type } from 'typebox';
import type { Parameters } from './parameter-value.ts';
import type { FormField } from './query-form.ts';

const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);
const value = (description: string) => Type.Union([scalar, Type.Array(scalar)], { description });
const text = Type.String();

/** A field of a report's form, as a report run carries it in `form_fields`. */
export const FormFieldShape = Type.Object(
  {
    name: Type.String({ description: 'Name of the parameter.' }),
    label: Type.String({ description: 'Label of the field.' }),
    type: Type.Unsafe<FormField['type']>(
      Type.String({
        enum: ['text', 'number', 'date', 'select', 'multiselect'],
        description: 'Type of the field.',
      }),
    ),
    description: Type.Union([text, Type.Null()], { description: 'Description of the field.' }),
    default: value('Default value.'),
    value: value('Value in this run; a list for a multiselect.'),
    options: Type.Union(
      [
        Type.Array(Type.Object({ value: scalar, label: text }, { additionalProperties: false })),
        Type.Null(),
      ],
      { description: 'Options; null if any value is accepted.' },
    ),
    options_from: Type.Union(
      [Type.Object({ values: text, labels: text }, { additionalProperties: false }), Type.Null()],
      {
        description:
          'Columns of the query’s result that contain the options, if the form names them.',
      },
    ),
    required: Type.Boolean({ description: 'Whether a value is required.' }),
  },
  { description: 'A field of the form.', additionalProperties: false },
);

export type FormFieldShape = Static<typeof FormFieldShape>;

/** The form of a run, with the values that it has. */
export function formFields(form: readonly FormField[], parameters: Parameters): FormFieldShape[] {
  return form.map((field) => ({
    name: field.name,
    label: field.label,
    type: field.type,
    description: field.description,
    default: field.default,
    value: parameters[field.name] ?? null,
    options: field.options,
    options_from: field.optionColumns,
    required: field.required,
  }));
}
