import type { FormValue } from '../../api/run.ts';

/** What stands open beside a report. */
export const panels = ['runs', 'schedule', 'history', 'details', 'api'] as const;
export type Panel = (typeof panels)[number];

/** A parameter as the address has it, under the name that Mode's addresses have too. */
type ParameterName = `param_${string}`;

/**
 * Which run of the report is shown, which values its form has, and which panel is open; undefined for the default run and
 * its values, and for no panel.
 */
export type ReportSearch = {
  run?: string | undefined;
  panel?: Panel | undefined;
  [parameter: ParameterName]: FormValue | undefined;
};

const PREFIX = 'param_';

export function readReportSearch(search: Record<string, unknown>): ReportSearch {
  return {
    ...parametersIn(search),
    // A token may consist of digits.
    run: search.run === undefined ? undefined : String(search.run),
    panel: panels.find((panel) => panel === search.panel),
  };
}

/** The values of parameters that an address has, by the names of the parameters. */
export function valuesIn(search: ReportSearch): Record<string, FormValue> {
  return Object.fromEntries(
    Object.entries(parametersIn(search)).map(([name, value]) => [name.slice(PREFIX.length), value]),
  );
}

function parametersIn(search: Record<string, unknown>): Record<ParameterName, FormValue> {
  const entries = Object.entries(search).filter(
    ([name, value]) => name.startsWith(PREFIX) && [value].flat().every(isScalar),
  );
  return Object.fromEntries(entries) as Record<ParameterName, FormValue>;
}

/** The address of a run: its token, and the values in which it differs from the form's defaults. */
export function searchOf(
  {
    token,
    parameters,
    form_fields: fields,
  }: {
    token: string;
    parameters: Record<string, FormValue>;
    form_fields: readonly { name: string; default: FormValue }[];
  },
  panel: Panel | undefined,
): ReportSearch {
  const defaults = new Map(fields.map((field) => [field.name, field.default]));
  const others = Object.entries(parameters).filter(
    ([name, value]) => !isSame(defaults.get(name) ?? null, value),
  );
  return {
    run: token,
    panel,
    ...Object.fromEntries(others.map(([name, value]) => [`${PREFIX}${name}`, value])),
  };
}

/** Whether two values are the same for a run; lists are in any order. */
export function isSame(one: FormValue, other: FormValue): boolean {
  const comparable = (value: FormValue) =>
    JSON.stringify(Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value);
  return comparable(one) === comparable(other);
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
