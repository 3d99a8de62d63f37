import type { DataSource } from '../data-sources/data-source.ts';
import { findDataSource } from '../data-sources/data-source-store.ts';
import type { Database } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { notFound } from '../spaces/space-access.ts';
import { emptyFields, fieldsGiven, type QueryFields, queryFields } from './content/content.ts';
import { editReport, type ReportEdit } from './edit-report.ts';
import { newItem } from './new-item.ts';
import type { QueryContent } from './report-content.ts';
import type { ReportEditor } from './report-editor.ts';
import type { StoredReport } from './report-rows.ts';

/** What is given of a query, in the wire's words. */
export type GivenQuery = Partial<QueryFields> & { data_source_id?: number | string | null };

/** A query, who edits it, and what refuses the state in which it is. */
export type OneQuery = {
  editor: ReportEditor;
  report: string;
  query: string;
  check: (query: StoredRow) => void;
};

/** A query with the report that it is in. */
export type FoundQuery = { stored: StoredReport; query: StoredRow };

/** The query of a report. @throws ApiError not_found */
export function getQuery(stored: StoredReport, token: string): FoundQuery {
  const query = stored.queries.find((row) => row.token === token);
  if (query === undefined) throw notFound('query');
  return { stored, query };
}

export async function createQuery(
  database: Database,
  given: GivenQuery,
  { editor, report }: Pick<OneQuery, 'editor' | 'report'>,
): Promise<FoundQuery> {
  return editReport(database, editor, report, async (edit) => {
    const query: QueryContent = {
      ...emptyFields(queryFields),
      raw_query: '',
      ...(await givenFields(edit, given, null)),
      ...(await newItem(edit)),
      charts: [],
    };
    await edit.save({ ...edit.content, queries: [...edit.content.queries, query] });
    return getQuery(edit.stored, query.token);
  });
}

export async function changeQuery(
  database: Database,
  given: GivenQuery,
  { editor, report, query: token, check }: OneQuery,
): Promise<FoundQuery> {
  return editReport(database, editor, report, async (edit) => {
    const { query: row } = getQuery(edit.stored, token);
    check(row);
    const { data_source_token: before } = readRow(lists.queries, row);
    const change = await givenFields(edit, given, before);
    const { content } = edit;
    const queries = content.queries.map((query) =>
      query.token === token ? { ...query, ...change } : query,
    );
    await edit.save({ ...content, queries });
    return getQuery(edit.stored, token);
  });
}

/** Deletes a query with the charts that show it. */
export async function deleteQuery(
  database: Database,
  { editor, report, query: token, check }: OneQuery,
): Promise<void> {
  await editReport(database, editor, report, async (edit) => {
    check(getQuery(edit.stored, token).query);
    const { content } = edit;
    await edit.save({
      ...content,
      queries: content.queries.filter((query) => query.token !== token),
    });
  });
}

/** The fields that are given, where the query runs on a data source already, or on none. */
async function givenFields(
  edit: ReportEdit,
  given: GivenQuery,
  before: string | null,
): Promise<Partial<QueryFields>> {
  const source = await dataSourceToken(edit, given, before);
  return {
    ...fieldsGiven(queryFields, given),
    ...(source !== undefined && { data_source_token: source }),
  };
}

/**
 * The token of the data source that is given by its token or number; undefined where none is. Who sends back what a query
 * is answered with gives both: what says the same as before changes nothing.
 */
async function dataSourceToken(
  { store, editor }: ReportEdit,
  { data_source_token: token, data_source_id: id }: GivenQuery,
  before: string | null,
): Promise<string | null | undefined> {
  const { id: organizationId } = editor.caller.organization;
  const find = (column: 'token' | 'id', value: string | number) =>
    findDataSource(store, organizationId, column, value);
  const current = before === null ? undefined : await find('token', before);
  const isSameNumber = id !== undefined && String(id) === String(current?.id ?? null);
  const named = new Set<string | null>();
  if (token !== undefined && token !== before) {
    const found = token === null ? undefined : await find('token', token);
    named.add(token === null ? null : tokenOf('data_source_token', token, found));
  }
  if (id !== undefined && !isSameNumber) {
    const found = id === null ? undefined : await find('id', Number(id));
    named.add(id === null ? null : tokenOf('data_source_id', id, found));
  }
  if (named.size > 1) {
    throw new ApiError(
      'bad_request',
      'data_source_token and data_source_id name different data sources; send one of them.',
    );
  }
  const [changed] = named;
  return changed;
}

/** @throws ApiError bad_request where there is no such data source. */
function tokenOf(
  field: 'data_source_token' | 'data_source_id',
  given: string | number,
  found: DataSource | undefined,
): string {
  if (found) return found.token;
  throw new ApiError(
    'bad_request',
    `${field} is ${quoted(given)}; it must be the ${field === 'data_source_id' ? 'number' : 'token'} of a data source.`,
    'List the data sources to find it.',
  );
}
