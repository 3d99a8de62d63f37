import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { describe, expect, inject, test } from 'vitest';
import { bearerOf } from '../../src/access-tokens/access-token.ts';
import { revokeAccessToken } from '../../src/access-tokens/access-token-store.ts';
import {
  createApiToken,
  createSignatureToken,
} from '../../src/access-tokens/create-access-token.ts';
import { wireTime } from '../../src/clock.ts';
import { insertDataSource } from '../../src/data-sources/data-source-store.ts';
import type { Database } from '../../src/database/database.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { toBytes, toRow } from '../../src/inventory/row.ts';
import { findRowByToken, findRows } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { addMember } from '../../src/members/change-members.ts';
import type { Role } from '../../src/members/member.ts';
import { listMembers } from '../../src/members/member-store.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { insertDeletedReport } from '../../src/reports/deleted-report-store.ts';
import { putUnpublishedReport } from '../../src/reports/unpublished-report-store.ts';
import { insertVersion } from '../../src/reports/version-store.ts';
import { listQueryRuns, listRuns } from '../../src/runs/run-store.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { getOrMakeOwnSpace } from '../../src/spaces/own-space.ts';
import { fromOwnPage, signIn } from '../support/pages.ts';
import { putRows } from '../support/rows.ts';
import { putRun } from '../support/runs.ts';
import { putSchedule } from '../support/schedules.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

/** Every operation of the OpenAPI document is put through the same cases; a new one has to be known here first. */
type Operation = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  scheme: Scheme | 'none';
};
type Scheme = 'signatureToken' | 'apiToken' | 'adminApiToken';

type OpenApi = {
  paths: Record<string, Record<string, { security: Record<string, never[]>[] }>>;
};

/** Makes what stands for `{token}` in paths that begin so, in an organization; answers the token. */
const things: Record<string, (database: Database, owner: Organization) => Promise<string>> = {
  '/batch/{organization}/signature_tokens/{token}': async (database, owner) => {
    const given = { name: `of ${owner.username}`, memberSlot: null, expiresAt: null };
    return (await signatureToken(database, owner, given)).token;
  },
  '/api/{organization}/reports/{token}': (database, owner) => putReport(database, owner),
  '/api/{organization}/deleted_reports/{token}': async (database, owner) => {
    const token = randomIdentifiers.token();
    const [slot, name] = [Number.parseInt(token, 16), `of ${owner.username}`];
    const body = toBytes(toRow(lists.reports, { id: slot, token, name }));
    const place = { slot, parent: null, personal: false, sourceId: null, archived: false };
    const rows = [{ list: lists.reports, row: { ...place, id: slot, token, body } }];
    const by = { deletedAt: wireTime(outside.clock()), deletedBySlot: null, creatorSlot: null };
    const kept = { rows, schedules: [] };
    await insertDeletedReport(database, owner.id, { slot, token, name, ...by }, kept);
    return token;
  },
  // Of every member, since nobody sees those of another.
  '/api/{organization}/unpublished_reports/{token}': async (database, owner) => {
    const token = randomIdentifiers.token();
    const at = wireTime(outside.clock());
    const content = JSON.stringify({ name: `of ${owner.username}`, queries: [] });
    const report = { token, name: null, spaceToken: null, createdAt: at, savedAt: at, content };
    for (const { slot } of await listMembers(database, owner.id))
      await putUnpublishedReport(database, owner.id, slot, report);
    return token;
  },
  '/api/{organization}/spaces/{token}': async (database, owner) => {
    const token = randomIdentifiers.token();
    const row = { id: Number.parseInt(token, 16), token, name: `of ${owner.username}` };
    await putRows(database, owner, lists.spaces, [{ ...row, space_type: 'custom' }]);
    return token;
  },
  '/api/{organization}/data_sources/{token}': async (database, owner) => {
    const token = randomIdentifiers.token();
    const times = { createdAt: wireTime(outside.clock()), updatedAt: wireTime(outside.clock()) };
    await insertDataSource(database, owner.id, {
      id: Number.parseInt(token, 16),
      token,
      name: `of ${owner.username} ${token}`,
      description: null,
      adapter: 'duckdb',
      options: { folder: '.' },
      sealedSecrets: null,
      creatorSlot: null,
      ...times,
    });
    return token;
  },
  '/api/{organization}/memberships/{token}': putMember,
  '/api/{organization}/members/{token}': putMember,
  '/api/{organization}/api_tokens/{token}': putApiToken,
  '/api/{organization}/api_keys/{token}': putApiToken,
  '/api/{organization}/signature_tokens/{token}': async (database, owner) => {
    const given = { name: `of ${owner.username}`, memberSlot: null, expiresAt: null };
    return (await signatureToken(database, owner, given)).token;
  },
};

/** Makes what stands for the second parameter of such a path, below the first thing. */
const innerThings: Record<
  string,
  (database: Database, owner: Organization, token: string) => Promise<string>
> = {
  '{query}': async (_database, _owner, token) => token,
  '{chart}': async (_database, _owner, token) => token,
  '{version}': async () => '1',
  '{schedule}': async (database, owner, token) => {
    const report = await findRowByToken(database, owner.id, lists.reports, token);
    // Of a member who was removed, so that it can be taken over.
    const nextAt = '2026-11-24T00:00:00.000Z';
    const made = { reportSlot: report?.slot ?? 0, creatorSlot: 1_000_000, nextAt };
    return (await putSchedule(database, owner, made)).token;
  },
  '{run}': async (database, owner, token) => {
    const report = await findRowByToken(database, owner.id, lists.reports, token);
    const asked = { slot: report?.slot ?? 0, state: 'waiting', chart: token } as const;
    return (await putRun(database, owner, asked)).token;
  },
  // Of the run that was just made.
  '{query_run}': async (database, owner, token) => {
    const report = await findRowByToken(database, owner.id, lists.reports, token);
    const of = { reportSlot: report?.slot ?? 0 };
    const { runs } = await listRuns(database, owner.id, of, { offset: 0, limit: 1 });
    const [queryRun] = await listQueryRuns(database, owner.id, runs[0]?.number ?? 0);
    return String(queryRun?.token);
  },
};

/** A report with a query, a chart, a version and a run; the query and the chart have the same token as the report. */
async function putReport(
  database: Database,
  owner: Organization,
  place: { personal?: boolean; parent?: number } = {},
): Promise<string> {
  const token = randomIdentifiers.token();
  const row = { id: Number.parseInt(token, 16), token, name: `of ${owner.username}` };
  const [slot = 0] = await putRows(database, owner, lists.reports, [row], place);
  const below = { ...place, parent: slot };
  const inReport = { ...row, report_id: row.id, report_token: token };
  await putRows(database, owner, lists.queries, [{ ...inReport, raw_query: 'select 1' }], below);
  await putRows(database, owner, lists.charts, [{ ...inReport, query_token: token }], below);
  const version = { number: 1, savedAt: wireTime(outside.clock()), editorEmail: null, summary: '' };
  const content = { name: row.name, description: 'as it was', queries: [], charts: [] };
  await insertVersion(database, owner.id, slot, version, JSON.stringify(content));
  await putRun(database, owner, { slot, state: 'succeeded' });
  return token;
}

async function putApiToken(database: Database, owner: Organization): Promise<string> {
  const given = { name: `of ${owner.username}`, memberSlot: null, expiresAt: null };
  return (await apiToken(database, owner, given)).token;
}

async function putMember(database: Database, owner: Organization): Promise<string> {
  const email = `${randomIdentifiers.token()}@${owner.username}.example`;
  const { slot } = await addMember(database, owner.id, { email, role: 'member' }, outside);
  const [row] = await findRows(database, owner.id, lists.members, 'slot', [slot]);
  return String(row?.token);
}

const thingIn = (path: string) =>
  Object.entries(things).find(([beginning]) => path.startsWith(beginning)) ?? [];

const schedule = { report_schedule: { cron: { freq: 'daily' } } };

const bodies: Record<string, () => object> = {
  'POST /api/{organization}/reports/{token}/runs': () => ({ parameters: {} }),
  'POST /api/{organization}/reports/{token}/schedules': () => schedule,
  'PATCH /api/{organization}/reports/{token}/schedules/{schedule}': () => schedule,
  'POST /api/{organization}/reports': () => ({ report: { name: 'Revenue' } }),
  'POST /api/{organization}/spaces/{token}/reports': () => ({ report: { name: 'Revenue' } }),
  'PATCH /api/{organization}/reports/{token}': () => ({ report: { name: 'Revenue' } }),
  'POST /api/{organization}/reports/{token}/queries': () => ({ query: { name: 'Revenue' } }),
  'PATCH /api/{organization}/reports/{token}/queries/{query}': () => ({ query: { name: 'A' } }),
  'POST /api/{organization}/reports/{token}/queries/{query}/charts': () => ({
    chart: { chart_type: 'pie' },
  }),
  'PATCH /api/{organization}/reports/{token}/queries/{query}/charts/{chart}': () => ({
    chart: { chart_type: 'pie' },
  }),
  'POST /api/{organization}/spaces': () => ({ space: { name: 'Finance' } }),
  'PATCH /api/{organization}/spaces/{token}': () => ({ space: { name: 'Planning' } }),
  'POST /api/{organization}/spaces/{token}': () => ({ space: { name: 'Planning' } }),
  'POST /api/{organization}/data_sources/{token}/query/pictures': () => ({
    pictures: { result: 'nosuchresult', charts: [{ chart_type: 'bar', spec: null }] },
  }),
  'POST /api/{organization}/data_sources/{token}/query': () => ({
    query: { raw_query: 'select 1' },
  }),
  'PATCH /api/{organization}/settings': () => ({ settings: { answers_within_days: 7 } }),
  'PUT /api/{organization}/reports/{token}/content': () => ({
    content: { name: 'Revenue', description: null, queries: [] },
  }),
  'POST /api/{organization}/reports/bulk': () => ({
    bulk: { changes: [{ report: '0123456789ab', archived: true }] },
  }),
  'PATCH /api/{organization}/reports/{token}/versions/{version}': () => ({
    version: { name: 'As sent' },
  }),
  'PUT /api/{organization}/reports/{token}/draft': () => ({
    draft: { base_version: 0, content: {} },
  }),
  'POST /api/{organization}/unpublished_reports': () => ({
    unpublished_report: { content: { name: 'Revenue', queries: [] } },
  }),
  'PUT /api/{organization}/unpublished_reports/{token}': () => ({
    unpublished_report: { content: { name: 'Revenue', queries: [] } },
  }),
  'POST /api/{organization}/data_sources': () => ({
    data_source: { name: randomIdentifiers.token(), adapter: 'jdbc:duckdb', folder: '.' },
  }),
  'PATCH /api/{organization}/data_sources/{token}': () => ({ data_source: { folder: 'sales' } }),
  'POST /api/{organization}/invitations': () => ({
    invitation: { email: `${randomIdentifiers.token()}@example.com` },
  }),
  'PATCH /api/{organization}/memberships/{token}': () => ({ membership: { role: 'admin' } }),
  'POST /api/{organization}/api_tokens': () => ({ name: 'a program' }),
  'POST /api/{organization}/signature_tokens': () => ({ name: 'a catalog' }),
  'POST /batch/{organization}/signature_tokens': () => ({
    signature_token: {
      name: 'catalog',
      expires_at: '9999-01-01T00:00Z',
      auth_scope: { authentication_for: 'batch-api', authorization_type: 'read-only' },
    },
  }),
};

/** What is asked for without a body. */
const withoutBody = new Set([
  'POST /api/{organization}/reports/{token}/duplicate',
  'PATCH /api/{organization}/deleted_reports/{token}/restore',
  'POST /api/{organization}/unpublished_reports/{token}/publish',
  'PATCH /api/{organization}/reports/{token}/archive',
  'PATCH /api/{organization}/reports/{token}/unarchive',
  'POST /api/{organization}/reports/{token}/versions/{version}/restore',
  'POST /api/{organization}/reports/{token}/runs/{run}/cancel',
  'POST /api/{organization}/reports/{token}/runs/{run}/clone',
  'POST /api/{organization}/data_sources/{token}/test',
  'POST /api/{organization}/memberships/{token}/sign_in_links',
  'POST /api/{organization}/reports/{token}/schedules/{schedule}/take_over',
  'POST /api/{organization}/reports/{token}/views',
  'PUT /api/{organization}/reports/{token}/favorite',
]);

/** What is never there in this test: an earlier request of the same member brings it, or there is none yet. */
const ofEarlierRequests = new Set([
  'POST /api/{organization}/data_sources/{token}/query/pictures',
  ...['pdf', 'pdf.pdf', 'pdf/download'].map(
    (path) => `GET /api/{organization}/reports/{token}/exports/runs/{run}/${path}`,
  ),
]);

/** What a member may do with own things alone, which those of this test are not; and what is answered instead. */
const notForEveryMember = new Map([
  ['PATCH /api/{organization}/reports/{token}/archive', 403],
  ['PATCH /api/{organization}/reports/{token}/unarchive', 403],
  ['DELETE /api/{organization}/reports/{token}', 403],
  ['PATCH /api/{organization}/deleted_reports/{token}/restore', 404],
  ['PATCH /api/{organization}/spaces/{token}', 403],
  ['POST /api/{organization}/spaces/{token}', 403],
  ['GET /api/{organization}/api_keys/{token}', 404],
  ['DELETE /api/{organization}/spaces/{token}', 403],
  ['DELETE /api/{organization}/api_tokens/{token}', 404],
]);

const outside = { clock: () => Date.parse('2026-11-01T00:00:00Z'), identifiers: randomIdentifiers };

type NewToken = Parameters<typeof createApiToken>[2];

const apiToken = (database: Database, { id }: Organization, given: NewToken) =>
  database.transaction((store) => createApiToken(store, id, given, outside));

const signatureToken = (database: Database, { id }: Organization, given: NewToken) =>
  database.transaction((store) => createSignatureToken(store, id, given, outside));

/** What is wrong with a credential, beside whose it is. */
type Flaw = 'revoked' | 'expired' | 'of a removed member' | 'of the other kind';
type Who = { of: Organization; role?: Role; flaw?: Flaw };

async function makeCredential(database: Database, scheme: Scheme, who: Who): Promise<string> {
  const { of: owner, role = 'admin', flaw } = who;
  const isBearer = (scheme === 'signatureToken') !== (flaw === 'of the other kind');
  const email = `${randomIdentifiers.token()}@${owner.username}.example`;
  const member = await addMember(database, owner.id, { email, role }, outside);
  const expiresAt = flaw === 'expired' ? '2026-11-02T00:00:00.000Z' : null;
  const given = { name: 'a credential', memberSlot: member.slot, expiresAt };
  let token: string;
  let authorization: string;
  if (isBearer) {
    const made = await signatureToken(database, owner, given);
    token = made.token;
    authorization = bearerOf(made);
  } else {
    const made = await apiToken(database, owner, given);
    token = made.token;
    authorization = `Basic ${Buffer.from(`${made.token}:${made.secret}`).toString('base64')}`;
  }
  if (flaw === 'revoked') {
    const kind = isBearer ? 'signature' : 'api';
    await revokeAccessToken(database, owner.id, kind, token, wireTime(outside.clock()));
  }
  if (flaw === 'of a removed member') await removeMember(database, owner.id, member, outside);
  return authorization;
}

type Target = {
  organization: string;
  thingOf?: Organization | 'nobody';
  token?: string | undefined;
};

/** Makes what is called so, or answers what was made. */
type Making = (name: string, make: () => Promise<string>) => Promise<string>;

const afresh: Making = (_name, make) => make();

function makingOnce(): Making {
  const made = new Map<string, Promise<string>>();
  return (name, make) => {
    const known = made.get(name) ?? make();
    made.set(name, known);
    return known;
  };
}

async function openTwoOrganizations() {
  const workplace = await openWorkplace();
  const { database, server, config } = workplace;
  const acme = await makeOrganization(database, 'acme');
  const rival = await makeOrganization(database, 'rival');
  for (const { username } of [acme, rival]) {
    mkdirSync(join(config.dataDir, 'files', username), { recursive: true });
  }
  for (const list of Object.values(lists)) {
    await putRows(database, rival, list, [
      { id: 1, token: 'rivals-own', report_id: 1, report_token: 'rivals-own', name: 'of rival' },
    ]);
  }
  const { paths } = server.swagger() as unknown as OpenApi;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { security }]): Operation[] => {
      const all = security.flatMap((alternative) => Object.keys(alternative));
      // A session stands for its member wherever an access token does; see test/sessions.
      const schemes = all.filter((scheme) => scheme !== 'session');
      if (schemes.length > 1) throw new Error(`${method} ${path} takes more than one credential.`);
      if (all.length > 0 && schemes.length === 0) return [];
      return [
        {
          method: method.toUpperCase() as Operation['method'],
          path,
          scheme: (schemes[0] as Scheme | undefined) ?? 'none',
        },
      ];
    }),
  );

  /** Where the operation is on an organization's thing, made for it, in the path of an organization, named or absent. */
  const urlFor = async (
    { path }: Operation,
    { organization, thingOf, token: known }: Target,
    making: Making = afresh,
  ): Promise<string> => {
    let url = path.replace('{organization}', organization).replace('{account}', organization);
    if (url.includes('{token}')) {
      const [beginning, make] = thingIn(path);
      if (make === undefined)
        throw new Error(`${path} is not in this test; tell it what {token} is.`);
      const token =
        known ??
        (thingOf === 'nobody' || thingOf === undefined
          ? '0123456789ab'
          : await making(`${beginning} of ${thingOf.username}`, () => make(database, thingOf)));
      url = url.replace('{token}', token);
      for (const [parameter, makeInner] of Object.entries(innerThings)) {
        if (!url.includes(parameter)) continue;
        const isMade = typeof thingOf === 'object';
        const inner = isMade
          ? await making(`${parameter} of ${token}`, () => makeInner(database, thingOf, token))
          : '0123456789ab';
        url = url.replace(parameter, inner);
      }
    }
    url = url.replace('{list}', 'failing').replace(/\/events$/, '/events?seconds=0');
    if (url.includes('{')) throw new Error(`${path} has a parameter that this test does not know.`);
    return url;
  };
  const once = makingOnce();
  /** Whoever is refused uses nothing up, and is sent to the same things each time. */
  const sameUrlFor = (operation: Operation, target: Target) => urlFor(operation, target, once);
  const call = async (
    operation: Operation,
    credential: string | Record<string, string> | undefined,
    target: Target,
  ) => callUrl(operation, credential, await urlFor(operation, target));
  const callUrl = (
    { method, path }: Operation,
    credential: string | Record<string, string> | undefined,
    url: string,
  ): Promise<LightMyRequestResponse> => {
    const request: InjectOptions = { method, url };
    if (typeof credential === 'string') request.headers = { authorization: credential };
    else if (credential) request.headers = credential;
    // What takes the place of a thing may ask which state of it is meant.
    if (method === 'PUT') request.headers = { ...request.headers, 'if-match': '*' };
    const label = `${method} ${path}`;
    if (['POST', 'PUT', 'PATCH'].includes(method) && !withoutBody.has(label)) {
      const body = bodies[label];
      if (body === undefined) throw new Error(`${path} is not in this test; give it a body.`);
      request.payload = body();
    }
    return server.inject(request);
  };
  return { ...workplace, acme, rival, operations, call, callUrl, urlFor, sameUrlFor };
}

const byteForByte = ({ statusCode, headers, body }: LightMyRequestResponse) =>
  JSON.stringify({ statusCode, headers: { ...headers, date: '', 'x-request-id': '' }, body });

/**
 * Where an operation may be tried on what. Whoever has no say in an organization is refused before anything is looked for
 * in it, which is tried on one store; on the second one, what is left is what its own SQL decides.
 */
const targets = (acme: Organization, rival: Organization) => {
  const all = [
    { organization: 'acme', thingOf: acme },
    { organization: 'acme', thingOf: rival },
    { organization: 'acme', thingOf: 'nobody' },
    { organization: 'rival', thingOf: rival },
    { organization: 'rival', thingOf: acme },
    { organization: 'rival', thingOf: 'nobody' },
    { organization: 'absent', thingOf: acme },
    { organization: 'absent', thingOf: rival },
    { organization: 'absent', thingOf: 'nobody' },
  ] as const;
  const isSecond = inject('databaseUrl') !== undefined;
  return all.filter(
    ({ organization, thingOf }) =>
      !isSecond || organization === 'acme' || (organization === 'rival' && thingOf === rival),
  );
};

describe('of every operation', () => {
  test('who has no valid credential of its kind learns nothing, whatever the path', async () => {
    const { acme, rival, operations, callUrl, sameUrlFor, database } = await openTwoOrganizations();
    const flaws: Flaw[] = ['revoked', 'expired', 'of a removed member', 'of the other kind'];
    const flawedOf = new Map<Scheme, (string | undefined)[]>();
    for (const scheme of ['signatureToken', 'apiToken', 'adminApiToken'] as const) {
      const flawed = flaws.flatMap((flaw) =>
        [acme, rival].map((of) => makeCredential(database, scheme, { of, flaw })),
      );
      flawedOf.set(scheme, [undefined, ...(await Promise.all(flawed))]);
    }
    const everywhere = targets(acme, rival);
    for (const [number, operation] of operations.entries()) {
      const { scheme } = operation;
      if (scheme === 'none') continue;
      const credentials = flawedOf.get(scheme) ?? [];
      expect(credentials).toHaveLength(9);
      const answers = new Set<string>();
      for (const [index, authorization] of credentials.entries()) {
        // Each operation is tried everywhere without a credential, and with each credential somewhere: from operation to
        // operation somewhere else, and over all operations each credential is tried everywhere.
        const chosen = everywhere.slice((number + index) % everywhere.length).slice(0, 1);
        for (const target of authorization === undefined ? everywhere : chosen) {
          const url = await sameUrlFor(operation, target);
          const response = await callUrl(operation, authorization, url);
          expect(response.statusCode, `${operation.method} ${operation.path}`).toBe(401);
          answers.add(byteForByte(response));
        }
      }
      expect([...answers], `${operation.method} ${operation.path}`).toHaveLength(1);
    }
  }, 300_000);

  test('another organization is as absent as one that never was, and so are its things', async () => {
    const { acme, rival, operations, callUrl, urlFor, sameUrlFor, database } =
      await openTwoOrganizations();
    const once = makingOnce();
    for (const operation of operations) {
      const { scheme, path, method } = operation;
      if (scheme === 'none' || !path.includes('{organization}')) continue;
      for (const role of ['admin', 'member'] as const) {
        const authorization = await once(`${scheme} of ${role}`, () =>
          makeCredential(database, scheme, { of: acme, role }),
        );
        const isRefused = scheme === 'adminApiToken' && role === 'member';
        const label = `${method} ${path} as ${role}`;

        const elsewhere = new Set<string>();
        const notThere = new Set<string>();
        for (const target of targets(acme, rival)) {
          const isOwn = target.organization === 'acme' && target.thingOf === acme;
          const url = await (isOwn ? urlFor : sameUrlFor)(operation, target);
          const response = await callUrl(operation, authorization, url);
          const answer = byteForByte(response);
          expect(answer, label).not.toContain('rival');
          if (target.organization !== 'acme') {
            expect(response.statusCode, label).toBe(404);
            elsewhere.add(answer);
          } else if (isRefused) {
            expect(response.statusCode, label).toBe(403);
          } else if (target.thingOf !== acme && path.includes('{token}')) {
            expect(response.statusCode, label).toBe(404);
            notThere.add(answer);
          } else if (ofEarlierRequests.has(`${method} ${path}`)) {
            expect(response.statusCode, label).toBe(404);
          } else if (role === 'member' && notForEveryMember.has(`${method} ${path}`)) {
            expect(response.statusCode, label).toBe(notForEveryMember.get(`${method} ${path}`));
          } else {
            expect(response.statusCode, `${label}: ${response.body}`).toBeLessThan(300);
          }
        }
        expect([...elsewhere], label).toHaveLength(1);
        expect([...notThere].length, label).toBeLessThanOrEqual(1);
      }
    }
  }, 300_000);

  test('what lies in somebody else’s personal space is as absent as what never was', async () => {
    const { acme, operations, call, database } = await openTwoOrganizations();
    const owner = await addMember(database, acme.id, { email: 'ana@a.b', role: 'member' }, outside);
    const space = await database.transaction((store) =>
      changeRows(store, acme.id, (writer) =>
        getOrMakeOwnSpace(store, writer, acme, owner, outside),
      ),
    );
    const inSpace = { personal: true, parent: space.slot };
    const authorization = await makeCredential(database, 'apiToken', { of: acme, role: 'member' });
    const ofReports = operations.filter(({ path }) =>
      path.startsWith('/api/{organization}/reports/{token}'),
    );
    const ofSpaces = operations.filter(({ path }) =>
      path.startsWith('/api/{organization}/spaces/{token}'),
    );
    expect(ofReports.length).toBeGreaterThan(20);
    for (const operation of [...ofReports, ...ofSpaces]) {
      const label = `${operation.method} ${operation.path}`;
      const token = ofSpaces.includes(operation)
        ? space.token
        : await putReport(database, acme, inSpace);
      const there = await call(operation, authorization, {
        organization: 'acme',
        thingOf: acme,
        token,
      });
      expect(there.statusCode, label).toBe(404);
      const absent = await call(operation, authorization, { organization: 'acme' });
      expect(byteForByte(there), label).toBe(byteForByte(absent));
    }
  });

  test('what needs no credential is the same for everybody', async () => {
    const { acme, rival, operations, call, database } = await openTwoOrganizations();
    // Signing in is tested by itself.
    const open = operations.filter(
      ({ scheme, path }) => scheme === 'none' && !path.startsWith('/api/session'),
    );
    expect(open.map(({ path }) => path)).toEqual(['/openapi.json', '/healthz', '/readyz']);
    for (const operation of open) {
      const answers = new Set<string>();
      for (const owner of [acme, rival]) {
        for (const scheme of ['signatureToken', 'apiToken'] as const) {
          const authorization = await makeCredential(database, scheme, { of: owner });
          answers.add(byteForByte(await call(operation, authorization, { organization: 'acme' })));
        }
      }
      answers.add(byteForByte(await call(operation, undefined, { organization: 'acme' })));
      expect([...answers]).toHaveLength(1);
    }
  });

  test('nothing that one organization may call changes another', async () => {
    const { acme, rival, operations, call, database } = await openTwoOrganizations();
    const everythingOf = async ({ id }: Organization) => ({
      rows: await database.all(
        'select list, slot, changed, id, token, body from discovery_rows where organization_id = ? order by list, slot',
        [id],
      ),
      tokens: await database.all(
        'select token, revoked_at from access_tokens where organization_id = ? order by token',
        [id],
      ),
      members: await database.all('select * from members where organization_id = ?', [id]),
      runs: await database.all('select * from runs where organization_id = ?', [id]),
      schedules: await database.all('select * from schedules where organization_id = ?', [id]),
      dataSources: await database.all('select * from data_sources where organization_id = ?', [id]),
    });
    const thing = new Map<string, string>();
    for (const { path } of operations) {
      const [, make] = thingIn(path);
      if (make) thing.set(path, await make(database, rival));
    }
    const before = await everythingOf(rival);
    const once = makingOnce();
    for (const operation of operations) {
      const { scheme } = operation;
      if (scheme === 'none') continue;
      const authorization = await once(scheme, () =>
        makeCredential(database, scheme, { of: acme }),
      );
      for (const organization of ['acme', 'rival']) {
        await call(operation, authorization, { organization, token: thing.get(operation.path) });
      }
    }
    expect(await everythingOf(rival)).toEqual(before);
  });
});

describe('of every operation, a session', () => {
  test('opens what is its own organization’s, and nothing of another', async () => {
    const workplace = await openTwoOrganizations();
    const { acme, rival, operations, callUrl, urlFor, sameUrlFor } = workplace;
    const { cookie } = await signIn(workplace, acme);
    const session = { ...fromOwnPage, cookie };
    for (const operation of operations) {
      const { scheme, path, method } = operation;
      if (scheme === 'none' || !path.includes('{organization}')) continue;
      const label = `${method} ${path}`;
      for (const target of targets(acme, rival)) {
        const isOwn = target.organization === 'acme';
        const usesUp = isOwn && target.thingOf === acme;
        const url = await (usesUp ? urlFor : sameUrlFor)(operation, target);
        const response = await callUrl(operation, session, url);
        expect(byteForByte(response), label).not.toContain('rival');
        const isThere = !path.includes('{token}') || target.thingOf === acme;
        const isMade = !ofEarlierRequests.has(label);
        if (isOwn && isThere && isMade) expect(response.statusCode, label).toBeLessThan(300);
        else expect(response.statusCode, label).toBe(404);
      }
    }
  }, 300_000);

  test('that has ended opens nothing, and one from another page changes nothing', async () => {
    const workplace = await openTwoOrganizations();
    const { acme, operations, callUrl, sameUrlFor } = workplace;
    const { cookie } = await signIn(workplace, acme);
    const ended = await signIn(workplace, acme, { email: 'bo@acme.example' });
    await ended.browse({ method: 'DELETE', url: '/api/session' });
    for (const operation of operations) {
      const { scheme, method } = operation;
      if (scheme === 'none') continue;
      const label = `${method} ${operation.path}`;
      const url = await sameUrlFor(operation, { organization: 'acme', thingOf: acme });
      const late = await callUrl(operation, { ...fromOwnPage, cookie: ended.cookie }, url);
      expect(late.statusCode, label).toBe(401);
      if (method === 'GET') continue;
      for (const elsewhere of [{}, { 'sec-fetch-site': 'cross-site' }]) {
        const forged = await callUrl(operation, { ...elsewhere, cookie }, url);
        expect(forged.statusCode, label).toBe(403);
      }
    }
  });
});

test('there are lists, tokens and reports among the operations', async () => {
  const { operations } = await openTwoOrganizations();
  const named = operations.map(({ method, path }) => `${method} ${path}`);
  for (const list of Object.keys(lists))
    expect(named).toContain(`GET /batch/{organization}/${list}`);
  expect(named).toContain('DELETE /batch/{organization}/signature_tokens/{token}');
  expect(named).toContain('GET /api/{organization}/reports/{token}');
});

test('what one organization’s client has kept of a page does not tell it of another’s', async () => {
  const { acme, rival, database, server } = await openTwoOrganizations();
  const mine = await makeCredential(database, 'signatureToken', { of: acme });
  const theirs = await makeCredential(database, 'signatureToken', { of: rival });
  const page = (organization: string, headers: Record<string, string>) =>
    server.inject({ url: `/batch/${organization}/reports`, headers });
  const { etag } = (await page('rival', { authorization: theirs })).headers;
  expect(etag).toBeDefined();
  for (const known of [String(etag), '*']) {
    const response = await page('rival', { authorization: mine, 'if-none-match': known });
    expect(response.statusCode).toBe(404);
    expect(response.headers.etag).toBeUndefined();
  }
  const own = await page('acme', { authorization: mine, 'if-none-match': String(etag) });
  expect(own.statusCode).toBe(200);
  expect(own.json().reports).toEqual([]);
});
