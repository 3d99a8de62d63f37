import { QueryError } from '../query-error.ts';

/** Why there is no connection to a server, in its own words if it has some. */
export function connectionFailure(error: unknown): QueryError {
  const { message } = error as Error;
  // One for each address of the host.
  const all = error instanceof AggregateError ? error.errors.map((one) => one.message) : [message];
  return new QueryError({ code: 'connection_failed', message: all.join('; ') }, { cause: error });
}

/**
 * What those who use a data source are told of a failure. Whether a port is closed, filtered or another service's is for
 * admins, who see it where they test the data source; that a server refuses a password or is full is everybody's.
 */
export function withoutNetwork(error: unknown): unknown {
  if (!(error instanceof QueryError) || error.code !== 'connection_failed') return error;
  const { cause } = error;
  if (!(cause instanceof Error) || isOfServer(cause)) return error;
  const message = 'The data source cannot be reached. An admin can test it to see why.';
  return new QueryError({ code: 'connection_failed', message });
}

/** PostgreSQL's errors have a severity, those of MySQL and MariaDB a state. */
const isOfServer = (error: object): boolean => 'severity' in error || 'sqlState' in error;
