import type { DemoSpace } from './demo-report.ts';

export const natureAndFilm: DemoSpace = {
  name: 'Odds and ends',
  description: 'Penguins, earthquakes, films, cars, and one report that fails on purpose.',
  reports: [
    {
      name: 'Penguins of the Palmer Archipelago',
      description: 'Three species, distinguished by flipper length and weight.',
      by: 'chen',
      queries: [
        {
          name: 'Each penguin',
          sql: `select "Species" as species,
       "Island" as island,
       "Flipper Length (mm)" as flipper_mm,
       "Body Mass (g)" as mass_g
from penguins
where "Body Mass (g)" is not null
order by species, mass_g`,
          charts: [
            {
              type: 'scatter',
              title: 'Gentoos are the large ones',
              x: 'flipper_mm',
              y: ['mass_g'],
              series: 'species',
            },
          ],
        },
        {
          name: 'By species',
          sql: `select "Species" as species,
       count(*) as penguins,
       round(avg("Body Mass (g)")) as mean_mass_g
from penguins
group by species
order by penguins desc`,
          charts: [{ type: 'pie', title: 'Penguins by species', x: 'species', y: ['penguins'] }],
        },
      ],
    },
    {
      name: 'A week of earthquakes',
      description: 'Every earthquake measured in one week of February 2018.',
      by: 'admin',
      queries: [
        {
          name: 'Strongest',
          sql: `with quakes as (
  select unnest(features).properties as quake
  from earthquakes
)
select quake.place as place,
       quake.mag as magnitude,
       make_timestamp(quake.time::bigint * 1000) as at
from quakes
where quake.mag >= {{ magnitude }}
order by magnitude desc
limit 25

{% form %}
magnitude:
  type: number
  label: Magnitude, at least
  default: 4.5
{% endform %}`,
          charts: [{ type: 'table', title: 'Strongest earthquakes' }],
        },
        {
          name: 'By magnitude',
          sql: `with quakes as (
  select unnest(features).properties.mag as magnitude
  from earthquakes
)
select floor(magnitude)::int as magnitude,
       count(*) as quakes
from quakes
where magnitude >= 0
group by all
order by all`,
          charts: [{ type: 'bar', title: 'Most are never felt', x: 'magnitude', y: ['quakes'] }],
        },
      ],
    },
    {
      name: 'What films cost and earn',
      description: 'Budgets and box office by genre, in millions of dollars.',
      by: 'bo',
      queries: [
        {
          name: 'By genre',
          sql: `select "Major Genre" as genre,
       count(*) as films,
       round(median("Production Budget") / 1e6, 1) as budget_millions,
       round(median("Worldwide Gross") / 1e6, 1) as takings_millions,
       round(avg("IMDB Rating"), 1) as rating
from movies
where "Major Genre" is not null
group by genre
having count(*) >= 20
order by takings_millions desc`,
          charts: [
            {
              type: 'bar',
              title: 'Adventure films cost and earn the most',
              x: 'genre',
              y: ['budget_millions', 'takings_millions'],
            },
            { type: 'table', title: 'All genres' },
          ],
        },
      ],
    },
    {
      name: 'Cars use less fuel',
      description: 'Miles per gallon by year and origin.',
      by: 'dara',
      queries: [
        {
          name: 'By year',
          sql: `select year("Year") as year,
       "Origin" as origin,
       round(avg("Miles_per_Gallon"), 1) as miles_per_gallon
from cars
group by year, origin
order by year, origin`,
          charts: [
            {
              type: 'line',
              title: 'The oil crisis, seen from the gas station',
              x: 'year',
              y: ['miles_per_gallon'],
              series: 'origin',
            },
          ],
        },
      ],
    },
    {
      name: 'Refunds by region (fails on purpose)',
      description: 'Queries a table that does not exist. Edit the SQL to fix it.',
      by: 'admin',
      schedule: { freq: 'daily', hour: 9 },
      queries: [
        {
          name: 'Refunds',
          sql: `select region,
       sum(amount) as amount
from refunds
group by region
order by amount desc`,
          charts: [{ type: 'bar', title: 'Refunds by region', x: 'region', y: ['amount'] }],
        },
      ],
    },
  ],
};

/** In the personal space of `ana`, which nobody else sees but admins. */
export const scratch: DemoSpace['reports'] = [
  {
    name: 'Do delays follow the rain?',
    description: 'Notes for myself: the flights and the weather are from different years.',
    by: 'ana',
    queries: [
      {
        name: 'Rain by month in Seattle',
        sql: `select month(date) as month,
       round(sum(precipitation) / 4) as millimeters
from weather
where location = 'Seattle'
group by month
order by month`,
        charts: [{ type: 'bar', title: 'Rain in Seattle', x: 'month', y: ['millimeters'] }],
      },
    ],
  },
];
