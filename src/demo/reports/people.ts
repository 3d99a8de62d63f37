import type { DemoSpace } from './demo-report.ts';

export const people: DemoSpace = {
  name: 'People and work',
  description: 'Employment in the United States, and life expectancy worldwide.',
  reports: [
    {
      name: 'Employment by sector',
      description: 'Thousands of people employed in the United States, 2006 to 2015.',
      by: 'bo',
      schedule: { freq: 'daily', hour: 7 },
      queries: [
        {
          name: 'By month',
          sql: `select month, sector, thousands
from (
  select month, construction, manufacturing, government,
         education_and_health_services as education_and_health,
         leisure_and_hospitality
  from employment
)
unpivot (thousands for sector in (* exclude month))
order by month, sector`,
          charts: [
            {
              type: 'area',
              title: 'Health and education grew right through the recession',
              x: 'month',
              y: ['thousands'],
              series: 'sector',
            },
          ],
        },
        {
          name: 'Worst months',
          sql: `select month, nonfarm_change as thousands
from employment
order by thousands
limit 10`,
          charts: [{ type: 'table', title: 'The ten worst months' }],
        },
      ],
    },
    {
      name: 'Unemployment by industry',
      description: 'Unemployment rate by month. Select industries to compare.',
      by: 'ana',
      queries: [
        {
          name: 'Rate by month',
          sql: `select date::date as month, series as industry, rate as percent
from unemployment
where series in ({{ industries }})
order by month, industry

{% form %}
industries:
  type: multiselect
  label: Industries
  default: [Construction, Information, Government]
  options: [Agriculture, Construction, Finance, Government, Information, Manufacturing, Mining and Extraction]
{% endform %}`,
          charts: [
            {
              type: 'line',
              title: 'Construction was hit hardest',
              x: 'month',
              y: ['percent'],
              series: 'industry',
            },
          ],
        },
      ],
    },
    {
      name: 'Women by occupation',
      description: 'Share of women in each occupation in 1950 and 2000, from the US census.',
      by: 'chen',
      queries: [
        {
          name: 'Share of women',
          sql: `with shares as (
  select job,
         year,
         100.0 * sum(count) filter (sex = 'women') / sum(count) as women,
         sum(count) as people
  from jobs
  where year in (1950, 2000)
  group by job, year
)
select now.job,
       round(past.women, 1) as percent_in_1950,
       round(now.women, 1) as percent_in_2000,
       round(now.women - past.women, 1) as change
from shares now
join shares past on past.job = now.job and past.year = 1950
where now.year = 2000 and now.people > 100000
order by change desc
limit 20`,
          charts: [
            { type: 'table', title: 'The twenty largest changes' },
            {
              type: 'hBar',
              title: 'Percent of women, then and now',
              x: 'job',
              y: ['percent_in_1950', 'percent_in_2000'],
            },
          ],
        },
      ],
    },
    {
      name: 'Longer lives, smaller families',
      description: 'Life expectancy and births per woman, by country and year.',
      by: 'ana',
      schedule: { freq: 'weekly', hour: 8, day_of_week: 'Wednesday' },
      queries: [
        {
          name: 'Countries',
          sql: `select country, life_expect as life_expectancy, fertility as children, pop as people,
       case cluster when 0 then 'South Asia' when 1 then 'Europe and Central Asia'
         when 2 then 'Sub-Saharan Africa' when 3 then 'America'
         when 4 then 'East Asia and Pacific' else 'Middle East and North Africa' end as region
from countries
where year = {{ year }}
order by people desc

{% form %}
year:
  type: select
  label: Year
  default: 2005
  options: [1955, 1965, 1975, 1985, 1995, 2005]
{% endform %}`,
          charts: [
            {
              type: 'scatter',
              title: 'Where lives are long, families are small',
              x: 'children',
              y: ['life_expectancy'],
              series: 'region',
            },
          ],
        },
      ],
    },
  ],
};
