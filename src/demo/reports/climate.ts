import type { DemoSpace } from './demo-report.ts';

export const climate: DemoSpace = {
  name: 'Climate',
  description: 'Weather in two cities, and global temperature and carbon dioxide.',
  reports: [
    {
      name: 'Weather, month by month',
      description: 'Temperatures and wet days through the year, from four years of daily readings.',
      by: 'ana',
      schedule: { freq: 'daily', hour: 6 },
      queries: [
        {
          name: 'Temperatures',
          sql: `-- Mean daily high and low of each month, in degrees Celsius.
select strftime(date, '%m') as month,
       round(avg(temp_max), 1) as high,
       round(avg(temp_min), 1) as low
from weather
where location = {{ city }}
group by month
order by month

{% form %}
city:
  type: select
  label: City
  default: Seattle
  options: [Seattle, New York]
{% endform %}`,
          charts: [
            {
              type: 'line',
              title: 'July and August are the warm months',
              x: 'month',
              y: ['high', 'low'],
            },
          ],
        },
        {
          name: 'Wet days',
          sql: `select strftime(date, '%m') as month,
       weather,
       count(*) as days
from weather
where location = {{ city }}
  and weather <> 'sun'
group by month, weather
order by month, weather`,
          charts: [
            {
              type: 'stackedBar',
              title: 'Days without sun, in four years',
              x: 'month',
              y: ['days'],
              series: 'weather',
            },
          ],
        },
      ],
    },
    {
      name: 'Is it getting warmer?',
      description:
        'Global temperature compared with the average of 1951 to 1980, in degrees Celsius.',
      by: 'chen',
      schedule: { freq: 'weekly', hour: 7, day_of_week: 'Monday' },
      queries: [
        {
          name: 'Anomaly by year',
          sql: `select year,
       temp as anomaly,
       round(avg(temp) over (order by year rows between 4 preceding and 5 following), 2) as ten_year_mean
from temperature
order by year`,
          charts: [
            {
              type: 'line',
              title: 'Every year since 1977 was warmer than average',
              x: 'year',
              y: ['anomaly', 'ten_year_mean'],
            },
          ],
        },
        {
          name: 'Latest year',
          sql: `select temp as degrees_above_the_mean
from temperature
order by year desc
limit 1`,
          charts: [
            { type: 'bigNumber', title: 'Degrees above average', y: ['degrees_above_the_mean'] },
          ],
        },
      ],
    },
    {
      name: 'Carbon dioxide at Mauna Loa',
      description: 'Parts per million, measured in Hawaii since 1958.',
      by: 'chen',
      queries: [
        {
          name: 'By month',
          sql: `select "Date" as month,
       "CO2" as measured,
       "adjusted CO2" as without_the_seasons
from co2
order by month`,
          charts: [
            {
              type: 'line',
              title: 'From 315 to 416 parts per million',
              x: 'month',
              y: ['measured', 'without_the_seasons'],
            },
          ],
        },
        {
          name: 'Rise by decade',
          sql: `with years as (
  select year("Date") as year, avg("adjusted CO2") as ppm
  from co2
  group by year
)
select (year // 10 * 10)::varchar || 's' as decade,
       round((max(ppm) - min(ppm)) / (count(*) - 1), 2) as ppm_a_year
from years
where year between 1960 and 2019
group by decade
order by decade`,
          charts: [
            {
              type: 'bar',
              title: 'The rise is accelerating',
              x: 'decade',
              y: ['ppm_a_year'],
            },
          ],
        },
      ],
    },
    {
      name: 'What natural disasters cost in lives',
      description: 'Deaths by decade and type of disaster, since 1900.',
      by: 'ana',
      queries: [
        {
          name: 'Deaths by decade',
          sql: `select "Year" // 10 * 10 as decade,
       "Entity" as kind,
       sum("Deaths") as deaths
from disasters
where "Entity" <> 'All natural disasters'
  and "Year" >= {{ since }}
group by decade, kind
order by decade, deaths desc

{% form %}
since:
  type: number
  label: Since
  default: 1900
{% endform %}`,
          charts: [
            {
              type: 'stackedBar',
              title: 'Droughts, epidemics and floods killed most before 1970',
              x: 'decade',
              y: ['deaths'],
              series: 'kind',
            },
            { type: 'table', title: 'Data' },
          ],
        },
      ],
    },
  ],
};
