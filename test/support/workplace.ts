import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { inject } from 'light-my-request';
import { onTestFinished } from 'vitest';
import { bearerOf } from '../../src/access-tokens/access-token.ts';
import {
  createApiToken,
  createSignatureToken,
} from '../../src/access-tokens/create-access-token.ts';
import { systemClock, wireTime } from '../../src/clock.ts';
import { type Config, readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import { openStore } from '../../src/database/open-store.ts';
import type { HttpServer } from '../../src/http/http-server.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { addMember } from '../../src/members/change-members.ts';
import type { Role } from '../../src/members/member.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { createOrganization } from '../../src/organizations/organization-store.ts';
import { createServer } from '../../src/server.ts';
import { newDatabaseUrl } from './database-url.ts';
import { checkAgainstOpenApi } from './openapi-check.ts';

/** A folder of its own, gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real store in a folder of its own, and a real server on it, both gone when the test ends. */
export type Workplace = {
  config: Config;
  database: Database;
  server: HttpServer;
  /** Time as the server sees it; a test may set it. */
  time: { nowMs: number };
  /** Sends a request without a socket; the answer is checked against the server's own OpenAPI document. */
  send(request: InjectOptions): Promise<LightMyRequestResponse>;
  /** GET with this Authorization header. */
  get(url: string, authorization?: string): Promise<LightMyRequestResponse>;
};

export async function openWorkplace(
  flags: Parameters<typeof readConfig>[0]['flags'] = {},
): Promise<Workplace> {
  const directory = temporaryFolder();
  const databaseUrl = await newDatabaseUrl();
  const config = readConfig({
    environment: { ROLLCALL_DATABASE_URL: databaseUrl },
    flags: { logLevel: 'silent', runsAtOnce: '0', ...flags },
    directory,
  });
  const database = await openStore(config);
  const time = { nowMs: Date.parse('2026-11-23T12:00:00Z') };
  const server = await createServer(config, database, {
    clock: () => time.nowMs,
    identifiers: randomIdentifiers,
  });
  await server.ready();
  onTestFinished(async () => {
    await server.close();
    await database.close();
  });
  const send = async (request: InjectOptions): Promise<LightMyRequestResponse> => {
    // Where requests from outside arrive; the framework's own way in would pass by what answers before it.
    const response = await inject(
      (from, to) => void server.server.emit('request', from, to),
      request,
    );
    checkAgainstOpenApi(server, request, response);
    return response;
  };
  return {
    config,
    database,
    server,
    time,
    send,
    get: (url, authorization) =>
      send({ method: 'GET', url, headers: authorization === undefined ? {} : { authorization } }),
  };
}

export async function makeOrganization(
  database: Database,
  username = 'acme',
): Promise<Organization> {
  return createOrganization(database, {
    username,
    name: username,
    createdAt: wireTime(systemClock()),
    epoch: randomIdentifiers.token(),
  });
}

/** The Authorization header of a new signature token that belongs to the organization itself. */
export async function makeBearer(
  database: Database,
  organization: Organization,
  {
    expiresAt = null,
    memberSlot = null,
  }: { expiresAt?: string | null; memberSlot?: number | null } = {},
): Promise<string> {
  const credential = await database.transaction((queries) =>
    createSignatureToken(
      queries,
      organization.id,
      { name: 'test', memberSlot, expiresAt },
      { clock: systemClock, identifiers: randomIdentifiers },
    ),
  );
  return bearerOf(credential);
}

/** The Authorization header of a new API token of a new member with this role. */
export async function makeBasic(
  database: Database,
  organization: Organization,
  role: Role = 'admin',
  email = `${role}@${organization.username}.example`,
): Promise<string> {
  const outside = { clock: systemClock, identifiers: randomIdentifiers };
  const member = await addMember(database, organization.id, { email, role }, outside);
  const given = { name: 'test', memberSlot: member.slot, expiresAt: null };
  const { token, secret } = await database.transaction((queries) =>
    createApiToken(queries, organization.id, given, outside),
  );
  return `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`;
}
