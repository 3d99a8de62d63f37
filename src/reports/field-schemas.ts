import type { TNull } from 'typebox';
import { type TSchema, type TString, type TUnion, Type } from 'typebox';
import { ChartSpec } from '../charts/chart-spec.ts';
import { orNull } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { type Field, type List, lists } from '../inventory/lists.ts';
import { editable } from './content/content.ts';

type Text = TUnion<[TString, TNull]>;
type Texts<Name extends string> = { [One in Name]: Text };

/** What people edit, as the REST API shows it. */
export const shown = {
  report: shownFields(lists.reports, editable.reports),
  query: shownFields(lists.queries, editable.queries),
  chart: { ...shownFields(lists.charts, editable.charts), spec: specOrNull() },
};

/** The same as it is given, with what the lists take. */
export const given = {
  report: givenFields(lists.reports, editable.reports),
  query: givenFields(lists.queries, editable.queries),
  chart: { ...givenFields(lists.charts, editable.charts), spec: specOrNull() },
};

function shownFields<Name extends string>(list: List, names: readonly Name[]): Texts<Name> {
  return textFields(list, names, () => Type.String());
}

function givenFields<Name extends string>(list: List, names: readonly Name[]): Texts<Name> {
  return textFields(list, names, ({ maxLength, notEmpty }) =>
    Type.String({ ...(notEmpty && { minLength: 1 }), maxLength }),
  );
}

function textFields<Name extends string>(
  { fields }: List,
  names: readonly Name[],
  toText: (field: Field) => TString,
): Texts<Name> {
  const known = names.map((name) => {
    const field = fields.find((one) => one.name === name) as Field;
    const { description } = field;
    return [name, orNull(toText(field), description)];
  });
  return Object.fromEntries(known) as Texts<Name>;
}

function specOrNull() {
  return orNull(reference(ChartSpec), 'What it shows of its query; null for an imported chart.');
}

/** The fields, each of which may be left out. */
export function optional<Fields extends Record<string, TSchema>>(fields: Fields) {
  return Type.Partial(Type.Object(fields)).properties;
}
