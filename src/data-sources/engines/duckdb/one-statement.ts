import {
  type DuckDBConnection,
  type DuckDBExtractedStatements,
  type DuckDBPreparedStatement,
  StatementType,
} from '@duckdb/node-api';
import { QueryError } from '../../query-error.ts';

/** @throws QueryError unless DuckDB's parser takes the text for exactly one statement. */
export async function parseOne(
  duckdb: DuckDBConnection,
  sql: string,
): Promise<DuckDBExtractedStatements> {
  const statements = await duckdb.extractStatements(sql).catch((error) => {
    if (String(error.message).includes('Parser')) throw error;
    throw notAQuery('The query has no statement.');
  });
  if (statements.count === 1) return statements;
  throw notAQuery(
    `The query has ${statements.count} statements; it must have one. (A PIVOT without values in IN (…) counts as two.)`,
  );
}

/** @throws QueryError unless the statement reads. Only with its tables there does DuckDB say of which type it is. */
export async function prepareToRead(
  statements: DuckDBExtractedStatements,
): Promise<DuckDBPreparedStatement> {
  const statement = await statements.prepare(0);
  const { statementType } = statement;
  if (statementType === StatementType.SELECT) return statement;
  throw notAQuery(
    `The statement is of type ${StatementType[statementType]}; only statements that read are accepted, such as SELECT, WITH, FROM, VALUES, DESCRIBE or SUMMARIZE.`,
  );
}

function notAQuery(message: string): QueryError {
  return new QueryError({ code: 'not_a_query', message });
}
