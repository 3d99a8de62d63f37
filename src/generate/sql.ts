import type { Random } from './random.ts';
import type { Topic } from './teams.ts';

/** SQL that an analyst might write for a topic, sometimes with a form for its parameters. */
export function writeSql(topic: Topic, random: Random): string {
  return random.pick(SHAPES)(topic, random);
}

const SHAPES: readonly ((topic: Topic, random: Random) => string)[] = [
  overTime,
  withForm,
  withForm,
  ranking,
  comparedWithBefore,
];

function overTime({ metric, dimension }: Topic, random: Random): string {
  const step = random.pick(['day', 'week', 'month']);
  return `-- ${metric.name} by ${dimension.name}
SELECT date_trunc('${step}', ${metric.time}) AS ${step},
       ${dimension.column},
       ${metric.sql} AS value
FROM ${metric.table}
WHERE ${metric.time} >= current_date - interval '${random.pick([30, 90, 180, 365])} days'
GROUP BY 1, 2
ORDER BY 1, 2`;
}

function withForm({ metric, dimension }: Topic, random: Random): string {
  const asksForDimension = random.chance(0.4);
  const filter = asksForDimension
    ? `\n  AND ${dimension.column} = '{{ ${dimension.column} }}'`
    : '';
  const field = asksForDimension
    ? `\n\n${dimension.column}:\n  type: text\n  label: ${dimension.name}`
    : '';
  return `SELECT date_trunc('week', ${metric.time}) AS week,
       ${dimension.column},
       ${metric.sql} AS value
FROM ${metric.table}
WHERE ${metric.time} >= '{{ start_date }}'${filter}
GROUP BY 1, 2
ORDER BY 1 DESC

{% form %}
start_date:
  type: date
  default: '${random.pick(['2024-01-01', '2025-01-01', '2026-01-01'])}'${field}
{% endform %}`;
}

function ranking({ metric, dimension }: Topic, random: Random): string {
  const most = random.pick([10, 20, 50, 100]);
  return `-- top ${most}
SELECT ${dimension.column}, ${metric.sql} AS value
FROM ${metric.table}
WHERE ${dimension.column} IS NOT NULL
GROUP BY 1
ORDER BY value DESC
LIMIT ${most}`;
}

function comparedWithBefore({ metric, dimension }: Topic): string {
  return `WITH months AS (
  SELECT date_trunc('month', ${metric.time}) AS month, ${dimension.column}, ${metric.sql} AS value
  FROM ${metric.table}
  GROUP BY 1, 2
)
SELECT month,
       ${dimension.column},
       value,
       value / nullif(lag(value) OVER (PARTITION BY ${dimension.column} ORDER BY month), 0) - 1 AS change
FROM months
ORDER BY month DESC, value DESC`;
}
