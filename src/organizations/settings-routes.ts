import type { FastifyInstance } from 'fastify';
import { actorOf } from '../audit/actor.ts';
import { recordAudit } from '../audit/audit-log-store.ts';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { requireChange } from '../http/hal.ts';
import { requireMatch, thingResponse, withEtag } from '../http/if-match.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { OrganizationSettings, SettingsChange, toSettings } from './settings-schema.ts';
import { getAnswersWithinDays, setAnswersWithinDays } from './settings-store.ts';

/** `/api/{organization}/settings`: everybody may read them, admins change them. */
export function addSettingsRoutes(
  app: FastifyInstance,
  {
    database,
    authentication,
    clock,
  }: { database: Database; authentication: Authentication; clock: Clock },
): void {
  const path = '/api/:organization/settings';
  for (const schema of [OrganizationSettings, SettingsChange]) app.addSchema(schema);
  const { members, admins } = admit(app, authentication);
  const common = { tag: 'Organization', params: OrganizationPath };

  route(app, 'GET', path, {
    ...common,
    admits: members,
    operationId: 'getSettings',
    summary: 'Get the settings',
    description: 'Settings of the organization.',
    answers: { 200: thingResponse('The settings.', reference(OrganizationSettings)) },
    handler: async (request, reply) => {
      const { organization } = callerOf(request);
      const days = await getAnswersWithinDays(database, organization.id);
      return withEtag(reply, toSettings(organization, days));
    },
  });

  route(app, 'PATCH', path, {
    ...common,
    admits: admins,
    operationId: 'changeSettings',
    summary: 'Change the settings',
    description: 'Changes the given settings. For admins.',
    body: reference(SettingsChange),
    answers: {
      200: thingResponse('The changed settings.', reference(OrganizationSettings)),
    },
    refuses: ['precondition_failed'],
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const { settings } = request.body;
      requireChange(reply, settings, Object.keys(SettingsChange.properties.settings.properties));
      const changed = await database.transaction(async (store) => {
        const before = await getAnswersWithinDays(store, organization.id);
        requireMatch(request, toSettings(organization, before));
        const days = settings.answers_within_days ?? before;
        await setAnswersWithinDays(store, organization.id, days);
        await recordAudit(store, organization.id, {
          at: wireTime(clock()),
          actor: actorOf(caller, request),
          action: 'settings.changed',
          detail: settings,
        });
        return toSettings(organization, days);
      });
      return withEtag(reply, changed);
    },
  });
}
