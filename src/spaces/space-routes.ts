import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { actorOf } from '../audit/actor.ts';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { halResponse, requireChange, toHalList } from '../http/hal.ts';
import { requireMatch, thingResponse, withEtag } from '../http/if-match.ts';
import { parseRestPaging, restPagingSchema } from '../http/paging.ts';
import { OrganizationPath, tokenPath } from '../http/path-parameters.ts';
import { readsQuery } from '../http/query-string.ts';
import { type RouteRequest, route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import type { Identifiers } from '../identifiers.ts';
import { changeSpace, createSpace, deleteSpace, type SpaceChanger } from './change-spaces.ts';
import {
  findSpaces,
  readSpaceQuestion,
  type SpaceQuestion,
  spaceQuestionSchema,
} from './find-spaces.ts';
import { showSpace, showSpaces } from './show-spaces.ts';
import { accessOf, getSpaceRow } from './space-access.ts';
import { NewSpace, Space, SpaceChange, Spaces, spaceSchemas } from './space-schema.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  clock: Clock;
  identifiers: Identifiers;
};

const SpacePath = tokenPath('Token of the space.', 'acd5fc167d0g');

/** `/api/{organization}/spaces`, which is there as `collections` too. */
export function addSpaceRoutes(app: FastifyInstance, parts: Parts): void {
  const { database, authentication, clock, identifiers } = parts;
  const path = '/api/:organization/spaces';
  for (const schema of spaceSchemas) app.addSchema(schema);
  const { members } = admit(app, authentication);
  const common = { tag: 'Spaces', admits: members };

  const changerOf = (request: FastifyRequest): SpaceChanger => {
    const caller = callerOf(request);
    return { caller, actor: actorOf(caller, request), clock, identifiers };
  };

  route(app, 'GET', path, {
    ...common,
    operationId: 'getSpaces',
    summary: 'List spaces',
    description:
      'The shared spaces and your own personal space, oldest first. With `filter=all`, admins get every personal ' +
      'space too; `custom` omits personal spaces; `mine` has the spaces that you created, and your own. Any other value is ignored.',
    params: OrganizationPath,
    query: readsQuery(Type.Object({ ...restPagingSchema, ...spaceQuestionSchema.properties })),
    answers: { 200: halResponse('A page of spaces.', Spaces) },
    handler: async (request) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const { query } = request;
      const paging = parseRestPaging(query);
      const asked = readSpaceQuestion(query);
      const access = await accessOf(database, organization.id, caller);
      const { rows, total } = await findSpaces(database, organization.id, access, asked, paging);
      const shown = await showSpaces(database, organization, rows);
      const self = `/api/${organization.username}/spaces${carried(asked)}`;
      return toHalList('spaces', self, shown, total, paging);
    },
  });

  route(app, 'POST', path, {
    ...common,
    operationId: 'createSpace',
    summary: 'Create a space',
    description: 'Any member can create a shared space.',
    params: OrganizationPath,
    body: reference(NewSpace),
    answers: { 200: thingResponse('The new space.', reference(Space)) },
    handler: async (request, reply) => {
      const made = await createSpace(database, request.body.space, changerOf(request));
      return withEtag(reply, made);
    },
  });

  route(app, 'GET', `${path}/:token`, {
    ...common,
    operationId: 'getSpace',
    summary: 'Get a space',
    description: 'What `space_url` of a Discovery row returns.',
    params: SpacePath,
    answers: { 200: thingResponse('The space.', reference(Space)) },
    handler: async (request, reply) => {
      const { organization } = callerOf(request);
      return withEtag(reply, await showSpace(database, organization, await getRow(request)));
    },
  });

  route(app, 'GET', `${path}/:token/detail`, {
    ...common,
    operationId: 'getSpaceDetail',
    summary: 'Get the details of a space',
    description: 'The same as the space itself, for compatibility with Mode.',
    params: SpacePath,
    answers: { 200: thingResponse('The space.', reference(Space)) },
    handler: async (request, reply) => {
      const { organization } = callerOf(request);
      return withEtag(reply, await showSpace(database, organization, await getRow(request)));
    },
  });

  for (const { method, operationId, words } of [
    { method: 'PATCH', operationId: 'changeSpace', words: '' },
    {
      method: 'POST',
      operationId: 'updateSpace',
      words: 'The same as PATCH, for compatibility with Mode. ',
    },
  ] as const) {
    route(app, method, `${path}/:token`, {
      ...common,
      operationId,
      summary: method === 'PATCH' ? 'Change a space' : 'Change a space with POST',
      description:
        `${words}For admins, the creator and the owner of a personal space. With \`owner\`, an admin assigns an imported personal ` +
        'space. Imports no longer change a space that was changed here.',
      params: SpacePath,
      body: reference(SpaceChange),
      answers: { 200: thingResponse('The changed space.', reference(Space)) },
      refuses: ['conflict', 'precondition_failed'],
      handler: async (request, reply) => {
        const { space } = request.body;
        requireChange(reply, space, Object.keys(SpaceChange.properties.space.properties));
        return withEtag(
          reply,
          await changeSpace(database, space, {
            ...changerOf(request),
            token: request.params.token,
            check: (shown) => requireMatch(request, shown),
          }),
        );
      },
    });
  }

  route(app, 'DELETE', `${path}/:token`, {
    ...common,
    operationId: 'deleteSpace',
    summary: 'Delete a space',
    description:
      'For admins, the creator and the owner of a personal space. The space must be empty.',
    params: SpacePath,
    answers: { 200: reference(Space, { description: 'The deleted space.' }) },
    refuses: ['conflict', 'precondition_failed'],
    handler: (request) =>
      deleteSpace(database, {
        ...changerOf(request),
        token: request.params.token,
        check: (shown) => requireMatch(request, shown),
      }),
  });

  async function getRow(request: RouteRequest<{ token: string }>) {
    const caller = callerOf(request);
    const access = await accessOf(database, caller.organization.id, caller);
    return getSpaceRow(database, caller.organization.id, access, request.params.token);
  }
}

/** What the links to other pages carry over of a query string. */
function carried(asked: SpaceQuestion): string {
  const parts = Object.entries(asked).map(
    ([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`,
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
