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
import type { Database } from '../../src/database/database.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { addMember } from '../../src/members/change-members.ts';
import type { Role } from '../../src/members/member.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { createOrganization } from '../../src/organizations/organization-store.ts';
import { checkAgainstOpenApi, openApiOf } from './openapi-check.ts';
import { checkSecurityHeaders } from './security-headers-check.ts';
import { type Flags, type OpenServer, openServer, type Sharing, takeServer } from './servers.ts';

/** A folder of its own, gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a test works with: see `openWorkplace`. */
export type Workplace = Pick<OpenServer, 'config' | 'database' | 'server' | 'time'> & {
  /** Sends a request without a socket; the answer is checked against the server's own OpenAPI document. */
  send(request: InjectOptions): Promise<LightMyRequestResponse>;
  /** GET with this Authorization header. */
  get(url: string, authorization?: string): Promise<LightMyRequestResponse>;
};

/**
 * A real server on a real store that holds nothing, for this test: another one may have had it before, see
 * `takeServer`. One with runs of its own is never shared: they end when they like.
 */
export async function openWorkplace(flags: Flags = {}, as: Sharing = {}): Promise<Workplace> {
  if (flags.runsAtOnce !== undefined) return openOwnWorkplace(flags);
  return workIn(await takeServer(flags, as), flags);
}

/** The same where nothing was before, neither in the data folder nor in the server's memory. */
export async function openOwnWorkplace(flags: Flags = {}): Promise<Workplace> {
  const open = await openServer(flags);
  onTestFinished(open.close);
  return workIn(open, flags);
}

function workIn({ config, database, server, time }: OpenServer, flags: Flags): Workplace {
  const send = async (request: InjectOptions): Promise<LightMyRequestResponse> => {
    // Where requests from outside arrive; the framework's own way in would pass by what answers before it.
    const response = await inject(
      (from, to) => void server.server.emit('request', from, to),
      request,
    );
    checkAgainstOpenApi(openApiOf(server, flags), request, response);
    checkSecurityHeaders(response, config.publicUrl);
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
  return database.transaction((store) =>
    createOrganization(store, {
      username,
      name: username,
      createdAt: wireTime(systemClock()),
      epoch: randomIdentifiers.token(),
    }),
  );
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
  const credential = await database.transaction((store) =>
    createSignatureToken(
      store,
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
  const { token, secret } = await database.transaction((store) =>
    createApiToken(store, organization.id, given, outside),
  );
  return `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`;
}
