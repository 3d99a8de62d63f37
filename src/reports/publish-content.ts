import { chartTypes } from '../charts/chart-types.ts';
import { wireTime } from '../clock.ts';
import { findDataSource } from '../data-sources/data-source-store.ts';
import type { Database, Queries } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import type { GivenContent } from './content-schema.ts';
import { deleteDraft } from './draft-store.ts';
import { editReport, type ReportEdit, saveContent } from './edit-report.ts';
import type { ChartContent, QueryContent, ReportContent } from './report-content.ts';
import { emailOf, type ReportEditor } from './report-editor.ts';
import { contentOf, type StoredReport } from './report-rows.ts';
import { countVersions } from './version-store.ts';

/** A report as people edit it, and the number of its last version. */
export type VersionedContent = { token: string; content: ReportContent; version: number };

export async function contentWithVersion(
  queries: Queries,
  organizationId: number,
  stored: StoredReport,
): Promise<VersionedContent> {
  const { slot, token } = stored.report;
  const version = await countVersions(queries, organizationId, slot);
  return { token, content: contentOf(stored), version };
}

/**
 * Gives a report its whole content in one edit: what is given with its token is changed, what is given without one is
 * new, what is not given is deleted. The member's draft of the report has become the report, and is gone.
 *
 * @param check refuses the state in which the report is.
 */
export async function publishContent(
  database: Database,
  given: GivenContent,
  {
    editor,
    token,
    check,
  }: { editor: ReportEditor; token: string; check: (now: VersionedContent) => Promise<void> },
): Promise<VersionedContent> {
  return editReport(database, editor, token, async (edit) => {
    const { queries, stored } = edit;
    const { organization, member } = editor.caller;
    await check(await contentWithVersion(queries, organization.id, stored));
    const saved = await saveContent(edit, await toReportContent(edit, given));
    if (member) {
      const whose = { reportSlot: stored.report.slot, memberSlot: member.slot };
      await deleteDraft(queries, organization.id, whose);
    }
    return contentWithVersion(queries, organization.id, saved.stored);
  });
}

async function toReportContent(edit: ReportEdit, given: GivenContent): Promise<ReportContent> {
  const { editor, queries: store, stored, writer } = edit;
  const before = contentOf(stored);
  const creatorEmail = await emailOf(store, editor.caller);
  const made = () => ({
    id: writer.nextOwnId(),
    token: editor.identifiers.token(),
    createdAt: wireTime(editor.clock()),
    creatorSlot: editor.caller.member?.slot ?? null,
  });
  const queryOf = finder('query', before.queries);
  const chartOf = finder('chart', before.charts);
  const queries: QueryContent[] = [];
  // One whose query an import did not name is in no place where it could be given.
  const known = new Set(before.queries.map(({ token }) => token));
  const charts: ChartContent[] = before.charts.filter(
    ({ queryToken }) => queryToken === null || !known.has(queryToken),
  );
  for (const { token, charts: givenCharts, ...fields } of given.queries) {
    const was = queryOf(token);
    const dataSourceToken = fields.data_source_token;
    if (dataSourceToken !== (was?.dataSourceToken ?? null))
      await requireDataSource(edit, dataSourceToken);
    const query = {
      ...(was ?? { ...made(), creatorEmail }),
      name: fields.name,
      rawQuery: fields.raw_query,
      dataSourceToken,
    };
    queries.push(query);
    for (const chart of givenCharts) {
      const chartWas = chartOf(chart.token);
      if (chart.chart_type !== chartWas?.type) requireChartType(chart.chart_type);
      charts.push({
        ...(chartWas ?? made()),
        queryToken: query.token,
        type: chart.chart_type,
        title: chart.chart_title,
        spec: chart.spec ?? (chartWas ? chartWas.spec : {}),
      });
    }
  }
  return { name: given.name, description: given.description, queries, charts };
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
      'Leave the token out for a new one.',
    );
  };
}

async function requireDataSource(
  { queries, editor }: ReportEdit,
  token: string | null,
): Promise<void> {
  if (token === null) return;
  const { id } = editor.caller.organization;
  if (await findDataSource(queries, id, 'token', token)) return;
  throw new ApiError(
    'bad_request',
    `data_source_token is ${quoted(token)}; it must be the token of a data source.`,
    'The list of data sources has them.',
  );
}

function requireChartType(type: string | null): void {
  if (chartTypes.some((known) => known === type)) return;
  throw new ApiError(
    'bad_request',
    `chart_type is ${quoted(type)}; it must be one of ${chartTypes.join(', ')}.`,
  );
}
