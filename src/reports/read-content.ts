import type { ChartSpec } from '../charts/chart-spec.ts';
import { chartFields, emptyFields, queryFields, reportFields } from './content/content.ts';
import type { ReportContent } from './report-content.ts';

/** The content that a version keeps as JSON. Fields that there were none of then are null. */
export function readContent(text: string): ReportContent {
  const stored: ReportContent | FlatContent = JSON.parse(text);
  const content = 'charts' in stored ? withCharts(stored) : stored;
  return {
    ...emptyFields(reportFields),
    ...content,
    queries: content.queries.map(({ charts, ...query }) => ({
      ...emptyFields(queryFields),
      ...query,
      charts: charts.map((chart) => ({ ...emptyFields(chartFields), ...chart })),
    })),
  };
}

/** What versions kept of a report before charts stood with their queries. */
type FlatContent = {
  name: string | null;
  description: string | null;
  queries: (FlatItem & Record<'name' | 'rawQuery' | 'dataSourceToken', string | null>)[];
  charts: (FlatItem &
    Record<'queryToken' | 'type' | 'title', string | null> & { spec: ChartSpec | null })[];
};
type FlatItem = {
  token: string;
  id: number;
  createdAt: string | null;
  creatorSlot: number | null;
  creatorEmail?: string | null;
};

function withCharts({ queries, charts, ...fields }: FlatContent) {
  const chartsOf = Map.groupBy(charts, ({ queryToken }) => queryToken);
  return {
    ...fields,
    queries: queries.map((query) => ({
      ...savedOf(query),
      name: query.name,
      raw_query: query.rawQuery,
      data_source_token: query.dataSourceToken,
      charts: (chartsOf.get(query.token) ?? []).map((chart) => ({
        ...savedOf(chart),
        chart_type: chart.type,
        chart_title: chart.title,
        spec: chart.spec,
      })),
    })),
  };
}

function savedOf({ token, id, createdAt, creatorSlot, creatorEmail = null }: FlatItem) {
  return { token, made: { id, at: createdAt, bySlot: creatorSlot, byEmail: creatorEmail } };
}
