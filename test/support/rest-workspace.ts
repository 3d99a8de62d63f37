import type { LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { putRows } from './rows.ts';
import { openAcme } from './run-requests.ts';
import { makeBasic } from './workplace.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What the REST API answers with: whatever a client finds in it. */
// biome-ignore lint/suspicious/noExplicitAny: tests say what is in it
export type Answer = any;

/**
 * The organization acme with one of each thing that Mode's REST API has: a report with two queries, a chart, a schedule
 * and a run, on a data source; imported things that lack what a source does not tell; an admin who asks.
 *
 * @param runs whether the run is executed, for which a server of its own is needed.
 */
export async function openRestWorkspace({ runs = false }: { runs?: boolean } = {}) {
  // Without the flag, the server is one that tests share.
  const flags = { runsAtOnce: runs ? '1' : undefined } as Parameters<typeof openAcme>[0];
  const opened = await openAcme(flags);
  const { database, acme, source, send, ended } = opened;
  const admin = await makeBasic(database, acme, 'admin', 'ada@acme.example');

  const request = (
    method: Method,
    url: string,
    payload?: object,
    headers: Record<string, string> = {},
  ): Promise<LightMyRequestResponse> =>
    send({
      method,
      url,
      headers: { authorization: admin, ...headers },
      ...(payload && { payload }),
    });
  const call = async (method: Method, url: string, payload?: object): Promise<Answer> => {
    const response = await request(method, url, payload);
    expect(response.statusCode, `${method} ${url}: ${response.body}`).toBeLessThan(300);
    return response.body === '' ? undefined : response.json();
  };

  const root = '/api/acme';
  const space = await call('POST', `${root}/spaces`, { space: { name: 'Finance' } });
  const report = await call('POST', `${root}/reports`, {
    report: { name: 'Cities', description: 'By people.', space_token: space.token },
  });
  const self: string = report._links.self.href;
  const addQuery = (name: string, sql: string): Promise<Answer> =>
    call('POST', `${self}/queries`, {
      query: { name, raw_query: sql, data_source_token: source },
    });
  const query = await addQuery('People', 'select city, people from cities');
  await addQuery('One', 'select 1 as one');
  const chart = await call('POST', `${query._links.self.href}/charts`, {
    chart: { chart_type: 'bar', chart_title: 'People', spec: { x: 'city', y: ['people'] } },
  });
  const schedule = await call('POST', `${self}/schedules`, {
    report_schedule: {
      name: 'Daily',
      cron: { freq: 'daily', hour: 7, time_zone: 'Europe/Lisbon' },
    },
  });
  const byPattern = await call('POST', `${self}/schedules`, {
    report_schedule: { cron: { cron: '*/5 9-17 * * 1-5', time_zone: 'Europe/Lisbon' } },
  });
  const asked = await call('POST', `${self}/runs`, {});
  const run: Answer = runs ? await ended(asked._links.self.href) : asked;
  expect(run.state).toBe(runs ? 'succeeded' : 'enqueued');

  const [spaceSlot = 0] = await putRows(database, acme, lists.spaces, [
    { id: 71, token: 'imported0001', space_type: 'custom' },
  ]);
  const place = { space_id: 71, space_token: 'imported0001' };
  const [parent = 0] = await putRows(
    database,
    acme,
    lists.reports,
    [{ id: 72, token: 'imported0002', ...place }],
    { parent: spaceSlot },
  );
  const ofReport = { report_id: 72, report_token: 'imported0002', ...place };
  await putRows(
    database,
    acme,
    lists.queries,
    [{ id: 73, token: 'imported0003', data_source_token: 'elsewhere', ...ofReport }],
    { parent },
  );
  await putRows(
    database,
    acme,
    lists.charts,
    [
      {
        ...{ id: 74, token: 'imported0004', chart_type: 'sankey' },
        ...{ query_id: 73, query_token: 'imported0003', ...ofReport },
      },
    ],
    { parent },
  );
  const imported = {
    space: `${root}/spaces/imported0001`,
    report: `${root}/reports/imported0002`,
    query: `${root}/reports/imported0002/queries/imported0003`,
    chart: `${root}/reports/imported0002/queries/imported0003/charts/imported0004`,
  };
  return {
    ...opened,
    ...{ admin, request, call, root, imported },
    ...{ space, report, query, chart, schedule, byPattern, run },
  };
}
