import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { halResponse } from '../http/hal.ts';
import { tokenPath } from '../http/path-parameters.ts';
import { type RouteRequest, route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { accessOf, getReportRow } from '../spaces/space-access.ts';
import { Favorite } from './favorite-schema.ts';
import { deleteFavorite, insertFavorite, isFavorite, listFavorites } from './favorite-store.ts';

/** As many as a list of them can have, which is read whole. */
const MAX_FAVORITES = 1000;

/** `/api/{organization}/reports/{token}/favorite`: whether a report is one of the caller's favorites. */
export function addFavoriteRoutes(
  app: FastifyInstance,
  {
    database,
    authentication,
    clock,
  }: { database: Database; authentication: Authentication; clock: Clock },
): void {
  const path = '/api/:organization/reports/:token/favorite';
  app.addSchema(Favorite);
  const { members } = admit(app, authentication);
  const common = {
    tag: 'Reports',
    admits: members,
    params: tokenPath('Token of the report.', 'bfe4fc361d9f'),
    refuses: ['forbidden'],
  } as const;
  type Request = RouteRequest<{ token: string }>;

  async function find(store: Store, request: Request) {
    const caller = callerOf(request);
    const { organization, member } = caller;
    const access = await accessOf(store, organization.id, caller);
    const report = await getReportRow(store, organization.id, access, request.params.token);
    if (member === undefined) {
      throw new ApiError(
        'forbidden',
        'Favorites belong to members; this credential does not belong to one.',
        'Use a member’s credential.',
      );
    }
    return { organizationId: organization.id, memberSlot: member.slot, reportSlot: report.slot };
  }

  const toFavorite = (request: Request, favorite: boolean) => {
    const { organization } = callerOf(request);
    const report = `/api/${organization.username}/reports/${encodeURIComponent(request.params.token)}`;
    return {
      favorite,
      _links: { self: { href: `${report}/favorite` }, report: { href: report } },
    };
  };

  route(app, 'GET', path, {
    ...common,
    operationId: 'getFavorite',
    summary: 'Check whether a report is a favorite',
    description: 'Only you can see your favorites.',
    answers: { 200: halResponse('Whether it is a favorite.', reference(Favorite)) },
    handler: async (request) => {
      const { organizationId, ...which } = await find(database, request);
      return toFavorite(request, await isFavorite(database, organizationId, which));
    },
  });

  route(app, 'PUT', path, {
    ...common,
    operationId: 'addFavorite',
    summary: 'Add a report to your favorites',
    description:
      `A member can have ${MAX_FAVORITES} favorites. Deleting a report removes it from favorites; ` +
      'restoring the report adds it back.',
    answers: { 200: halResponse('The report is one of your favorites.', reference(Favorite)) },
    refuses: [...common.refuses, 'conflict'],
    handler: async (request) => {
      await database.transaction(async (store) => {
        const { organizationId, ...which } = await find(store, request);
        const favorites = await listFavorites(store, organizationId, which.memberSlot);
        if (favorites.includes(which.reportSlot)) return;
        if (favorites.length >= MAX_FAVORITES) {
          throw new ApiError(
            'conflict',
            `You have ${favorites.length} favorites; a member can have ${MAX_FAVORITES}.`,
            'Remove another report from your favorites first.',
          );
        }
        await insertFavorite(store, organizationId, { ...which, at: wireTime(clock()) });
      });
      return toFavorite(request, true);
    },
  });

  route(app, 'DELETE', path, {
    ...common,
    operationId: 'removeFavorite',
    summary: 'Remove a report from your favorites',
    description: 'Also returned for a report that is not a favorite.',
    answers: { 204: Type.Null({ description: 'The report is not one of your favorites.' }) },
    handler: async (request) => {
      const { organizationId, ...which } = await find(database, request);
      await deleteFavorite(database, organizationId, which);
      return null;
    },
  });
}
