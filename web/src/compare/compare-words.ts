import type { QueryFields, ReportFields } from '../../../src/reports/content/content.ts';

/** What is said of two contents of a report. */
export const compareWords = {
  changed: {
    order: 'Queries reordered',
    report: {
      name: (to: string) => `Renamed to “${to}”`,
      description: () => 'Description changed',
    } satisfies Record<keyof ReportFields, (to: string) => string>,
    query: {
      added: (name: string) => `Query added: ${name}`,
      removed: (name: string) => `Query deleted: ${name}`,
      name: (to: string, from: string) => `Query renamed: ${from} → ${to}`,
      raw_query: (name: string) => `SQL changed: ${name}`,
      data_source_token: (name: string) => `Data source changed: ${name}`,
    } satisfies Record<
      keyof QueryFields | 'added' | 'removed',
      (name: string, from: string) => string
    >,
    chart: {
      added: (name: string) => `Chart added: ${name}`,
      removed: (name: string) => `Chart deleted: ${name}`,
      changed: (name: string) => `Chart changed: ${name}`,
    },
  },
  none: 'No changes',
  description: 'Description',
  sqlOf: (name: string) => `SQL of ${name}`,
  chart: (name: string) => `Chart ${name}`,
  option: 'Option',
  before: 'Before',
  after: 'After',
  nothing: 'none',
  version: (number: number, name: string | null) =>
    name === null ? `Version ${number}` : `Version ${number}: ${name}`,
  name: 'Name of the version',
  saveName: 'Save name',
  named: 'Version named.',
  unnamed: 'Name removed.',
  results: 'Results of this version',
  showResults: 'Show results',
  noResults: 'No results of this version are kept.',
  bringsBack: 'What restoring changes',
  changedHere: 'What changed in this version',
  latest: 'This is the report as it is now.',
  restore: 'Restore this version',
  restored: (number: number) => `Version ${number} restored.`,
} as const;
