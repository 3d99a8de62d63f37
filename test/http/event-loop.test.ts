import { expect, test } from 'vitest';
import { listen } from '../support/connection.ts';
import { openReport } from '../support/edited-report.ts';
import { longestTurnOf, MOST_READINGS, openCaller } from '../support/event-loop.ts';
import { rounds } from '../support/rounds.ts';

type Schema = { $ref?: string; examples?: unknown[] };
type Operation = {
  operationId: string;
  security: Record<string, unknown>[];
  requestBody?: { content: Record<string, { schema: Schema }> };
};
type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

const KIB = 1024;

async function openServed() {
  const opened = await openReport();
  const { server, as, report, reportToken, ana, admin, addQuery, addChart } = opened;
  const query = await addQuery();
  const chart = await addChart(query);
  const made = await as.ana('POST', `${report}/schedules`, {
    report_schedule: { cron: { freq: 'daily' } },
  });
  const lastOf = (path: string) => path.split('/').at(-1) ?? '';
  const tokens: Record<string, string> = {
    reports: reportToken,
    queries: lastOf(query),
    charts: lastOf(chart),
    schedules: made.json().token,
    spaces: 'finance',
    data_sources: 'c93d5b1a7e20',
  };
  const pathOf = (template: string) =>
    template
      .replace('{organization}', 'acme')
      .replaceAll(/(\w+)\/\{\w+\}/g, (_, of: string) => `${of}/${tokens[of] ?? 'none'}`);
  const port = await listen(server);
  const caller = openCaller();
  const base = `http://127.0.0.1:${port}`;
  const call = (
    method: string,
    path: string,
    {
      body,
      headers = {},
      by = ana,
    }: { body?: string | undefined; headers?: Record<string, string>; by?: string } = {},
  ) =>
    caller({
      url: base + path,
      method: method.toUpperCase(),
      headers: {
        authorization: by,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : new TextEncoder().encode(body),
    });
  const document = server.swagger() as unknown as Document;
  const operations = Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ template, method, operation })),
  );
  return { ...opened, call, document, operations, pathOf, admin };
}

/** Texts that take long to read, check and write: escapes, and characters of several bytes. */
const longText = (bytes: number) => 'naïve \\n 数\\" '.repeat(bytes / 18);

/** The same value with each of its texts replaced. */
function withTexts(value: unknown, text: string): unknown {
  if (typeof value === 'string') return text;
  if (Array.isArray(value)) return value.map((item) => withTexts(item, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withTexts(item, text)]),
  );
}

const wide = `{${Array.from({ length: 19_000 }, (_, at) => `"k${at.toString(36)}":{}`).join(',')}}`;
const flat = `[${'{},'.repeat(9_000)}{}]`;
const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;

/** In KiB: what most routes take, and what few do. */
const sizes = [
  60,
  ...Array.from({ length: rounds({ usual: 1, full: 9 }) }, (_, at) =>
    Math.max(60, 4_000 - 440 * at),
  ),
];

/** Bodies that are as large, as long or as deep as somebody likes. */
function bodiesLike(example: object): [what: string, body: string][] {
  const [field = 'x'] = Object.keys(example);
  const shape = JSON.stringify(withTexts(example, '@@'));
  const texts = Math.max(1, shape.split('@@').length - 1);
  return [
    ['deep', `{"${field}":${deep}}`],
    ['wide', `{"${field}":${wide}}`],
    ['flat', `{"${field}":${flat}}`],
    ...sizes.map((kib): [string, string] => [
      `${kib} KiB`,
      shape.replaceAll('@@', longText((kib * KIB) / texts)),
    ]),
  ];
}

test('no route takes long, whatever it is sent', { timeout: 300_000 }, async () => {
  const { call, operations, pathOf, document, admin } = await openServed();
  const odd: string[] = [];
  const hold = async (what: string, act: () => ReturnType<typeof call>) => {
    let status = 0;
    const readings = await longestTurnOf(async () => {
      status = (await act()).status;
    });
    if (status >= 500 || status === 0) odd.push(`${what}: ${status}`);
    if (readings > MOST_READINGS) odd.push(`${what}: ${readings} readings`);
  };
  let bodies = 0;
  for (const { template, method, operation } of operations) {
    const { operationId, requestBody } = operation;
    const path = pathOf(template);
    const headers = {
      'accept-encoding': 'br;q=0.1,'.repeat(600),
      'if-none-match': '"a",'.repeat(600),
      accept: 'text/csv;q=0.1,'.repeat(200),
    };
    const query = `?seconds=0&${'page=1&q=a,b&'.repeat(150)}`;
    await hold(operationId, () => call(method, path + query, { by: admin, headers }));
    const schema = requestBody?.content['application/json']?.schema;
    if (schema === undefined) continue;
    const named = document.components.schemas[schema.$ref?.split('/').at(-1) ?? ''];
    for (const [what, body] of bodiesLike((named?.examples?.[0] ?? {}) as object)) {
      bodies++;
      const sent = { body, by: admin, headers: { 'if-match': '*' } };
      await hold(`${operationId}, ${what}`, () => call(method, path, sent));
    }
  }
  expect(odd).toEqual([]);
  expect(bodies).toBeGreaterThan(100);
});

test('nothing that is as large as it may be takes long', { timeout: 300_000 }, async () => {
  const { call, report, putReport, admin } = await openServed();
  const odd: string[] = [];
  /** Something new each time, so that it is a change. */
  let turn = 0;
  const hold = async (what: string, expected: number, act: () => ReturnType<typeof call>) => {
    const readings = await longestTurnOf(async () => {
      turn++;
      const { status, text } = await act();
      if (status !== expected) odd.push(`${what}: ${status} ${text}`);
    });
    if (readings > MOST_READINGS) odd.push(`${what}: ${readings} readings`);
  };
  const send = (method: string, path: string, body: object, headers = {}) =>
    call(method, path, { body: JSON.stringify(body), by: admin, headers });
  const comment = 'select 1 -- naïve 数\n';
  const publish = (
    queries: number,
    characters: number,
    sql = comment.repeat(characters / comment.length),
  ) => {
    const spec = { x: 'a', y: Array.from({ length: 15 }, (_, column) => `column ${column}`) };
    const content = {
      name: 'Large',
      description: null,
      queries: Array.from({ length: queries }, (_, number) => ({
        name: `${number} ${turn}`,
        raw_query: sql,
        data_source_token: null,
        charts: [{ chart_type: 'line', chart_title: `${turn}`, spec }],
      })),
    };
    return send('PUT', `${report}/content`, { content }, { 'if-match': '*' });
  };
  const rename = () => send('PATCH', report, { report: { name: `Renamed ${turn}` } });

  await hold('many queries', 200, () => publish(160, 11_000));
  await hold('their content', 200, () => call('GET', `${report}/content`));
  await hold('their list', 200, () => call('GET', `${report}/queries`));
  await hold('another name', 200, rename);
  await hold('long queries', 200, () => publish(2, 900_000));
  await hold('a version', 200, () => call('GET', `${report}/versions/1`));
  await hold('their run', 202, () => send('POST', `${report}/runs`, {}));
  await hold('a try', 200, () => {
    const query = { raw_query: `select ${'{{ a }} and '.repeat(1_900)}${'x'.repeat(900_000)}` };
    return send('POST', '/api/acme/data_sources/c93d5b1a7e20/query', { query });
  });
  await hold('a large form', 202, async () => {
    const options = Array.from({ length: 1_900 }, (_, number) => `[Naïve ${number}, n${number}]`);
    const field = `a:\n  type: select\n  options: [${options.join(', ')}]`;
    const sql = `select {{ a }}\n{% form %}\n${field}\n{% endform %}`;
    await publish(2, 20, sql);
    return send('POST', `${report}/runs`, { parameters: { a: `n${turn}` } });
  });
  for (let run = 0; run < 12; run++) await send('POST', `${report}/runs`, {});
  await hold('runs with it', 200, () => call('GET', `${report}/runs`));
  await hold('a draft', 200, () => {
    const content = { text: 'x"\n数'.repeat(220_000), turn };
    return send('PUT', `${report}/draft`, { draft: { base_version: 1, content } });
  });
  await hold('the draft', 200, () => call('GET', `${report}/draft`, { by: admin }));
  await hold('a search', 200, () => call('GET', `/api/acme/reports?q=${'naive%20'.repeat(62)}`));

  const reports: string[] = [];
  for (let number = 100; number < 250; number++) reports.push(await putReport(number));
  const change = (one: object) => {
    const changes = reports.map((token) => ({ report: token, ...one }));
    return send('POST', '/api/acme/reports/bulk', { bulk: { changes } });
  };
  await hold('many archived', 200, () => change({ archived: turn % 2 === 0 }));
  await hold('many handed over', 200, () => {
    return change({ owner_email: turn % 2 === 0 ? 'ana@acme.example' : 'bo@acme.example' });
  });
  await hold('roll call', 200, () => call('GET', '/api/acme/roll_call?format=csv'));
  await hold('twenty references', 200, async () => {
    const answers = Array.from({ length: 20 }, () => call('GET', '/docs'));
    return (await Promise.all(answers))[0] as Awaited<ReturnType<typeof call>>;
  });
  await hold('twenty documents', 200, async () => {
    const answers = Array.from({ length: 20 }, () => call('GET', '/openapi.json'));
    return (await Promise.all(answers))[0] as Awaited<ReturnType<typeof call>>;
  });
  expect(odd).toEqual([]);
});
