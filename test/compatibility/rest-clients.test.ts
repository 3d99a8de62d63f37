import { expect, test } from 'vitest';
import { type Answer, openRestWorkspace } from '../support/rest-workspace.ts';

/*
 * What published clients of Mode's REST API send, and what they take from the answers, written by us: one that lacks what
 * such a client needs is refused by it whole.
 */

/** What mode-client 1.x refuses an answer without: its fields by their types, and its links. */
const needs: Record<string, { text?: string; number?: string; flag?: string; links?: string }> = {
  account: {
    text: 'username name token dataset_size_limit_mb query_run_size_limit_mb created_at',
    number: 'id',
    flag: 'user',
    links:
      'self web web_public_datasource_home web_groups web_new_organization home_web home_starred_web home_explorations_web ' +
      'home_search_web new_invite_web new_upload_web report reports archived_reports public_reports drafts_reports ' +
      'starred_reports by_ids_reports viewed_reports all_color_palettes',
  },
  space: {
    text: 'token space_type name state free_default viewable?',
    number: 'id',
    flag: 'restricted',
    links: 'self detail reports creator search_space_permissions',
  },
  report: {
    text:
      'token name created_at updated_at edited_at type last_saved_at account_username last_successfully_run_at last_run_at ' +
      'last_successful_run_token query_preview',
    number: 'id account_id expected_runtime query_count max_query_count runs_count view_count',
    flag: 'archived public manual_run_disabled run_privately drilldowns_enabled',
    links:
      'self web account report_run queries report_runs report_pins last_run last_successful_run',
  },
  run: { text: 'token created_at updated_at', links: 'self account' },
  query: {
    text: 'id token created_at updated_at name data_source_id',
    number: 'explorations_count report_imports_count',
    links: 'self report report_runs query_runs creator',
  },
  queryRun: {
    text: 'id token state created_at data_source_id limit query_token query_name query_created_at max_result_bytes',
    links: 'self query result result_web query_web report_run report_run_web executed_by',
  },
};

const runStates =
  /^(pending|enqueued|cancelled|failed|succeeded|completed|running_notebook|undefined)$/;

/** Reads an answer as mode-client does, which turns values into the types that it wants where it can. */
function read(kind: keyof typeof needs, answer: Answer): Answer {
  const { text = '', number = '', flag = '', links = '' } = needs[kind] ?? {};
  const words = (list: string) => list.split(' ').filter((word) => word !== '');
  for (const name of words(text)) {
    expect(['string', 'number', 'boolean'], `${kind}.${name}`).toContain(typeof answer[name]);
  }
  for (const name of words(number)) {
    expect(answer[name], `${kind}.${name}`).not.toBeNull();
    expect(Number(answer[name]), `${kind}.${name}`).not.toBeNaN();
  }
  for (const name of words(flag)) expect(typeof answer[name], `${kind}.${name}`).toBe('boolean');
  for (const name of words(links)) {
    expect(typeof answer._links[name]?.href, `${kind} links to ${name}`).toBe('string');
  }
  if (kind === 'run') expect(String(answer.state)).toMatch(runStates);
  return answer;
}

test('mode-client 1.x reads the answers of all its calls', async () => {
  const { call, root, source, ended, ...made } = await openRestWorkspace({ runs: true });
  const report: string = made.report._links.self.href;
  const { data_source_id: sourceId } = made.query;

  read('account', await call('GET', root));
  for (const filter of ['custom', 'all']) {
    const { spaces } = (await call('GET', `${root}/spaces?filter=${filter}`))._embedded;
    // Of the imported space no name is known, as of its source's.
    for (const space of spaces) if (space.name !== null) read('space', space);
  }
  const body = { space: { name: 'Planning', description: 'Of next year.' } };
  const space = read('space', await call('POST', `${root}/spaces`, body));
  const inSpace = `${root}/spaces/${space.token}`;
  read('space', await call('GET', inSpace));
  const renamed = await call('POST', inSpace, { space: { name: 'Plans' } });
  expect(read('space', renamed).name).toBe('Plans');
  await call('DELETE', inSpace);

  const sorted = 'order=desc&order_by=updated_at';
  for (const list of [`spaces/${made.space.token}`, `data_sources/${source}`]) {
    const { reports } = (await call('GET', `${root}/${list}/reports?${sorted}`))._embedded;
    expect(reports.map((one: Answer) => read('report', one).token)).toEqual([made.report.token]);
  }
  read('report', await call('GET', report));
  const change = { report: { name: 'Towns', description: 'd', space_token: made.space.token } };
  expect(read('report', await call('PATCH', report, change)).name).toBe('Towns');
  expect(read('report', await call('PATCH', `${report}/archive`)).archived).toBe(true);
  expect(read('report', await call('PATCH', `${report}/unarchive`)).archived).toBe(false);

  const given = { raw_query: 'select 2 as two', data_source_id: Number(sourceId), name: 'Two' };
  const query = read('query', await call('POST', `${report}/queries`, { query: given }));
  const ofQuery = `${report}/queries/${query.token}`;
  read('query', await call('GET', ofQuery));
  const { queries } = (await call('GET', `${report}/queries`))._embedded;
  for (const one of queries) read('query', one);
  const text = { query: { raw_query: 'select 3 as three' } };
  expect(read('query', await call('PATCH', ofQuery, text)).raw_query).toContain('three');

  const run = read('run', await call('POST', `${report}/runs`, { parameters: {} }));
  await ended(run._links.self.href);
  read('run', await call('GET', `${report}/runs/${run.token}`));
  const runs = await call('GET', `${report}/runs?${sorted}`);
  for (const one of runs._embedded.report_runs) read('run', one);
  expect(Object.keys(runs.pagination)).toEqual(
    expect.arrayContaining(['page', 'per_page', 'count', 'total_pages', 'total_count']),
  );
  const queryRuns = `${report}/runs/${run.token}/query_runs`;
  const [queryRun] = (await call('GET', queryRuns))._embedded.query_runs;
  read('queryRun', queryRun);
  read('queryRun', await call('GET', `${queryRuns}/${queryRun.token}`));
  read('run', await call('POST', `${report}/runs/${run.token}/clone`));
  await call('DELETE', ofQuery);
  await call('DELETE', report);
});

test('modeanalytics_dbapi changes its query by all that it read, runs it and fetches the rows', async () => {
  const { call, request, ended, root, source, space } = await openRestWorkspace({ runs: true });
  const made = await call('POST', `${root}/spaces/${space.token}/reports`, {
    report: { name: 'Placeholder' },
  });
  await call('POST', `${root}/reports/${made.token}/queries`, {
    query: { name: 'Q', raw_query: 'select 1', data_source_token: source },
  });
  // It joins its address, which ends in a slash, and our links, which begin with one.
  const get = (path: string) => request('GET', `/${path}`);
  const { spaces } = (await call('GET', '//api/acme/spaces'))._embedded;
  const { token } = spaces.find((one: Answer) => one.name === 'Finance');
  const { reports } = (await call('GET', `//api/acme/spaces/${token}/reports`))._embedded;
  const report = reports.find((one: Answer) => one.name === 'Placeholder').token;
  const [found] = (await call('GET', `//api/acme/reports/${report}/queries`))._embedded.queries;
  const fields = Object.entries(found).filter(([name]) => !name.startsWith('_'));
  const query = { ...Object.fromEntries(fields), raw_query: 'select 7 as seven' };
  await call('PATCH', `//api/acme/reports/${report}/queries/${found.token}`, { query });
  const asked = await request('POST', `//api/acme/reports/${report}/runs`);
  const status = await ended(`${root}/reports/${report}/runs/${asked.json().token}`);
  expect(status.state).toBe('succeeded');
  expect((await get(status._links.content.href)).body).toBe('seven\r\n7\r\n');
  const batch = await request('GET', '//batch/acme/reports');
  expect(batch.statusCode).toBe(401);
});

test('terraform creates, changes, reads and deletes a collection', async () => {
  const { call, request, root } = await openRestWorkspace();
  const plan = {
    space_type: 'custom',
    name: 'tf',
    description: '',
    restricted: false,
    free_default: false,
    viewable: true,
    default_access_level: 'edit',
  };
  const answer = await request('POST', `${root}/spaces`, { space: plan });
  expect(answer.statusCode).toBe(200);
  const made = answer.json();
  expect(typeof made.id).toBe('string');
  const path = `${root}/spaces/${made.token}`;
  const changed = await request('PATCH', path, { space: { ...plan, name: 'tf 2' } });
  expect(changed.statusCode).toBe(200);
  expect(changed.headers['rollcall-ignored-fields']).toBe(
    'space.space_type, space.restricted, space.free_default, space.viewable',
  );
  expect(await call('GET', path)).toMatchObject({
    ...{ name: 'tf 2', space_type: 'custom', restricted: false, free_default: false },
    ...{ 'viewable?': true, default_access_level: 'edit', state: 'active' },
  });
  expect((await request('DELETE', path)).statusCode).toBe(200);
  expect((await request('GET', path)).statusCode).toBe(404);
  for (const list of ['groups', `data_sources/${(await aSource(call, root)).token}/permissions`]) {
    expect((await request('GET', `${root}/${list}`)).statusCode).toBe(200);
  }
});

async function aSource(call: Answer, root: string): Promise<Answer> {
  return (await call('GET', `${root}/data_sources`))._embedded.data_sources[0];
}

test('mode-sdk follows a credential to its member, and what it asks for is there', async () => {
  const { call, request, root, ...made } = await openRestWorkspace({ runs: true });
  const key = (await call('GET', '/api/verify'))._links.self.href;
  const member = (await call('GET', key))._links.member.href;
  expect(await call('GET', member)).toMatchObject({ email: 'ada@acme.example', user: true });
  const report: string = made.report._links.self.href;
  const run: string = made.run._links.self.href;
  const lists = {
    [`${report}/filters`]: 'report_filters',
    [`${report}/subscriptions`]: 'report_subscriptions',
    [`${made.schedule._links.self.href}/subscriptions`]: 'report_subscriptions',
    [`${root}/spaces/${made.space.token}/memberships`]: 'space_memberships',
    [`${root}/spaces/${made.space.token}/datasets`]: 'reports',
    [`${root}/groups`]: 'groups',
    [`${run}/options`]: 'form_fields',
  };
  for (const [path, name] of Object.entries(lists)) {
    expect((await call('GET', `${path}?page=1`))._embedded, path).toEqual({ [name]: [] });
  }
  const events = await call('GET', `${root}/audit_logs?start_timestamp=2020-01-01T00:00:00Z`);
  expect(events._embedded.audit_logs[0]).toMatchObject({
    workspace_username: 'acme',
    actor: { username: 'ada@acme.example' },
  });
  expect(events.next_token).toBeNull();
  const copy = await call('POST', `${run}/clone`);
  expect(copy).toMatchObject({ name: 'Copy of Cities', type: 'Report', query_count: 2 });

  const [queryRun] = (await call('GET', `${run}/query_runs`))._embedded.query_runs;
  const { csv, json } = (await call('GET', queryRun._links.result.href))._links;
  expect((await request('GET', csv.href)).body).toContain('Bonn,336');
  expect((await request('GET', json.href)).json()).toContainEqual({ city: 'Ulm', people: 128 });
  expect((await request('GET', `${queryRun._links.result.href}/content.csv`)).statusCode).toBe(200);
  for (const path of ['pdf', 'pdf.pdf', 'pdf/download']) {
    const export_ = await request('GET', `${report}/exports/runs/${made.run.token}/${path}`);
    expect(export_.json()).toMatchObject({ id: 'not_found', message: 'export not yet generated' });
  }
});

test('scripts find what a query has run, a person by name, and the words of a 404', async () => {
  const { call, request, root, ...made } = await openRestWorkspace({ runs: true });
  const report: string = made.report._links.self.href;
  const runs = await call('GET', `${report}/queries/${made.query.token}/runs`);
  expect(runs.pagination).toMatchObject({ total_pages: 1, total_count: 1 });
  expect(runs._embedded.query_runs).toMatchObject([
    { query_token: made.query.token, raw_source: made.query.raw_query, state: 'succeeded' },
  ]);
  expect((await request('GET', `${report}/queries/nosuch/runs`)).json().message).toBe(
    'query not found',
  );
  expect(await call('GET', '/api/ada')).toMatchObject({ username: 'ada', user: true });
  for (const [path, message] of [
    ['/api/nobody', 'account not found'],
    ['/api/nobody/spaces', 'account not found'],
    [`${root}/reports/nosuch/runs/`, 'report not found'],
    [`${root}/data_sources/nosuch`, 'data source not found'],
    [`${root}/nosuch`, 'request path not recognized'],
  ] as const) {
    const answer = await request('GET', path);
    expect([answer.statusCode, answer.json().message], path).toEqual([404, message]);
  }
  await call('PATCH', `${report}/archive`);
  const { reports } = (await call('GET', `${root}/spaces/${made.space.token}/reports`))._embedded;
  expect(reports).toMatchObject([{ token: made.report.token, archived: true }]);
});
