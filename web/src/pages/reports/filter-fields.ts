import { chartTypes } from '../../../../src/charts/chart-types.ts';
import { type ReportsSearch, shownKinds } from '../../api/report-list.ts';
import { type Space, spaceLabel } from '../../api/spaces.ts';
import { words } from '../../words.ts';

/** What the list is filtered by with one value of several, in the order of the menu. */
export const filterFields = ['show', 'state', 'space', 'owner', 'chart'] as const;
export type FilterField = (typeof filterFields)[number];

type Value = { value: string; label: string };

const states = ['succeeded', 'failed', 'cancelled', 'enqueued'] as const;

/** The values of the fields that have the same ones everywhere. */
export const fixedValues: Partial<Record<FilterField, readonly Value[]>> = {
  show: shownKinds.map((value) => ({ value, label: words.reports.shown[value] })),
  state: states.map((value) => ({ value, label: words.reports.states[value] })),
  chart: chartTypes.map((value) => ({ value, label: words.chartTypes[value] })),
};

/** Stands for the reader among owners, in addresses and for the server. */
export const ME = 'me';

/** What the address filters by, each with what its chip says. */
export function chosenFilters(
  search: ReportsSearch,
  space: Space | undefined,
): { field: FilterField; label: string }[] {
  return filterFields.flatMap((field) => {
    const value = search[field];
    if (value === undefined || (field === 'owner' && value === ME)) return [];
    const known = fixedValues[field]?.find((one) => one.value === value)?.label;
    const label = field === 'space' && space ? spaceLabel(space) : (known ?? value);
    return [
      { field, label: field === 'show' ? label : `${words.reports.fields[field]}: ${label}` },
    ];
  });
}
