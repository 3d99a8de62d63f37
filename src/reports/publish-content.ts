import { findDataSource } from '../data-sources/data-source-store.ts';
import type { Database, Store } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import {
  chartFields,
  emptyFields,
  fieldsGiven,
  queryFields,
  reportFields,
} from './content/content.ts';
import type { ContentInput } from './content-schema.ts';
import { deleteDraft } from './draft-store.ts';
import { requireChartType } from './edit-charts.ts';
import { editReport, type ReportEdit } from './edit-report.ts';
import { newItem } from './new-item.ts';
import type { ChartContent, QueryContent, ReportContent } from './report-content.ts';
import type { ReportEditor } from './report-editor.ts';
import { contentOf, type StoredReport } from './report-rows.ts';
import { countVersions } from './version-store.ts';

/** A report as people edit it, and the number of its last version. */
export type VersionedContent = { token: string; content: ReportContent; version: number };

export async function contentWithVersion(
  store: Store,
  organizationId: number,
  stored: StoredReport,
): Promise<VersionedContent> {
  const { slot, token } = stored.report;
  const version = await countVersions(store, organizationId, slot);
  return { token, content: contentOf(stored), version };
}

/**
 * Gives a report its whole content in one edit: what is given with its token is changed, what is given without one is
 * new, what is not given is deleted. A field that is not given stays as it is. The member's draft of the report has become the report, and is gone.
 *
 * @param check refuses the state in which the report is.
 */
export async function publishContent(
  database: Database,
  given: ContentInput,
  {
    editor,
    token,
    check,
  }: { editor: ReportEditor; token: string; check: (now: VersionedContent) => Promise<void> },
): Promise<VersionedContent> {
  return editReport(database, editor, token, async (edit) => {
    const { store, stored } = edit;
    const { organization, member } = editor.caller;
    await check(await contentWithVersion(store, organization.id, stored));
    await edit.save(await toReportContent(edit, given));
    if (member) {
      const whose = { reportSlot: stored.report.slot, memberSlot: member.slot };
      await deleteDraft(store, organization.id, whose);
    }
    return contentWithVersion(store, organization.id, edit.stored);
  });
}

/** What a report is to be: given things that have the token of one of its own take its place, the others are new. */
export async function toReportContent(
  edit: ReportEdit,
  given: ContentInput,
): Promise<ReportContent> {
  const before = edit.content;
  const queryOf = finder('query', before.queries);
  const chartOf = finder(
    'chart',
    before.queries.flatMap(({ charts }) => charts),
  );
  const queries: QueryContent[] = [];
  for (const { token, charts, ...fields } of given.queries) {
    const was = queryOf(token);
    const query = {
      ...(was ?? { ...emptyFields(queryFields), ...(await newItem(edit)) }),
      ...fields,
    };
    if (query.data_source_token !== (was?.data_source_token ?? null))
      await requireDataSource(edit, query.data_source_token);
    const shown: ChartContent[] = [];
    for (const { token, ...fields } of charts) {
      const was = chartOf(token);
      const chart = {
        ...(was ?? { ...emptyFields(chartFields), ...(await newItem(edit)) }),
        ...fields,
      };
      requireChartType(chart.chart_type, was?.chart_type);
      // Of an imported chart only its type and title are known.
      const spec = fields.spec ?? (was ? was.spec : {});
      shown.push({ ...chart, spec });
    }
    queries.push({ ...query, charts: shown });
  }
  return { ...before, ...fieldsGiven(reportFields, given), queries };
}

/** What has a token already; undefined where none is given. @throws ApiError bad_request, also where it is given twice. */
function finder<Item extends { token: string }>(
  what: string,
  items: readonly Item[],
): (token: string | undefined) => Item | undefined {
  const left = new Map(items.map((item) => [item.token, item]));
  return (token) => {
    if (token === undefined) return undefined;
    const item = left.get(token);
    if (left.delete(token)) return item;
    throw new ApiError(
      'bad_request',
      `A ${what} has the token ${quoted(token)}; it must be that of a ${what} of the report, given once.`,
      'Omit the token for a new one.',
    );
  };
}

async function requireDataSource(
  { store, editor }: ReportEdit,
  token: string | null,
): Promise<void> {
  if (token === null) return;
  const { id } = editor.caller.organization;
  if (await findDataSource(store, id, 'token', token)) return;
  throw new ApiError(
    'bad_request',
    `data_source_token is ${quoted(token)}; it must be the token of a data source.`,
    'List the data sources to find it.',
  );
}
