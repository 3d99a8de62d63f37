import type { DemoSpace } from './demo-report.ts';

export const markets: DemoSpace = {
  name: 'Markets',
  description: 'Five tech stocks and the S&P 500, from 2000 to 2010.',
  reports: [
    {
      name: 'Tech stocks, indexed to 100',
      description: 'Each stock is 100 in its first month.',
      by: 'dara',
      schedule: { freq: 'daily', hour: 18 },
      queries: [
        {
          name: 'Indexed prices',
          sql: `with prices as (
  select symbol, strptime(date, '%b %d %Y')::date as month, price
  from stocks
  where symbol in ({{ symbols }})
)
select month,
       symbol,
       round(100 * price / first_value(price) over (partition by symbol order by month), 1) as value
from prices
order by month, symbol

{% form %}
symbols:
  type: multiselect
  label: Shares
  default: [AAPL, AMZN, GOOG, IBM, MSFT]
  options: [AAPL, AMZN, GOOG, IBM, MSFT]
{% endform %}`,
          charts: [
            {
              type: 'line',
              title: 'Apple left the others behind',
              x: 'month',
              y: ['value'],
              series: 'symbol',
            },
          ],
        },
      ],
    },
    {
      name: 'S&P 500 drawdown',
      description: 'Percent below the previous peak.',
      by: 'chen',
      queries: [
        {
          name: 'Drawdown',
          sql: `with prices as (
  select strptime(date, '%b %d %Y')::date as month, price
  from sp500
)
select month,
       round(100 * (price / max(price) over (order by month) - 1), 1) as percent_below_peak
from prices
order by month`,
          charts: [
            {
              type: 'area',
              title: 'Two drops of about half',
              x: 'month',
              y: ['percent_below_peak'],
            },
          ],
        },
      ],
    },
    {
      name: 'Annual returns by stock',
      description: 'Percent gained or lost from the first month of each year to the last.',
      by: 'dara',
      queries: [
        {
          name: 'Gain by year',
          sql: `with prices as (
  select symbol, strptime(date, '%b %d %Y')::date as month, price
  from stocks
)
select symbol,
       year(month) as year,
       round(100 * (arg_max(price, month) / arg_min(price, month) - 1), 1) as percent
from prices
group by symbol, year
order by symbol, year`,
          charts: [
            {
              type: 'pivotTable',
              title: 'Percent gained or lost',
              x: 'year',
              y: ['percent'],
              series: 'symbol',
            },
          ],
        },
      ],
    },
  ],
};
