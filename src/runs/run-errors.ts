import { queryErrors } from '../data-sources/query-error.ts';

/** Why a query of a run has no result, by its `error_code`. `docs/running-reports.md` lists them; a test holds the two together. */
export const runErrors = {
  ...queryErrors,
  template_error:
    'What stands in `{{ }}` or `{% %}` cannot be read, or a value stands where none can be bound.',
  worker_lost:
    'Three workers that had the run were ended, or lost their store, before it was over.',
  internal_error: 'A fault of the server; its cause is in the server’s log.',
} as const;

export type RunErrorCode = keyof typeof runErrors;
