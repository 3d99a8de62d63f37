import { wireTime } from '../clock.ts';
import { lists, type Row } from '../inventory/lists.ts';
import { emptyRow } from '../inventory/row.ts';
import type { Company, Place } from './company.ts';
import { generatedToken } from './generated-token.ts';
import { kinds, type Random, randomOf } from './random.ts';
import { makeHistory, type ReportHistory } from './report-history.ts';
import { chartTitle, queryName, reportDescription, reportName } from './report-words.ts';
import { writeSql } from './sql.ts';
import type { Topic } from './teams.ts';

const EMPTY_REPORT = emptyRow(lists.reports);

/** A report with all that belongs to it, in the wire's words and with every key in its list's order. */
export type GeneratedReport = {
  isPersonal: boolean;
  report: Row<'reports'>;
  stats: Row<'report_stats'>;
  queries: Row<'queries'>[];
  charts: Row<'charts'>[];
};

const FIRST_ID = 5000;
/** Numbers have gaps, as where things were deleted. */
const ID_STEP = 3;
const FIRST_QUERY_ID = 90_000;
const FIRST_CHART_ID = 300_000;
/** No report has more queries or charts than this, so their numbers follow from the report's. */
const MOST_PARTS = 5;

const QUERY_COUNTS = [0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4];
const CHART_COUNTS = [0, 1, 1, 2, 2, 2, 3, 3, 4];
const CHART_TYPES = [
  'table',
  'table',
  'line',
  'line',
  'bar',
  'bar',
  'stackedBar',
  'area',
  'pie',
  'bigNumber',
  'scatter',
];
const DATA_SOURCES = 3;

/** The number that the report of this id was generated as. */
export function numberOfReport(id: number): number {
  return Math.floor((id - FIRST_ID) / ID_STEP);
}

/** The report of this number. */
export function makeReport(company: Company, number: number): GeneratedReport {
  const { origin } = company;
  const random = randomOf(origin, kinds.report, number);
  const place = company.placeOf(number, random);
  const { team, row: space } = place.space;
  const topic: Topic = {
    metric: random.pick(team.metrics),
    dimension: random.pick(team.dimensions),
  };
  const createdMs = random.between(place.creator.joinedMs, place.creator.lastReportMs);
  const history = makeHistory(createdMs, origin.untilMs, random);
  const token = generatedToken(origin, kinds.report, number);
  const id = FIRST_ID + ID_STEP * number + random.below(ID_STEP);
  const inReport = { report_id: id, report_token: token };
  const inSpace = { space_id: space.id, space_token: space.token };

  const report: Row<'reports'> = {
    ...EMPTY_REPORT,
    id,
    token,
    name: reportName(topic, random),
    description: reportDescription(topic, random),
    created_at: wireTime(history.createdMs),
    edited_at: timeOrNull(history.editedMs),
    updated_at: wireTime(history.updatedMs),
    last_successfully_run_at: timeOrNull(history.lastSuccessMs),
    last_viewed_at: timeOrNull(history.viewedMs),
    last_run_at: timeOrNull(history.lastRun?.startedMs ?? null),
    last_run_token: history.lastRun ? generatedToken(origin, kinds.run, number) : null,
    last_run_state: history.lastRun?.state ?? null,
    creator_email: place.creator.email,
    ...inSpace,
    report_url: `/api/${origin.organization}/reports/${token}`,
  };

  const queries: Row<'queries'>[] = [];
  const topics: Topic[] = [];
  const dataSource = generatedToken(origin, kinds.dataSource, random.below(DATA_SOURCES));
  for (let nth = 0, count = random.pick(QUERY_COUNTS); nth < count; nth++) {
    const partNumber = number * MOST_PARTS + nth;
    const about = nth === 0 ? topic : { ...topic, dimension: random.pick(team.dimensions) };
    topics.push(about);
    queries.push({
      id: FIRST_QUERY_ID + partNumber,
      token: generatedToken(origin, kinds.query, partNumber),
      name: queryName(about, nth, random),
      raw_query: writeSql(about, random),
      creator_email: place.creator.email,
      data_source_token: dataSource,
      ...inReport,
      ...inSpace,
    });
  }

  const charts: Row<'charts'>[] = [];
  for (let nth = 0, count = queries.length && random.pick(CHART_COUNTS); nth < count; nth++) {
    const partNumber = number * MOST_PARTS + nth;
    const shown = random.below(queries.length);
    const query = queries[shown] as Row<'queries'>;
    charts.push({
      id: FIRST_CHART_ID + partNumber,
      token: generatedToken(origin, kinds.chart, partNumber),
      chart_type: random.pick(CHART_TYPES),
      chart_title: chartTitle(topics[shown] as Topic, random),
      query_id: query.id,
      query_token: query.token,
      ...inReport,
      report_creator_email: place.creator.email,
      ...inSpace,
      exploration_url: null,
    });
  }

  const stats = { ...inReport, ...usage(history, place, random) };
  return { isPersonal: place.isPersonal, report, stats, queries, charts };
}

/** How a report is used, in keeping with what happened to it. */
function usage({ viewedMs, lastRun }: ReportHistory, { creator }: Place, random: Random) {
  const views = viewedMs === null ? 0 : 1 + Math.floor(1500 * random.fraction() ** 4);
  const isScheduled = lastRun !== null && random.chance(0.2);
  const isRunByHand = lastRun !== null && random.chance(0.35);
  return {
    active_schedules_count: isScheduled ? random.pick([1, 1, 1, 2]) : 0,
    explorations_count: views > 5 ? random.pick([0, 0, 0, 1, 2, 5]) : 0,
    view_count: views,
    total_views_count: views,
    recent_manual_run_creators_emails: isRunByHand ? [creator.email] : [],
    scheduled_run_creators_emails: isScheduled ? [creator.email] : [],
    editors_emails: [creator.email],
  };
}

function timeOrNull(timeMs: number | null): string | null {
  return timeMs === null ? null : wireTime(timeMs);
}
