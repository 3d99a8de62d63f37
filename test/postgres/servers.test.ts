import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { type Database, DuplicateError } from '../../src/database/database.ts';
import { openStore } from '../../src/database/open-store.ts';
import { generateInventory } from '../../src/generate/generate-inventory.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { type ListName, lists } from '../../src/inventory/lists.ts';
import { addMember } from '../../src/members/change-members.ts';
import { findMember } from '../../src/members/member-store.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { createServer } from '../../src/server.ts';
import { newDatabaseUrl, newSchemaUrl } from '../support/database-url.ts';
import { launchRollcall } from '../support/rollcall-process.ts';
import { rounds } from '../support/rounds.ts';
import { readRollcall, runRollcall } from '../support/run-rollcall.ts';
import { makeBearer, makeOrganization, temporaryFolder } from '../support/workplace.ts';

const outside = { clock: systemClock, identifiers: randomIdentifiers };

type Credentials = { token: string; bearer: string };
type Server = { url: string };

/** Two servers in processes of their own, with folders of their own, on one database that holds 300 reports: for two tests. */
async function startTwo() {
  const databaseUrl = (await newSchemaUrl()) as string;
  const surroundings = () => ({
    dataDir: mkdtempSync(join(tmpdir(), 'rollcall-test-')),
    env: { ROLLCALL_DATABASE_URL: databaseUrl, ROLLCALL_LOG_LEVEL: 'silent' },
  });
  const own = surroundings();
  const database = await openStore(
    readConfig({
      environment: own.env,
      flags: { dataDir: own.dataDir },
      directory: own.dataDir,
    }),
  );
  if (inject('isCitus')) await database.distribute?.();
  const acme = await makeOrganization(database, 'acme');
  await generateInventory(database, acme, { seed: 1, reports: 300 }, () => undefined);
  const programs = [surroundings(), surroundings()].map((each) =>
    launchRollcall(['serve', '--port', '0'], each),
  );
  const stop = async () => {
    await Promise.all(programs.map((program) => program.stop('SIGKILL')));
    await database.close();
  };
  const servers: Server[] = await Promise.all(
    programs.map(async (program) => {
      const line = await program.findLine(/listens on/);
      return { url: /http:\S+/.exec(line)?.[0] as string };
    }),
  );
  const newToken = (name: string) =>
    readRollcall<Credentials>(
      ['signature-token', 'create', '--organization', 'acme', '--name', name],
      own,
    );
  return { database, acme, servers: servers as [Server, Server], own, newToken, stop };
}

let two: Awaited<ReturnType<typeof startTwo>>;

beforeAll(async () => {
  two = await startTwo();
  return two.stop;
});

type Page = { pagination: { total_count: number } };

const readPage = async (response: Response) => (await response.json()) as Page;

const get = (server: Server, path: string, authorization: string) =>
  fetch(server.url + path, { headers: { authorization } });

describe('two servers on one database', () => {
  test('list what a command or the other server wrote at the next request, and refuse a token from the moment that it is revoked', async () => {
    const { servers, own, newToken } = two;
    const { token: readerToken, bearer } = await newToken('reader');
    for (let number = 1; number <= 3; number++) {
      const counts = async () =>
        Promise.all(
          servers.map(async (server) => {
            const page = await readPage(
              await get(server, '/batch/acme/members?per_page=1', bearer),
            );
            return page.pagination.total_count;
          }),
        );
      const [before] = await counts();
      const email = `${number}@acme.example`;
      const args = ['member', 'add', '--organization', 'acme', '--email', email, '--role', 'admin'];
      expect((await runRollcall(args, own)).code).toBe(0);
      expect(await counts()).toEqual([Number(before) + 1, Number(before) + 1]);
    }

    const { token, secret } = await readRollcall<{ token: string; secret: string }>(
      [
        'api-token',
        'create',
        '--organization',
        'acme',
        '--member',
        '1@acme.example',
        '--name',
        'test',
      ],
      own,
    );
    const basic = `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`;
    for (const [one, other] of [servers, servers.toReversed()] as [Server, Server][]) {
      const path = '/batch/acme/signature_tokens';
      const auth_scope = { authentication_for: 'batch-api', authorization_type: 'read-only' };
      const response = await fetch(one.url + path, {
        method: 'POST',
        headers: { authorization: basic, 'content-type': 'application/json' },
        body: JSON.stringify({
          signature_token: { name: 'made', expires_at: '9999-01-01T00:00Z', auth_scope },
        }),
      });
      expect(response.status).toBe(200);
      const made = (await response.json()) as { token: string };
      const listed = await (await get(other, path, basic)).text();
      expect(listed).toContain(made.token);
    }

    let held = { token: readerToken, bearer };
    for (let round = 0; round < 3; round++) {
      const statuses = () =>
        Promise.all(
          servers.map(
            async (server) => (await get(server, '/batch/acme/reports', held.bearer)).status,
          ),
        );
      expect(await statuses()).toEqual([200, 200]);
      const args = ['signature-token', 'revoke', held.token, '--organization', 'acme'];
      expect((await runRollcall(args, own)).code).toBe(0);
      expect(await statuses()).toEqual([401, 401]);
      held = await newToken(`round ${round}`);
    }
  });

  test('answer the same bytes and ETags while both are asked and others write', async () => {
    const { database, acme, servers, newToken } = two;
    const { bearer } = await newToken('reader');
    let isOver = false;
    let lastCount = 0;
    const asking = servers.map(async (server) => {
      while (!isOver) {
        const response = await get(server, '/batch/acme/reports?per_page=50&page=2', bearer);
        expect(response.status).toBe(200);
        lastCount = Math.max(lastCount, (await readPage(response)).pagination.total_count);
        await sleep(20);
      }
    });
    for (let reports = 350; reports <= 800; reports += 50) {
      await generateInventory(database, acme, { seed: 1, reports }, () => undefined);
      for (const name of ['reports', 'charts'] satisfies ListName[]) {
        const path = `/batch/acme/${name}?per_page=100&include_spaces=all&page=${1 + (reports % 4)}`;
        const [one, other] = await Promise.all(
          servers.map(async (server) => {
            const response = await get(server, path, bearer);
            return [response.headers.get('etag'), await response.text()];
          }),
        );
        expect(one).toEqual(other);
        expect(one?.[0]).toMatch(/^"/);
      }
    }
    isOver = true;
    await Promise.all(asking);
    const { count } = (await database.get<{ count: number }>(
      'select count(*) as count from discovery_rows where list = ? and personal = 0 and body is not null',
      [lists.reports.number],
    )) as { count: number };
    expect(lastCount).toBeLessThanOrEqual(count);
    expect(lastCount).toBeGreaterThan(0);
  });
});

test('two servers in one process answer the same bytes, whoever of them wrote', async () => {
  const databaseUrl = (await newDatabaseUrl()) as string;
  const instances = await Promise.all(
    [0, 1].map(async () => {
      const config = readConfig({
        environment: { ROLLCALL_DATABASE_URL: databaseUrl },
        flags: { logLevel: 'silent' },
        directory: temporaryFolder(),
      });
      const database = await openStore(config);
      const server = await createServer(config, database, outside);
      onTestFinished(async () => {
        await server.close();
        await database.close();
      });
      return { database, server };
    }),
  );
  const [first] = instances as [(typeof instances)[0], (typeof instances)[0]];
  const acme = await makeOrganization(first.database);
  const authorization = await makeBearer(first.database, acme);
  const address = fc.nat(12).map((number) => `${number}@acme.example`);
  const writes = fc.array(fc.tuple(fc.nat(1), address), { minLength: 1, maxLength: 6 });
  const request = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }));
  const steps = fc.array(fc.tuple(writes, request), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      for (const [changes, [page, perPage]] of history) {
        await Promise.all(
          changes.map(([by, email]) =>
            toggleMember(instances[by]?.database as Database, acme, email),
          ),
        );
        const url = `/batch/acme/members?page=${page}&per_page=${perPage}`;
        const answers = await Promise.all(
          instances.map(async ({ server }) => {
            const { statusCode, headers, body } = await server.inject({
              url,
              headers: { authorization },
            });
            return { statusCode, etag: headers.etag, body };
          }),
        );
        expect(answers[0]).toEqual(answers[1]);
        expect(answers[0]?.statusCode).toBe(200);
        const { total_count: total } = JSON.parse(answers[0]?.body ?? '').pagination;
        const members = await first.database.all(
          'select slot from members where organization_id = ?',
          [acme.id],
        );
        // A later page may continue a crawl, which began with other members.
        if (page === 1) expect(total).toBe(members.length);
      }
    }),
    { numRuns: rounds({ usual: 12, full: 50 }) },
  );
});

/** Removes a member who is there, adds one who is not; of two who do the same at once, one may come too late. */
async function toggleMember(
  database: Database,
  { id }: Organization,
  email: string,
): Promise<void> {
  const member = await findMember(database, id, email);
  if (member) return void (await removeMember(database, id, member, outside));
  await addMember(database, id, { email, role: 'member' }, outside).catch((error) => {
    if (!(error instanceof DuplicateError)) throw error;
  });
}
