import {
  type Dialect,
  literalTypes,
  plainDialect,
  type QueryValue,
} from '../../../sql-templates/dialect.ts';
import { standardReading } from '../../../sql-templates/sql-tokens.ts';

export const postgresqlDialect: Dialect = {
  ...plainDialect,
  reading: standardReading,
  placeholders: 'numbered',
  typeOf,
  typeBeforeIs: 'text', // it knows no type for a placeholder in IS NULL
  literalTypes: literalTypes('date', 'time', 'timestamp', 'timestamptz', 'interval'),
};

/** It must be told what a number is: it would take 1.5 for an integer beside one, and for text alone. */
function typeOf(value: QueryValue): string | undefined {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value !== 'number') return undefined;
  if (!Number.isInteger(value)) return 'numeric';
  return Math.abs(value) < 2 ** 31 ? 'integer' : 'bigint';
}
