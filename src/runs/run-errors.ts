import { queryErrors } from '../data-sources/query-error.ts';

/** Why a query of a run has no result, by its `error_code`. `docs/running-reports.md` lists them; a test holds the two together. */
export const runErrors = {
  ...queryErrors,
  template_error:
    'A `{{ }}` or `{% %}` is invalid, or a value is in a place where none can be bound.',
  worker_lost: 'Three workers died, or lost their store, while executing the run.',
  internal_error: 'A fault of the server; the cause is in the server’s log.',
} as const;

export type RunErrorCode = keyof typeof runErrors;
