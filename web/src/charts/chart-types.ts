/** The types of charts that can be made here, in the order in which they are offered. */
export const chartTypes = [
  'table',
  'line',
  'bar',
  'hBar',
  'stackedBar',
  'stackedBar100',
  'area',
  'linePlusBar',
  'pie',
  'scatter',
  'bigNumber',
  'pivotTable',
] as const;
