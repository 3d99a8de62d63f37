/** A number that a team watches, and how its SQL gets it. */
type Metric = { name: string; sql: string; table: string; time: string };

/** What a number is broken down by: as analysts call it, and the column. */
type Dimension = { name: string; column: string };

/** A team's words: what its reports are about. */
export type Team = { name: string; metrics: readonly Metric[]; dimensions: readonly Dimension[] };

const metric = (name: string, sql: string, table: string, time = 'created_at'): Metric => ({
  name,
  sql,
  table,
  time,
});
const dimension = (name: string, column = name.replaceAll(' ', '_')): Dimension => ({
  name,
  column,
});

export const teams: readonly Team[] = [
  {
    name: 'Finance',
    metrics: [
      metric('Net revenue', 'sum(net_amount)', 'billing.invoices', 'issued_at'),
      metric('Gross margin', 'sum(net_amount - cost)', 'billing.invoices', 'issued_at'),
      metric('Refunds', 'sum(refunded_amount)', 'billing.refunds', 'refunded_at'),
      metric('Open receivables', 'sum(amount_due)', 'billing.invoices', 'due_at'),
      metric('Cash collected', 'sum(amount)', 'billing.payments', 'paid_at'),
      metric('VAT owed', 'sum(tax_amount)', 'billing.invoices', 'issued_at'),
      metric('Umsätze', 'sum(gross_amount)', 'billing.invoices', 'issued_at'),
    ],
    dimensions: [
      dimension('country'),
      dimension('currency'),
      dimension('legal entity'),
      dimension('plan'),
      dimension('cost centre'),
    ],
  },
  {
    name: 'Growth',
    metrics: [
      metric('Signups', 'count(distinct user_id)', 'app.signups'),
      metric('Activation rate', 'avg(activated::int)', 'app.signups'),
      metric('Trial conversion', 'avg(converted::int)', 'app.trials', 'started_at'),
      metric('Paid clicks', 'sum(clicks)', 'marketing.ad_days', 'day'),
      metric('Cost per signup', 'sum(spend) / nullif(sum(signups), 0)', 'marketing.ad_days', 'day'),
      metric('Referrals', 'count(*)', 'app.referrals'),
    ],
    dimensions: [
      dimension('channel'),
      dimension('campaign'),
      dimension('landing page'),
      dimension('device'),
      dimension('country'),
    ],
  },
  {
    name: 'Sales',
    metrics: [
      metric('Pipeline', 'sum(amount)', 'crm.opportunities', 'opened_at'),
      metric('Bookings', 'sum(amount)', 'crm.closed_deals', 'closed_at'),
      metric('Win rate', 'avg(is_won::int)', 'crm.closed_deals', 'closed_at'),
      metric('Quota attainment', 'sum(amount) / max(quota)', 'crm.closed_deals', 'closed_at'),
      metric('Demos held', 'count(*)', 'crm.meetings', 'held_at'),
      metric('Renewals due', 'count(*)', 'crm.contracts', 'renews_at'),
    ],
    dimensions: [
      dimension('region'),
      dimension('segment'),
      dimension('account owner'),
      dimension('stage'),
      dimension('industry'),
    ],
  },
  {
    name: 'Support',
    metrics: [
      metric('Tickets', 'count(*)', 'support.tickets', 'opened_at'),
      metric('First response time', 'avg(first_response_minutes)', 'support.tickets', 'opened_at'),
      metric('CSAT', 'avg(score)', 'support.ratings', 'rated_at'),
      metric('Backlog', "count(*) filter (where state = 'open')", 'support.tickets', 'opened_at'),
      metric('Reopened tickets', 'sum(reopened::int)', 'support.tickets', 'closed_at'),
      metric('Chats per agent', 'count(*) / count(distinct agent_id)', 'support.chats', 'began_at'),
    ],
    dimensions: [
      dimension('priority'),
      dimension('topic'),
      dimension('agent'),
      dimension('language'),
      dimension('product area'),
    ],
  },
  {
    name: 'Product',
    metrics: [
      metric('Weekly active users', 'count(distinct user_id)', 'app.events', 'occurred_at'),
      metric('Feature adoption', 'count(distinct account_id)', 'app.events', 'occurred_at'),
      metric('Retention', 'avg(is_retained::int)', 'app.cohort_weeks', 'week'),
      metric('Session length', 'avg(duration_seconds)', 'app.sessions', 'began_at'),
      metric('Crash-free sessions', '1 - avg(crashed::int)', 'app.sessions', 'began_at'),
      metric('NPS', 'avg(score)', 'app.surveys', 'answered_at'),
    ],
    dimensions: [
      dimension('platform'),
      dimension('feature'),
      dimension('app version'),
      dimension('cohort'),
      dimension('plan'),
    ],
  },
  {
    name: 'Operations',
    metrics: [
      metric('Orders shipped', 'count(*)', 'logistics.shipments', 'shipped_at'),
      metric('Late deliveries', 'sum(is_late::int)', 'logistics.shipments', 'delivered_at'),
      metric('Stock on hand', 'sum(quantity)', 'logistics.stock_days', 'day'),
      metric('Pick rate', 'sum(items) / sum(hours)', 'logistics.shifts', 'began_at'),
      metric('Returns', 'count(*)', 'logistics.returns', 'received_at'),
      metric('Lieferzeiten für Händler', 'avg(days)', 'logistics.shipments', 'delivered_at'),
    ],
    dimensions: [
      dimension('warehouse'),
      dimension('carrier'),
      dimension('product line'),
      dimension('supplier'),
      dimension('postal area'),
    ],
  },
  {
    name: 'People',
    metrics: [
      metric('Headcount', 'count(distinct employee_id)', 'hr.employment_months', 'month'),
      metric('Applications', 'count(*)', 'hr.applications', 'received_at'),
      metric('Time to hire', 'avg(days_to_hire)', 'hr.hires', 'hired_at'),
      metric('Attrition', 'avg(has_left::int)', 'hr.employment_months', 'month'),
    ],
    dimensions: [
      dimension('department'),
      dimension('office'),
      dimension('level'),
      dimension('source'),
    ],
  },
  {
    name: 'Data Platform',
    metrics: [
      metric('Warehouse spend', 'sum(credits)', 'meta.warehouse_days', 'day'),
      metric('Failed loads', 'count(*)', 'meta.load_failures', 'failed_at'),
      metric('Table freshness', 'max(age_minutes)', 'meta.table_checks', 'checked_at'),
      metric('Slow queries', 'count(*)', 'meta.query_log', 'began_at'),
    ],
    dimensions: [
      dimension('schema', 'schema_name'),
      dimension('pipeline'),
      dimension('warehouse'),
      dimension('team'),
    ],
  },
];

/** What a thing is about: one number of a team, seen by one dimension. */
export type Topic = { metric: Metric; dimension: Dimension };

/** The team whose turn it is: members and spaces are dealt out to the teams one after another. */
export function teamOf(number: number): Team {
  return teams[number % teams.length] as Team;
}
