import type { LightMyRequestResponse } from 'fastify';
import { describe, expect, test } from 'vitest';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { findMember } from '../../src/members/member-store.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { getOrMakeOwnSpace } from '../../src/spaces/own-space.ts';
import { accessOf } from '../../src/spaces/space-access.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

/** The organization acme with an admin, the members ana and bo, and a space of each kind that an import has brought. */
async function openAcme() {
  const workplace = await openWorkplace();
  const { database, send, get, time } = workplace;
  const acme = await makeOrganization(database);
  const admin = await makeBasic(database, acme);
  const ana = await makeBasic(database, acme, 'member', 'ana@acme.example');
  const bo = await makeBasic(database, acme, 'member', 'bo@acme.example');
  const [shared = 0] = await putRows(database, acme, lists.spaces, [
    { id: 1, token: 'imported-one', name: 'Imported', space_type: 'custom' },
  ]);
  const [secret = 0] = await putRows(
    database,
    acme,
    lists.spaces,
    [{ id: 2, token: 'somebodys', name: 'Somebody’s', space_type: 'private' }],
    { personal: true },
  );
  const call = async (
    method: 'POST' | 'PATCH' | 'DELETE',
    url: string,
    authorization: string,
    payload?: object,
    headers: Record<string, string> = {},
  ) => send({ method, url, headers: { authorization, ...headers }, ...(payload && { payload }) });
  const make = async (name: string, authorization = ana) => {
    const response = await call('POST', '/api/acme/spaces', authorization, { space: { name } });
    expect(response.statusCode, response.body).toBe(200);
    return response.json();
  };
  const ownSpaceOf = async (email: string) => {
    const member = await findMember(database, acme.id, email);
    if (member === undefined) throw new Error(`${email} is no member.`);
    const outside = { clock: () => time.nowMs, identifiers: randomIdentifiers };
    return database.transaction((store) =>
      changeRows(store, acme.id, (writer) =>
        getOrMakeOwnSpace(store, writer, acme, member, outside),
      ),
    );
  };
  const namesSeen = async (authorization: string, query = '') => {
    const response = await get(`/api/acme/spaces${query}`, authorization);
    expect(response.statusCode, response.body).toBe(200);
    return response.json()._embedded.spaces.map((space: { name: string }) => space.name);
  };
  const tokenOf = async (authorization: string) => {
    const { _links } = (await get('/api/account', authorization)).json();
    return String(_links.self.href.split('/').at(-1));
  };
  return {
    ...workplace,
    ...{ acme, admin, ana, bo, shared, secret, call, make, ownSpaceOf, namesSeen, tokenOf },
  };
}

describe('a space that a member makes', () => {
  test('is answered whole, and found where its links lead', async () => {
    const { call, get, ana, tokenOf } = await openAcme();
    const given = { space: { name: 'Finance', description: 'Every week.', space_type: 'custom' } };
    const response = await call('POST', '/api/acme/spaces', ana, given);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/hal+json; charset=utf-8');
    const space = response.json();
    expect(space).toEqual({
      token: expect.stringMatching(/^[0-9a-f]{12}$/),
      id: expect.stringMatching(/^\d+$/),
      space_type: 'custom',
      name: 'Finance',
      description: 'Every week.',
      state: 'active',
      restricted: false,
      free_default: false,
      'viewable?': true,
      'viewed?': false,
      default_access_level: 'edit',
      _links: {
        self: { href: `/api/acme/spaces/${space.token}` },
        account: { href: '/api/acme' },
        detail: { href: `/api/acme/spaces/${space.token}/detail` },
        web: { href: `/acme/spaces/${space.token}` },
        reports: { href: `/api/acme/spaces/${space.token}/reports` },
        space_memberships: { href: `/api/acme/spaces/${space.token}/memberships` },
        preview_space_memberships: { href: `/api/acme/spaces/${space.token}/memberships/preview` },
        search_space_permissions: { href: `/api/acme/spaces/${space.token}/permissions/search` },
        creator: { href: `/api/acme/members/${await tokenOf(ana)}` },
      },
    });
    const read = await get(space._links.self.href, ana);
    expect(read.json()).toEqual(space);
    expect(read.headers.etag).toBe(response.headers.etag);
    expect((await get(space._links.creator.href, ana)).json().email).toBe('ana@acme.example');
  });

  test('is listed by the Discovery API at once', async () => {
    const { make, get, database, acme } = await openAcme();
    const { token, id } = await make('Finance');
    const { spaces } = (await get('/batch/acme/spaces', await makeBearer(database, acme))).json();
    expect(spaces.at(-1)).toEqual({
      id: Number(id),
      token,
      name: 'Finance',
      description: null,
      space_type: 'custom',
      space_url: `/api/acme/spaces/${token}`,
    });
  });

  test('has an admin stand in for its creator once that member was removed', async () => {
    const { make, get, database, acme, admin, time } = await openAcme();
    const { _links } = await make('Finance');
    const ana = await findMember(database, acme.id, 'ana@acme.example');
    if (ana) await removeMember(database, acme.id, ana, { clock: () => time.nowMs });
    const { creator } = (await get(_links.self.href, admin)).json()._links;
    expect((await get(creator.href, admin)).json()).toMatchObject({ membership_type: 'admin' });
  });
});

test.each([
  [{ space: {} }, 'space'],
  [{ space: { name: '' } }, 'space.name'],
  [{ space: { name: 'x'.repeat(256) } }, 'space.name'],
  [{ space: { name: 7 } }, 'space.name'],
  [{ space: { name: 'a\u0000b' } }, 'space.name'],
  [{ space: { name: 'Mine', space_type: 'private' } }, 'space.space_type'],
  [{ space: { name: 'Locked', default_access_level: 'view' } }, 'space.default_access_level'],
  [{ name: 'Finance' }, 'space'],
  [[], 'body'],
] as const)('%j makes no space: the error names %s', async (body, field) => {
  const { call, ana } = await openAcme();
  const response = await call('POST', '/api/acme/spaces', ana, body);
  expect(response.statusCode).toBe(400);
  expect(response.json().message).toContain(field);
});

describe('the list', () => {
  test('has what is shared and the caller’s own, and with all of them an admin every personal space', async () => {
    const { make, ownSpaceOf, namesSeen, admin, ana, bo } = await openAcme();
    await make('By ana', ana);
    await ownSpaceOf('ana@acme.example');
    const shared = ['Imported', 'By ana'];
    expect(await namesSeen(ana)).toEqual([...shared, 'ana']);
    expect(await namesSeen(bo)).toEqual(shared);
    expect(await namesSeen(bo, '?filter=all')).toEqual(shared);
    expect(await namesSeen(admin)).toEqual(shared);
    expect(await namesSeen(admin, '?filter=all')).toEqual([
      'Imported',
      'Somebody’s',
      'By ana',
      'ana',
    ]);
    expect(await namesSeen(ana, '?filter=custom')).toEqual(shared);
    expect(await namesSeen(ana, '?filter=mine')).toEqual(['By ana', 'ana']);
    expect(await namesSeen(bo, '?filter=mine')).toEqual([]);
    expect(await namesSeen(ana, '?filter=ALL')).toEqual([...shared, 'ana']);
  });

  test('is paged by 30, whatever is asked for', async () => {
    const { get, database, acme, ana } = await openAcme();
    const rows = Array.from({ length: 64 }, (_, index) => ({
      id: 100 + index,
      token: `s${index}`,
    }));
    await putRows(database, acme, lists.spaces, rows);
    const seen: string[] = [];
    let href: string | undefined = '/api/acme/collections?filter=custom&per_page=500';
    const counts: number[] = [];
    while (href !== undefined) {
      const page: LightMyRequestResponse = await get(href, ana);
      const { pagination, _embedded, _links } = page.json();
      expect(pagination).toMatchObject({ per_page: 30, total_pages: 3, total_count: 65 });
      counts.push(pagination.count);
      seen.push(..._embedded.spaces.map((space: { token: string }) => space.token));
      href = _links.next_page?.href;
    }
    expect(counts).toEqual([30, 30, 5]);
    expect(seen).toEqual(['imported-one', ...rows.map(({ token }) => token)]);
    const beyond = (await get('/api/acme/spaces?page=99999999', ana)).json();
    expect(beyond._embedded.spaces).toEqual([]);
    expect(beyond._links).not.toHaveProperty('next_page');
  });

  test('is narrowed to what is typed, without regard to case and accents', async () => {
    const { make, ownSpaceOf, namesSeen, get, admin, ana } = await openAcme();
    for (const name of ['Finance Köln', 'Financial planning', 'Growth']) await make(name);
    await ownSpaceOf('ana@acme.example');
    expect(await namesSeen(ana, '?q=FINANC')).toEqual(['Finance Köln', 'Financial planning']);
    expect(await namesSeen(ana, '?q=koln%20fin')).toEqual(['Finance Köln']);
    expect(await namesSeen(ana, '?q=%20')).toHaveLength(5);
    expect(await namesSeen(ana, '?q=nothing')).toEqual([]);
    expect(await namesSeen(admin, '?q=ana')).toEqual([]);
    expect(await namesSeen(admin, '?q=ana&filter=all')).toEqual(['ana']);
    const page = (await get('/api/acme/spaces?q=fin&per_page=1', ana)).json();
    expect(page.pagination).toMatchObject({ count: 1, total_count: 2 });
    const next = (await get(page._links.next_page.href, ana)).json();
    expect(next._embedded.spaces).toMatchObject([{ name: 'Financial planning' }]);
  });

  test('begins, where one asks for it, with the own space and those in which one opened a report last', async () => {
    const { call, make, ownSpaceOf, namesSeen, time, ana, bo } = await openAcme();
    const open = async (space: { token: string }, authorization: string) => {
      const reports = `/api/acme/spaces/${space.token}/reports`;
      const made = await call('POST', reports, authorization, { report: { name: 'A report' } });
      const views = `/api/acme/reports/${made.json().token}/views`;
      time.nowMs += 60_000;
      expect((await call('POST', views, authorization)).statusCode).toBeLessThan(300);
    };
    const [finance, growth] = [await make('Finance'), await make('Growth')];
    await make('Sales');
    await ownSpaceOf('ana@acme.example');
    await open(finance, ana);
    await open(growth, ana);
    await open(finance, bo);
    const byAna = ['ana', 'Growth', 'Finance', 'Imported', 'Sales'];
    expect(await namesSeen(ana, '?order_by=recent')).toEqual(byAna);
    expect(await namesSeen(ana, '?order_by=recent&filter=custom')).toEqual(byAna.slice(1));
    expect(await namesSeen(ana, '?order_by=recent&q=an')).toEqual(['ana', 'Finance']);
    expect(await namesSeen(ana, '?order_by=recent&per_page=2&page=2')).toEqual(byAna.slice(2, 4));
    expect((await namesSeen(bo, '?order_by=recent'))[0]).toBe('Finance');
  });

  test.each([
    'page=0',
    'page=x',
    'per_page=0',
    'per_page=-1',
    'page=1&page=2',
    'q=a&q=b',
    'order_by=name',
  ])('refuses ?%s', async (query) => {
    const { get, ana } = await openAcme();
    expect((await get(`/api/acme/spaces?${query}`, ana)).statusCode).toBe(400);
  });
});

test('everything of spaces is there as collections too', async () => {
  const { call, get, ana } = await openAcme();
  const made = await call('POST', '/api/acme/collections', ana, { space: { name: 'Finance' } });
  expect(made.statusCode).toBe(200);
  const path = `/api/acme/collections/${made.json().token}`;
  expect((await get(path, ana)).json()).toEqual(made.json());
  expect((await get(`${path}/datasets`, ana)).json()._embedded).toEqual({ reports: [] });
  expect((await call('PATCH', path, ana, { space: { name: 'Other' } })).statusCode).toBe(200);
  expect((await call('DELETE', path, ana)).statusCode).toBe(200);
  expect((await get(path, ana)).statusCode).toBe(404);
});

describe('a change', () => {
  test('shows everywhere, and leaves alone what it does not name', async () => {
    const { call, make, get, database, acme, ana } = await openAcme();
    const { token, _links } = await make('Finance');
    const path = _links.self.href;
    await call('PATCH', path, ana, { space: { description: 'Every week.' } });
    const response = await call('PATCH', path, ana, { space: { name: 'Planning' } });
    expect(response.json()).toMatchObject({ name: 'Planning', description: 'Every week.' });
    const { spaces } = (await get('/batch/acme/spaces', await makeBearer(database, acme))).json();
    expect(spaces.find((space: { token: string }) => space.token === token)).toMatchObject({
      name: 'Planning',
      description: 'Every week.',
    });
    const cleared = await call('PATCH', path, ana, { space: { description: null } });
    expect(cleared.json().description).toBeNull();
  });

  test('is for admins and who made it', async () => {
    const { call, make, admin, ana, bo } = await openAcme();
    const { href } = (await make('Finance', ana))._links.self;
    const change = { space: { name: 'Other' } };
    const refused = await call('PATCH', href, bo, change);
    expect(refused.statusCode).toBe(403);
    expect(refused.json().id).toBe('forbidden');
    expect((await call('DELETE', href, bo)).statusCode).toBe(403);
    expect((await call('PATCH', '/api/acme/spaces/imported-one', ana, change)).statusCode).toBe(
      403,
    );
    expect((await call('PATCH', href, admin, change)).statusCode).toBe(200);
    expect((await call('PATCH', href, ana, change)).statusCode).toBe(200);
  });

  test('is refused where it changes nothing, or to what no space has', async () => {
    const { call, make, ana } = await openAcme();
    const { href } = (await make('Finance'))._links.self;
    for (const space of [
      {},
      { name: null },
      { default_access_level: 'restricted' },
      { default_access_level: 'view' },
      { owner: 7 },
    ]) {
      expect((await call('PATCH', href, ana, { space })).statusCode).toBe(400);
    }
  });

  test('of what somebody else has changed meanwhile is refused with If-Match', async () => {
    const { call, make, get, ana } = await openAcme();
    const { href } = (await make('Finance'))._links.self;
    const { etag } = (await get(href, ana)).headers;
    const change = (name: string) =>
      call('PATCH', href, ana, { space: { name } }, { 'if-match': String(etag) });
    expect((await change('First')).statusCode).toBe(200);
    const second = await change('Second');
    expect(second.statusCode).toBe(412);
    expect(second.json().id).toBe('precondition_failed');
    expect(
      (await call('DELETE', href, ana, undefined, { 'if-match': String(etag) })).statusCode,
    ).toBe(412);
    expect((await get(href, ana)).json().name).toBe('First');
  });
});

describe('a space that is deleted', () => {
  test('is gone everywhere', async () => {
    const { call, make, get, ana, namesSeen } = await openAcme();
    const made = await make('Finance');
    const { href } = made._links.self;
    const response = await call('DELETE', href, ana);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual(made);
    expect((await get(href, ana)).statusCode).toBe(404);
    expect((await call('DELETE', href, ana)).statusCode).toBe(404);
    expect(await namesSeen(ana)).toEqual(['Imported']);
  });

  test('must be empty, of archived reports too', async () => {
    const { call, database, acme, admin, shared } = await openAcme();
    const slots = await putRows(database, acme, lists.reports, [reportRow(1), reportRow(2)], {
      parent: shared,
    });
    await database.run(
      'update discovery_rows set archived_body = body, body = null where organization_id = ? and slot = ?',
      [acme.id, slots[0] ?? 0],
    );
    const response = await call('DELETE', '/api/acme/spaces/imported-one', admin);
    expect(response.statusCode).toBe(409);
    expect(response.json().message).toContain('2 reports');
  });
});

describe('a personal space', () => {
  test('is made once, when it is first needed', async () => {
    const { ownSpaceOf } = await openAcme();
    const made = await Promise.all([1, 2, 3].map(() => ownSpaceOf('ana@acme.example')));
    expect(new Set(made.map(({ slot }) => slot)).size).toBe(1);
  });

  test('may be renamed by whose it is, who keeps it', async () => {
    const { ownSpaceOf, call, ana, bo, tokenOf } = await openAcme();
    const path = `/api/acme/spaces/${(await ownSpaceOf('ana@acme.example')).token}`;
    const response = await call('PATCH', path, ana, { space: { name: 'My own' } });
    expect(response.json()).toMatchObject({
      name: 'My own',
      space_type: 'private',
      restricted: true,
      default_access_level: 'restricted',
      _links: { owner: { href: `/api/acme/members/${await tokenOf(ana)}` } },
    });
    expect((await call('PATCH', path, bo, { space: { name: 'Bo’s' } })).statusCode).toBe(404);
  });

  test('of somebody else is not there, byte for byte, whatever is asked of it', async () => {
    const { ownSpaceOf, call, get, bo } = await openAcme();
    const { token } = await ownSpaceOf('ana@acme.example');
    for (const other of [token, 'somebodys']) {
      for (const end of ['', '/datasets']) {
        const hidden = await get(`/api/acme/spaces/${other}${end}`, bo);
        expect(hidden.statusCode).toBe(404);
        expect(hidden.body).toBe((await get(`/api/acme/spaces/0123456789ab${end}`, bo)).body);
      }
      for (const method of ['PATCH', 'DELETE'] as const) {
        const payload = method === 'PATCH' ? { space: { name: 'Bo’s' } } : undefined;
        const hidden = await call(method, `/api/acme/spaces/${other}`, bo, payload);
        const absent = await call(method, '/api/acme/spaces/0123456789ab', bo, payload);
        expect(hidden.statusCode).toBe(404);
        expect(hidden.body).toBe(absent.body);
      }
    }
  });

  test('that was imported becomes a member’s when an admin says so, and nobody’s again', async () => {
    const { call, get, admin, ana, tokenOf } = await openAcme();
    const path = '/api/acme/spaces/somebodys';
    const owner = await tokenOf(ana);
    expect((await get(path, ana)).statusCode).toBe(404);
    const assigned = await call('PATCH', path, admin, { space: { owner } });
    expect(assigned.json()._links.owner).toEqual({ href: `/api/acme/members/${owner}` });
    expect((await get(path, ana)).statusCode).toBe(200);
    expect((await call('PATCH', path, admin, { space: { owner: null } })).statusCode).toBe(200);
    expect((await get(path, ana)).statusCode).toBe(404);
  });

  test('is assigned by admins alone, to members, one to each', async () => {
    const { call, ownSpaceOf, admin, ana, bo, tokenOf } = await openAcme();
    const assign = (authorization: string, owner: string, space = 'somebodys') =>
      call('PATCH', `/api/acme/spaces/${space}`, authorization, { space: { owner } });
    await ownSpaceOf('ana@acme.example');
    expect((await assign(ana, await tokenOf(ana))).statusCode).toBe(403);
    expect((await assign(admin, 'nobody')).json().message).toContain('"nobody"');
    expect((await assign(admin, await tokenOf(bo), 'imported-one')).statusCode).toBe(400);
    const second = await assign(admin, await tokenOf(ana));
    expect(second.statusCode).toBe(409);
    expect(second.json().message).toContain('ana@acme.example');
  });

  test('that an import takes away, or makes a shared one, is made anew when it is needed', async () => {
    const { call, database, acme, admin, ana, tokenOf, ownSpaceOf, secret, time } =
      await openAcme();
    const path = '/api/acme/spaces/somebodys';
    const owner = await tokenOf(ana);
    await call('PATCH', path, admin, { space: { owner } });
    expect((await ownSpaceOf('ana@acme.example')).slot).toBe(secret);
    await database.transaction((store) =>
      changeRows(store, acme.id, (writer) => writer.remove(lists.spaces, [secret], time.nowMs)),
    );
    const made = await ownSpaceOf('ana@acme.example');
    expect(made.slot).not.toBe(secret);
    await database.transaction((store) =>
      changeRows(store, acme.id, (writer) =>
        writer.update(lists.spaces, [{ ...made, personal: false }]),
      ),
    );
    expect((await ownSpaceOf('ana@acme.example')).slot).not.toBe(made.slot);
  });

  test('is assigned again to the same member without a clash', async () => {
    const { call, admin, bo, tokenOf, database, acme } = await openAcme();
    const change = { space: { owner: await tokenOf(bo) } };
    for (const _ of [1, 2]) {
      const response = await call('PATCH', '/api/acme/spaces/somebodys', admin, change);
      expect(response.statusCode).toBe(200);
    }
    const member = await findMember(database, acme.id, 'bo@acme.example');
    const caller = { member: member && { slot: member.slot, role: member.role } };
    expect((await accessOf(database, acme.id, caller)).ownSpace).toBeDefined();
  });
});

test('an imported space that was changed here belongs to its source no longer', async () => {
  const { call, database, acme, admin, shared } = await openAcme();
  await database.run('insert into sources (organization_id, name) values (?, ?)', [
    acme.id,
    'mode',
  ]);
  const source = await database.get<{ id: number }>('select id from sources');
  await database.run('update discovery_rows set source_id = ? where slot = ?', [
    source?.id ?? 0,
    shared,
  ]);
  await call('PATCH', '/api/acme/spaces/imported-one', admin, { space: { name: 'Ours' } });
  const row = await database.get<{ source_id: number | null }>(
    'select source_id from discovery_rows where slot = ?',
    [shared],
  );
  expect(row).toEqual({ source_id: null });
});

test('who did what to a space is written down', async () => {
  const { call, make, database, ana } = await openAcme();
  const { token, _links } = await make('Finance');
  await call('PATCH', _links.self.href, ana, { space: { name: 'Planning' } });
  await call('DELETE', _links.self.href, ana);
  const entries = await database.all(
    'select action, member_email, subject_token, subject_name from audit_log where subject_kind = ? order by number',
    ['space'],
  );
  expect(entries).toEqual(
    [
      ['created', 'Finance'],
      ['changed', 'Planning'],
      ['deleted', 'Planning'],
    ].map(([action, name]) => ({
      action: `space.${action}`,
      member_email: 'ana@acme.example',
      subject_token: token,
      subject_name: name,
    })),
  );
});
