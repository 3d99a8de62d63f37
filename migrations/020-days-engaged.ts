// oldest: 0.1.0
import { rewriteRows } from '../src/inventory/rewrite-rows.ts';

/** The three newest fields of members; they are known from the next use on. */
export default rewriteRows((row, { name }) =>
  name === 'members'
    ? {
        ...row,
        last_day_engaged: row.last_day_engaged ?? null,
        last_day_api_engaged: row.last_day_api_engaged ?? null,
        last_day_in_app_engaged: row.last_day_in_app_engaged ?? null,
      }
    : row,
);
