import type { DemoSpace } from './demo-report.ts';

export const airTravel: DemoSpace = {
  name: 'Air travel',
  description:
    'Three million domestic flights of the first half of 2001, and the birds that planes hit.',
  reports: [
    {
      name: 'When to leave',
      description: 'Flights and average delay by hour of departure, from three million flights.',
      by: 'bo',
      schedule: { freq: 'hourly' },
      queries: [
        {
          name: 'By hour',
          sql: `select hour(date) as hour,
       count(*) as flights,
       round(avg(delay), 1) as mean_delay_minutes
from flights
group by hour
order by hour`,
          charts: [
            {
              type: 'bar',
              title: 'Delays grow all day',
              x: 'hour',
              y: ['mean_delay_minutes'],
            },
            { type: 'area', title: 'Flights by hour', x: 'hour', y: ['flights'] },
          ],
        },
      ],
    },
    {
      name: 'Airports that keep people waiting',
      description: 'Airports by the average delay of departing flights.',
      by: 'bo',
      queries: [
        {
          name: 'Slowest airports',
          sql: `select a.city || ' (' || f.origin || ')' as airport,
       count(*) as flights,
       round(avg(f.delay), 1) as mean_delay,
       round(100.0 * avg((f.delay > 30)::int), 1) as percent_over_half_an_hour
from flights f
join airports a on a.iata = f.origin
group by airport
having count(*) >= {{ at_least }}
order by mean_delay desc
limit 15

{% form %}
at_least:
  type: number
  label: At least so many flights
  default: 20000
{% endform %}`,
          charts: [
            {
              type: 'hBar',
              title: 'Average delay in minutes',
              x: 'airport',
              y: ['mean_delay'],
            },
            { type: 'table', title: 'All airports' },
          ],
        },
      ],
    },
    {
      name: 'One route, day by day',
      description:
        'Flights and delays between two airports. Enter other airport codes to see another route.',
      by: 'dara',
      queries: [
        {
          name: 'Flights by day',
          sql: `select date::date as day,
       count(*) as flights,
       round(avg(delay), 1) as mean_delay
from flights
where origin = '{{ from }}'
  and destination = '{{ to }}'
group by day
order by day

{% form %}
from:
  type: text
  label: From
  default: SEA
to:
  type: text
  label: To
  default: SFO
{% endform %}`,
          charts: [
            { type: 'line', title: 'Average delay in minutes', x: 'day', y: ['mean_delay'] },
          ],
        },
      ],
    },
    {
      name: 'Birds on the runway',
      description: 'Ten thousand bird strikes: species, time of year and cost.',
      by: 'dara',
      schedule: { freq: 'weekly', hour: 5, day_of_week: 'Friday' },
      queries: [
        {
          name: 'By month',
          sql: `select strftime("Flight Date", '%m') as month,
       "Wildlife Size" as size,
       count(*) as strikes
from birdstrikes
where "Wildlife Size" is not null
group by month, size
order by month, size`,
          charts: [
            {
              type: 'stackedBar',
              title: 'Most strikes are from August to October',
              x: 'month',
              y: ['strikes'],
              series: 'size',
            },
          ],
        },
        {
          name: 'Costliest species',
          sql: `select "Wildlife Species" as species,
       count(*) as strikes,
       sum("Cost Total $") as dollars
from birdstrikes
group by species
order by dollars desc
limit 12`,
          charts: [{ type: 'table', title: 'Costliest species' }],
        },
      ],
    },
  ],
};
