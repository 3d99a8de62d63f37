/**
 * The rows of the six lists of the Discovery API as they are sent. Times are ISO 8601 in UTC. A row of a Rollcall
 * server has every key, null where the value is unknown.
 */

export type Report = {
  id: number;
  token: string;
  /** Null while the report is untitled. */
  name: string | null;
  description: string | null;
  created_at: string | null;
  edited_at: string | null;
  updated_at: string | null;
  /** When its last successful run ended. */
  last_successfully_run_at: string | null;
  last_viewed_at: string | null;
  /** When its last run started. */
  last_run_at: string | null;
  last_run_token: string | null;
  last_run_state: string | null;
  creator_email: string | null;
  space_id: number | null;
  space_token: string | null;
  /** Path of the report in the REST API. */
  report_url: string | null;
};

export type ReportStats = {
  report_id: number;
  report_token: string;
  active_schedules_count: number | null;
  explorations_count: number | null;
  view_count: number | null;
  /** The same number under its older name. */
  total_views_count: number | null;
  recent_manual_run_creators_emails: string[];
  scheduled_run_creators_emails: string[];
  editors_emails: string[];
};

export type Space = {
  id: number;
  token: string;
  name: string | null;
  description: string | null;
  /** `custom` for a shared space, `private` for a personal one. */
  space_type: string | null;
  /** Path of the space in the REST API. */
  space_url: string | null;
};

export type Query = {
  id: number;
  token: string;
  name: string | null;
  /** The SQL as written, parameter form included. */
  raw_query: string | null;
  creator_email: string | null;
  data_source_token: string | null;
  report_id: number;
  report_token: string;
  space_id: number | null;
  space_token: string | null;
};

export type Chart = {
  id: number;
  token: string;
  chart_type: string | null;
  chart_title: string | null;
  query_id: number | null;
  query_token: string | null;
  report_id: number;
  report_token: string;
  report_creator_email: string | null;
  space_id: number | null;
  space_token: string | null;
  exploration_url: string | null;
};

/** Unlike all others, the times of members have no milliseconds. */
export type Member = {
  id: number;
  token: string;
  state: string | null;
  member_email: string | null;
  member_token: string | null;
  member_username: string | null;
  banned_at: string | null;
  activated_at: string | null;
  last_report_created_at: string | null;
  last_report_viewed_at: string | null;
  last_report_run_at: string | null;
  last_report_edited_at: string | null;
  total_days_engaged: number | null;
  last_exploration_created_at: string | null;
  last_exploration_updated_at: string | null;
};

/** The row of each list, by the list's name in paths. */
export type Rows = {
  reports: Report;
  report_stats: ReportStats;
  spaces: Space;
  queries: Query;
  charts: Chart;
  members: Member;
};

export type ListName = keyof Rows;
