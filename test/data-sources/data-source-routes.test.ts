import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findDataSource, insertDataSource } from '../../src/data-sources/data-source-store.ts';
import type { Adapter } from '../../src/data-sources/kinds.ts';
import { openConnection } from '../../src/data-sources/open-connection.ts';
import { secretKeyOf } from '../../src/data-sources/secret-key.ts';
import { openStore } from '../../src/database/open-store.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { makeBasic, makeOrganization, openWorkplace } from '../support/workplace.ts';

const PATH = '/api/acme/data_sources';
const PASSWORD = 'correct-horse-battery-staple';

const warehouse = {
  name: 'Warehouse',
  adapter: 'jdbc:postgresql',
  host: 'warehouse.internal',
  port: 5433,
  database: 'sales',
  username: 'reader',
  password: PASSWORD,
};

async function openAcme(flags: Parameters<typeof openWorkplace>[0] = {}) {
  const workplace = await openWorkplace(flags);
  const { database, send, config } = workplace;
  const acme = await makeOrganization(database);
  const admin = await makeBasic(database, acme);
  const member = await makeBasic(database, acme, 'member');
  const call = async (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    fields?: object,
    { authorization = admin, ...headers }: Record<string, string> = {},
  ) =>
    send({
      method,
      url,
      headers: { authorization, ...headers },
      ...(fields && { payload: { data_source: fields } }),
    });
  const make = async (fields: object = warehouse) => {
    const response = await call('POST', PATH, fields);
    expect(response.statusCode, response.body).toBe(201);
    return response.json();
  };
  const files = join(config.dataDir, 'files');
  /** The connection that queries on a data source are run with. */
  const connectionOf = async (token: string, organization: Organization = acme) => {
    const found = await findDataSource(database, organization.id, 'token', token);
    if (found === undefined) throw new Error(`There is no data source ${token}.`);
    const secretKey = secretKeyOf(config, randomIdentifiers);
    return openConnection(organization, found, { secretKey, filesDir: files });
  };
  return { ...workplace, acme, admin, member, call, make, files, connectionOf };
}

test('the store takes a kind of data source that it does not know, where each had to be in its schema', async () => {
  const { make, database, acme } = await openAcme();
  const { token } = await make();
  const known = await findDataSource(database, acme.id, 'token', token);
  if (known === undefined) throw new Error('There is no data source.');
  const another = { ...known, id: 2, token: '0fc85cbc4ab4', name: 'Another' };
  await insertDataSource(database, acme.id, { ...another, adapter: 'newer' as Adapter });
  expect(await findDataSource(database, acme.id, 'token', another.token)).toMatchObject({
    adapter: 'newer',
  });
});

describe('a data source that an admin makes', () => {
  test('is shown whole but for its password', async () => {
    const { call, make, acme } = await openAcme();
    const made = await make();
    expect(made).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      token: expect.stringMatching(/^[0-9a-f]{12}$/),
      name: 'Warehouse',
      display_name: 'Warehouse',
      description: null,
      adapter: 'jdbc:postgresql',
      host: 'warehouse.internal',
      port: 5433,
      database: 'sales',
      username: 'reader',
      has_password: true,
      ssl: false,
      ssl_mode: 'disable',
      folder: null,
      account_id: String(acme.id),
      created_at: '2026-11-23T12:00:00.000Z',
    });
    const read = await call('GET', made._links.self.href);
    expect(read.json()).toEqual(made);
    expect(read.body).not.toContain(PASSWORD);
    expect((await call('GET', made._links.creator.href)).json().email).toBe('admin@acme.example');
  });

  test('keeps its password where only the server with the key finds it', async () => {
    const { make, database, connectionOf } = await openAcme();
    const { token } = await make();
    const tables = ['data_sources', 'audit_log'];
    for (const table of tables) {
      const rows = await database.all(`select * from ${table}`);
      expect(JSON.stringify(rows)).not.toContain(PASSWORD);
    }
    expect(await connectionOf(token)).toEqual({
      adapter: 'postgresql',
      host: 'warehouse.internal',
      port: 5433,
      database: 'sales',
      username: 'reader',
      password: PASSWORD,
    });
  });

  test('has the token that imported queries name', async () => {
    const { make, call } = await openAcme();
    expect((await make({ ...warehouse, token: '0fc85cbc4ab4' })).token).toBe('0fc85cbc4ab4');
    const second = await call('POST', PATH, { ...warehouse, name: 'Other', token: '0fc85cbc4ab4' });
    expect(second.statusCode).toBe(409);
    expect(second.json().message).toContain('"0fc85cbc4ab4"');
  });

  test('has a name of its own', async () => {
    const { make, call } = await openAcme();
    await make();
    const other = await make({ ...warehouse, name: 'Other' });
    const again = await call('POST', PATH, warehouse);
    expect(again.statusCode).toBe(409);
    expect(again.json().message).toContain('"Warehouse"');
    const renamed = await call('PATCH', other._links.self.href, { name: 'Warehouse' });
    expect(renamed.statusCode).toBe(409);
  });
});

describe('the list', () => {
  test('is whole, oldest first, for members too', async () => {
    const { make, get, member } = await openAcme();
    for (const name of ['One', 'Two', 'Three']) await make({ ...warehouse, name });
    const response = await get(`${PATH}?page=2&per_page=1`, member);
    const { _embedded, pagination } = response.json();
    expect(_embedded.data_sources.map((one: { name: string }) => one.name)).toEqual([
      'One',
      'Two',
      'Three',
    ]);
    expect(pagination).toMatchObject({ page: 1, total_pages: 1, total_count: 3 });
    expect(response.body).not.toContain(PASSWORD);
  });
});

const { password: _, ...withoutPassword } = warehouse;
const { host: __, ...withoutHost } = warehouse;

test('an option that is not right makes no data source: the error names it', async () => {
  const { call } = await openAcme();
  const wrong: [what: string, fields: object, field: string][] = [
    ['of another adapter', { ...withoutPassword, adapter: 'jdbc:oracle' }, 'data_source.adapter'],
    ['missing', withoutHost, 'data_source.host'],
    ['of files', { ...warehouse, folder: 'sales' }, 'data_source.folder'],
    ['a socket', { ...warehouse, host: '/var/run/postgresql' }, 'data_source.host'],
    ['a port as text', { ...warehouse, port: '5432' }, 'data_source.port'],
    ['beyond all ports', { ...warehouse, port: 65_536 }, 'data_source.port'],
    ['an unknown word', { ...warehouse, ssl_mode: 'prefer' }, 'data_source.ssl_mode'],
    ['empty', { ...warehouse, name: '' }, 'data_source.name'],
    ['too long', { ...warehouse, name: 'x'.repeat(256) }, 'data_source.name'],
    ['with a zero byte', { ...warehouse, username: 'a\u0000b' }, 'data_source.username'],
    ['no token', { ...warehouse, token: '../../admin!' }, 'data_source.token'],
    [
      'a password of files',
      { name: 'F', adapter: 'jdbc:duckdb', folder: '.', password: 'x' },
      'data_source.password',
    ],
    [
      'an absolute path',
      { name: 'F', adapter: 'jdbc:duckdb', folder: '/etc' },
      'data_source.folder',
    ],
    [
      'a way out',
      { name: 'F', adapter: 'jdbc:duckdb', folder: 'a/../../rival' },
      'data_source.folder',
    ],
    [
      'a way out of Windows',
      { name: 'F', adapter: 'jdbc:sqlite', file: '..\\rival' },
      'data_source.file',
    ],
  ];
  for (const [what, fields, field] of wrong) {
    const response = await call('POST', PATH, fields);
    expect(response.statusCode, what).toBe(400);
    expect(response.json().message, what).toContain(field);
    expect(response.body).not.toContain(PASSWORD);
  }
  expect((await call('GET', PATH)).json().pagination.total_count).toBe(0);
});

describe('a change', () => {
  test('leaves alone what it does not name', async () => {
    const { make, call, time, connectionOf } = await openAcme();
    const { token, _links } = await make();
    time.nowMs += 60_000;
    const response = await call('PATCH', _links.self.href, { database: 'marketing' });
    expect(response.json()).toMatchObject({
      database: 'marketing',
      host: 'warehouse.internal',
      has_password: true,
      created_at: '2026-11-23T12:00:00.000Z',
      updated_at: '2026-11-23T12:01:00.000Z',
    });
    expect(await connectionOf(token)).toMatchObject({ database: 'marketing', password: PASSWORD });
  });

  test.each([{ host: 'evil.example' }, { port: 9999 }])(
    'to another place forgets the password, so that nobody has it sent there: %j',
    async (place) => {
      const { make, call, connectionOf } = await openAcme();
      const { token, _links } = await make();
      const response = await call('PATCH', _links.self.href, place);
      expect(response.json().has_password).toBe(false);
      expect(await connectionOf(token)).not.toHaveProperty('password');
      const back = await call('PATCH', _links.self.href, { host: warehouse.host, port: 5433 });
      expect(back.json().has_password).toBe(false);
    },
  );

  test('to another place with the password keeps it', async () => {
    const { make, call, connectionOf } = await openAcme();
    const { token, _links } = await make();
    await call('PATCH', _links.self.href, { host: 'replica.internal', password: 'another' });
    expect(await connectionOf(token)).toMatchObject({
      host: 'replica.internal',
      password: 'another',
    });
  });

  test('may take the password away', async () => {
    const { make, call } = await openAcme();
    const { _links } = await make();
    const response = await call('PATCH', _links.self.href, { password: null });
    expect(response.json().has_password).toBe(false);
  });

  test('to an option of another adapter, and of nothing, is refused', async () => {
    const { make, call } = await openAcme();
    const { href } = (await make())._links.self;
    for (const fields of [{}, { file: 'x' }, { host: null }]) {
      expect((await call('PATCH', href, fields)).statusCode).toBe(400);
    }
  });

  test('of the adapter and the token is ignored', async () => {
    const { make, call } = await openAcme();
    const { adapter, token, _links: links } = await make();
    const fields = { adapter: 'jdbc:mysql', token: '0123456789ab', sslrootcert: '/etc/passwd' };
    const response = await call('PATCH', links.self.href, fields);
    expect(response.headers['rollcall-ignored-fields']).toBe(
      'data_source.adapter, data_source.token, data_source.sslrootcert',
    );
    expect(response.json()).toMatchObject({ adapter, token });
  });

  test('of what somebody else has changed meanwhile is refused with If-Match', async () => {
    const { make, call } = await openAcme();
    const { href } = (await make())._links.self;
    const etag = String((await call('GET', href)).headers.etag);
    const rename = (name: string) => call('PATCH', href, { name }, { 'if-match': etag });
    expect((await rename('First')).statusCode).toBe(200);
    expect((await rename('Second')).statusCode).toBe(412);
    expect((await call('DELETE', href, undefined, { 'if-match': etag })).statusCode).toBe(412);
  });
});

test('a data source that is deleted is gone, and one of its token may take its place', async () => {
  const { make, call } = await openAcme();
  const { token, id, _links } = await make();
  const response = await call('DELETE', _links.self.href);
  expect(response.statusCode).toBe(204);
  expect(response.body).toBe('');
  for (const method of ['GET', 'DELETE'] as const) {
    expect((await call(method, _links.self.href)).statusCode).toBe(404);
  }
  const again = await make({ ...warehouse, token });
  expect(again.id).not.toBe(id);
});

test('members use data sources, and change none', async () => {
  const { make, call, member } = await openAcme();
  const { href } = (await make())._links.self;
  const asMember = { authorization: member };
  expect((await call('GET', href, undefined, asMember)).statusCode).toBe(200);
  expect((await call('POST', PATH, warehouse, asMember)).statusCode).toBe(403);
  expect((await call('PATCH', href, { name: 'Mine' }, asMember)).statusCode).toBe(403);
  expect((await call('DELETE', href, undefined, asMember)).statusCode).toBe(403);
  expect((await call('POST', `${href}/test`, undefined, asMember)).statusCode).toBe(403);
  expect((await call('GET', `${href}/datasets`, undefined, asMember)).json()._embedded).toEqual({
    reports: [],
  });
});

test('what was sealed for one data source is opened for no other', async () => {
  const { make, database, connectionOf } = await openAcme();
  const { token, id } = await make();
  const other = await make({ ...warehouse, name: 'Other', host: 'evil.example' });
  await database.run(
    'update data_sources set sealed_secrets = (select sealed_secrets from data_sources d where d.id = ?) where id = ?',
    [Number(id), Number(other.id)],
  );
  expect(await connectionOf(token)).toMatchObject({ password: PASSWORD });
  await expect(connectionOf(other.token)).rejects.toThrow(/cannot be decrypted/);
});

test('with another key, a data source that needs its password says what to do', async () => {
  const { make, call, config, acme } = await openAcme();
  const { token } = await make();
  const store = await openStore(config);
  const found = await findDataSource(store, acme.id, 'token', token);
  await store.close();
  const secretKey = secretKeyOf({ ...config, secretKey: 'x'.repeat(32) }, randomIdentifiers);
  expect(() => openConnection(acme, found ?? fail(), { secretKey, filesDir: '/' })).toThrow(
    /encrypted with another key.*Send the password again/s,
  );
  expect((await call('GET', `${PATH}/${token}`)).json().has_password).toBe(true);
});

function fail(): never {
  throw new Error('There is none.');
}

describe('files', () => {
  async function openFiles() {
    const acme = await openAcme();
    mkdirSync(join(acme.files, 'acme', 'sales'), { recursive: true });
    mkdirSync(join(acme.files, 'rival'), { recursive: true });
    writeFileSync(join(acme.files, 'acme', 'sales', 'orders.csv'), 'id,amount\n1,9.5\n2,3\n');
    writeFileSync(join(acme.files, 'rival', 'secret.csv'), 'id\n7\n');
    const makeFolder = (folder: string) =>
      acme.make({ name: folder, adapter: 'jdbc:duckdb', folder });
    return { ...acme, makeFolder };
  }

  test('are tables, with their columns, for members', async () => {
    const { makeFolder, get, member } = await openFiles();
    const { _links } = await makeFolder('sales');
    const response = await get(_links.tables.href, member);
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json()._embedded.tables).toEqual([
      {
        name: 'orders',
        columns: [
          { name: 'id', type: 'BIGINT', note: null },
          { name: 'amount', type: 'DECIMAL(18,1)', note: null },
        ],
        file: { name: 'orders.csv', encoding: 'utf-8', notes: [], error: null },
      },
    ]);
  });

  test('are tried', async () => {
    const { makeFolder, call } = await openFiles();
    const response = await call('POST', (await makeFolder('sales'))._links.test.href);
    expect(response.json()).toEqual({
      state: 'succeeded',
      error_code: null,
      error_message: null,
    });
  });

  test('that are not there are told of without a path of the machine', async () => {
    const { makeFolder, call, files } = await openFiles();
    const { _links } = await makeFolder('nowhere');
    const tried = await call('POST', _links.test.href);
    expect(tried.statusCode).toBe(200);
    expect(tried.json()).toMatchObject({ state: 'failed', error_code: 'connection_failed' });
    const tables = await call('GET', _links.tables.href);
    expect(tables.statusCode).toBe(422);
    expect(tables.json()).toMatchObject({ id: 'data_source_failed' });
    for (const { body } of [tried, tables]) expect(body).not.toContain(files);
  });

  test('of another organization or of the machine are not reached through links', async () => {
    const { makeFolder, files, connectionOf } = await openFiles();
    symlinkSync(join(files, 'rival'), join(files, 'acme', 'borrowed'));
    symlinkSync('/etc', join(files, 'acme', 'system'));
    for (const folder of ['borrowed', 'system']) {
      const { token } = await makeFolder(folder);
      await expect(connectionOf(token)).rejects.toThrow(`files do not include "${folder}"`);
    }
  });
});

test('a database that does not answer is told of with a word and a reason', async () => {
  const { make, call } = await openAcme();
  const { _links } = await make({ ...warehouse, host: '127.0.0.1', port: 1 });
  const response = await call('POST', _links.test.href);
  expect(response.json()).toMatchObject({ state: 'failed', error_code: 'connection_failed' });
  expect(response.body).not.toContain(PASSWORD);
});

test('a database that is not reached told members open ports from closed ones; admins still see why', async () => {
  const { make, call, member } = await openAcme();
  const sockets = new Set<Socket>();
  const open = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.2\r\n');
  }).listen(0, '127.0.0.1');
  await once(open, 'listening');
  onTestFinished(() => void open.close());
  const port = (open.address() as AddressInfo).port;
  const told: string[] = [];
  const shown: string[] = [];
  for (const adapter of ['jdbc:postgresql', 'jdbc:mysql'])
    for (const more of [{ port: 1 }, { port }, { host: 'nowhere.invalid', port }]) {
      const name = `source ${told.length}`;
      const place = { host: '127.0.0.1', adapter, ...more };
      const { _links } = await make({ ...warehouse, name, ...place });
      const by = { authorization: member };
      expect((await call('POST', _links.test.href, undefined, by)).statusCode).toBe(403);
      const { statusCode, body } = await call('GET', _links.tables.href, undefined, by);
      expect(statusCode).toBe(422);
      told.push(body);
      if (adapter === 'jdbc:postgresql')
        shown.push((await call('POST', _links.test.href)).json().error_message);
    }
  expect(new Set(told).size).toBe(1);
  expect(told[0]).toContain('An admin can test it');
  expect(shown[0]).toContain('ECONNREFUSED 127.0.0.1:1');
  expect(shown[2]).toContain('nowhere.invalid');
  expect(sockets.size).toBeGreaterThanOrEqual(2);
});

test('what a cloud tells its machines is no data source, unless the server is told otherwise', async () => {
  const { make, call, member } = await openAcme();
  for (const host of ['169.254.169.254', '2852039166', '[::ffff:169.254.169.254]'.slice(1, -1)]) {
    const { _links } = await make({ ...warehouse, name: host, host, port: 80 });
    const tested = (await call('POST', _links.test.href)).json();
    expect(tested).toMatchObject({ state: 'failed', error_code: 'host_refused' });
    const by = { authorization: member };
    expect((await call('GET', _links.tables.href, undefined, by)).json().message).toContain(host);
  }
});

test('a host on a private network is refused where the server is told to', async () => {
  const { make, call } = await openAcme({ privateHosts: 'refuse' });
  const { _links } = await make({ ...warehouse, host: '127.0.0.1' });
  const response = await call('POST', _links.test.href);
  expect(response.json()).toMatchObject({ state: 'failed', error_code: 'host_refused' });
});

test('who did what to a data source is written down, and no password', async () => {
  const { make, call, database } = await openAcme();
  const { token, _links } = await make();
  await call('PATCH', _links.self.href, { host: 'replica.internal', password: 'another' });
  await call('DELETE', _links.self.href);
  const entries = await database.all(
    'select action, member_email, subject_token, detail from audit_log where subject_kind = ? order by number',
    ['data_source'],
  );
  const by = { member_email: 'admin@acme.example', subject_token: token };
  expect(entries).toEqual([
    { action: 'data_source.created', ...by, detail: null },
    {
      action: 'data_source.changed',
      ...by,
      detail: '{"host":"replica.internal","password":"changed"}',
    },
    { action: 'data_source.deleted', ...by, detail: null },
  ]);
});
