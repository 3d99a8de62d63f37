import { describe, expect, test } from 'vitest';
import { openReport } from '../support/edited-report.ts';
import { makeBearer } from '../support/workplace.ts';

const chart = {
  chart_type: 'line',
  chart_title: 'Revenue, month by month',
  spec: {
    x: 'month',
    y: ['revenue'],
    series: 'region',
    formats: {
      revenue: { title: 'Revenue', style: 'short', decimals: 1, prefix: '€' },
      month: { date_style: 'month', date_pattern: "MMM ''yy", time_zone: 'Europe/Berlin' },
    },
  },
};

describe('a chart', () => {
  test('is made, read, changed and deleted, and stands in the list', async () => {
    const { as, report, addQuery, get, database, acme } = await openReport();
    const bearer = await makeBearer(database, acme);
    const query = await addQuery();
    const made = await as.bo('POST', `${query}/charts`, { chart });
    expect(made.statusCode, made.body).toBe(201);
    expect(made.json()).toMatchObject({ ...chart, view: {} });
    expect((await get('/batch/acme/charts', bearer)).json().charts).toMatchObject([
      {
        chart_type: 'line',
        chart_title: 'Revenue, month by month',
        query_token: query.split('/').at(-1),
        report_creator_email: 'ana@acme.example',
        space_token: 'finance',
      },
    ]);
    const { self } = made.json()._links;
    const change = { chart: { chart_type: 'bar', spec: { x: 'month' } } };
    const changed = await as.ana('PATCH', self.href, change);
    expect(changed.json()).toMatchObject({ chart_type: 'bar', chart_title: chart.chart_title });
    expect(changed.json().spec).toEqual({ x: 'month' });
    const list = (await as.bo('GET', `${query}/charts`)).json();
    expect(list._embedded.charts).toEqual([changed.json()]);
    expect((await as.bo('GET', query)).json().chart_count).toBe(1);
    expect((await as.bo('GET', report)).json().chart_count).toBe(1);
    expect((await as.bo('DELETE', self.href)).statusCode).toBe(204);
    expect((await as.bo('GET', self.href)).statusCode).toBe(404);
    expect((await get('/batch/acme/charts', bearer)).json().charts).toEqual([]);
  });

  test('says in the words of other servers too what it shows', async () => {
    const { as, addQuery, addChart } = await openReport();
    const query = await addQuery();
    const vegas = async (given: object) =>
      (await as.bo('GET', await addChart(query, given))).json().view_vegas;
    expect(await vegas(chart)).toMatchObject({
      title: 'Revenue, month by month',
      chartType: 'line',
      encoding: { x: [{ formula: '[month]' }], y: [{ formula: '[revenue]' }] },
    });
    const table = await vegas({ chart_type: 'table', spec: { columns: ['a', 'b'] } });
    expect(Object.keys(table.fieldFormats)).toEqual(['[a]', '[b]']);
    const pivot = { x: 'year', series: 'region', y: ['revenue'] };
    expect((await vegas({ chart_type: 'pivotTable', spec: pivot })).pivotTable).toEqual({
      columns: ['year'],
      rows: ['region'],
      values: ['revenue'],
    });
  });

  test.each([
    [{}, 'chart_type'],
    [{ chart_type: 'cloud' }, 'chart.chart_type'],
    [{ chart_type: 'line', chart_title: 'a'.repeat(256) }, 'chart.chart_title'],
    [{ chart_type: 'line', spec: { x: ['a'] } }, 'chart.spec.x'],
    [{ chart_type: 'line', spec: { y: Array(101).fill('a') } }, 'chart.spec.y'],
    [{ chart_type: 'line', spec: { formats: { a: { decimals: 99 } } } }, 'chart.spec.formats.a'],
    [
      { chart_type: 'bar', spec: { time_zone: 'Mars/Olympus' } },
      'chart.spec.time_zone is "Mars/Olympus"',
    ],
    [{ chart_type: 'line', spec: { formats: { a: { style: 'money' } } } }, '\\"percent\\"'],
    [
      { chart_type: 'line', spec: { formats: { a: { time_zone: 'Mars/Olympus' } } } },
      'chart.spec.formats.a.time_zone is "Mars/Olympus"',
    ],
    [
      { chart_type: 'line', spec: { formats: { a: { date_pattern: 'YYYY' } } } },
      'chart.spec.formats.a.date_pattern is "YYYY"',
    ],
  ])('is refused where it is wrong, with the field named (%#)', async (given, field) => {
    const { as, addQuery } = await openReport();
    const response = await as.bo('POST', `${await addQuery()}/charts`, { chart: given });
    expect(response.statusCode, response.body).toBe(400);
    expect(response.json().message).toContain(field);
  });

  test('of another state than the caller knows is neither changed nor deleted', async () => {
    const { as, addQuery, addChart } = await openReport();
    const path = await addChart(await addQuery());
    const known = { 'if-match': String((await as.ana('GET', path)).headers.etag) };
    const change = { chart: { spec: { x: 'month' } } };
    expect((await as.ana('PATCH', path, change, known)).statusCode).toBe(200);
    expect((await as.ana('PATCH', path, change, known)).statusCode).toBe(412);
    expect((await as.ana('DELETE', path, undefined, known)).statusCode).toBe(412);
  });

  test('is found with its own query only', async () => {
    const { as, addQuery, addChart } = await openReport();
    const path = await addChart(await addQuery());
    const elsewhere = `${await addQuery()}/charts/${path.split('/').at(-1)}`;
    expect((await as.ana('GET', elsewhere)).statusCode).toBe(404);
  });
});
