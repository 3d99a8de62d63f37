import type { QueryFields, ReportFields } from '../../../src/reports/content/content.ts';

/** The texts of comparing two contents of a report. */
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
  option: 'Setting',
  before: 'Before',
  after: 'After',
  nothing: 'None',
  version: (number: number, name: string | null) =>
    name === null ? `Version ${number}` : `Version ${number}: ${name}`,
  name: 'Version name',
  saveName: 'Save name',
  named: 'Version named',
  unnamed: 'Version name removed',
  results: 'Results of this version',
  showResults: 'Show results',
  noResults: 'No results are kept for this version.',
  bringsBack: 'Changes if restored',
  changedHere: 'Changes in this version',
  latest: 'This is the current version.',
  restore: 'Restore version',
  restored: (number: number) => `Version ${number} restored`,
} as const;
