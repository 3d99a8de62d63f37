import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { halList, halResponse, wholeList } from '../http/hal.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { route } from '../http/route.ts';

/** What crawlers ask for and there is none of here. Datasets are listed as reports, as real servers do it. */
const emptyLists = {
  definitions: { key: 'definitions', operationId: 'listDefinitions' },
  datasets: { key: 'reports', operationId: 'listDatasets' },
} as const;

/** `GET /api/{organization}/definitions` and `/datasets`. */
export function addEmptyListRoutes(
  app: FastifyInstance,
  { authentication }: { authentication: Authentication },
): void {
  const { members } = admit(app, authentication);
  for (const [name, { key, operationId }] of Object.entries(emptyLists)) {
    route(app, 'GET', `/api/:organization/${name}`, {
      tag: 'Empty lists',
      admits: members,
      operationId,
      summary: `List ${name}`,
      description: `There are no ${name} here, so the list is empty.`,
      params: OrganizationPath,
      answers: { 200: halResponse('An empty list.', emptyList(key)) },
      handler: async (request) => {
        const path = `/api/${callerOf(request).organization.username}/${name}`;
        return wholeList(key, path, []);
      },
    });
  }
}

/** The schema of a list that holds nothing. */
export function emptyList<Key extends string>(key: Key) {
  return halList(key, Type.Object({}, { description: 'There is none.' }));
}
