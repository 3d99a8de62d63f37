import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { HAL, halResponse, wholeList } from '../http/hal.ts';
import { requireMatch, thingResponse, withEtag } from '../http/if-match.ts';
import { tokenPath } from '../http/path-parameters.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
import { type RouteRequest, route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { findListedMembers } from '../members/listed-members.ts';
import { accessOf, getReportRow, notFound } from '../spaces/space-access.ts';
import {
  Draft,
  Drafters,
  DraftToSave,
  draftSchemas,
  SavedDraft,
  toDraft,
  toDrafter,
  toSavedDraft,
} from './draft-schema.ts';
import {
  type DraftState,
  discardDraft,
  findDraft,
  listDrafters,
  saveDraft,
} from './draft-store.ts';
import { drafterSlot } from './report-editor.ts';
import { countVersions } from './version-store.ts';

/** Who has saved within this time counts as editing now. */
const EDITING_MS = 5 * 60 * 1000;

/** `/api/{organization}/reports/{token}/draft`, which everybody has of one's own, and who else has one. */
export function addDraftRoutes(
  app: FastifyInstance,
  {
    database,
    authentication,
    clock,
  }: { database: Database; authentication: Authentication; clock: Clock },
): void {
  const path = '/api/:organization/reports/:token';
  for (const schema of draftSchemas) app.addSchema(schema);
  const { members } = admit(app, authentication);
  const common = {
    tag: 'Reports',
    admits: members,
    params: tokenPath('Token of the report.', 'bfe4fc361d9f'),
  };

  /** The report, and whose draft of it is meant. */
  async function find(request: RouteRequest<{ token: string }>) {
    const caller = callerOf(request);
    const { organization } = caller;
    const access = await accessOf(database, organization.id, caller);
    const report = await getReportRow(database, organization.id, access, request.params.token);
    return {
      organization,
      whose: { reportSlot: report.slot, memberSlot: drafterSlot(caller) },
      path: `/api/${organization.username}/reports/${encodeURIComponent(report.token)}`,
      version: await countVersions(database, organization.id, report.slot),
    };
  }

  route(app, 'GET', `${path}/draft`, {
    ...common,
    operationId: 'getDraft',
    summary: 'Get your draft of a report',
    description: 'Your unpublished changes to the report. Only you can see them.',
    answers: { 200: thingResponse('Your draft.', reference(Draft)) },
    handler: async (request, reply) => {
      const { organization, whose, path: report, version } = await find(request);
      const draft = await findDraft(database, organization.id, whose);
      const shown = withEtag(reply, toDraft(report, draft, version), stateOf(draft));
      return reply.type(HAL).send(shown);
    },
  });

  route(app, 'PUT', `${path}/draft`, {
    ...common,
    operationId: 'saveDraft',
    summary: 'Save your draft of a report',
    description:
      'Replaces the previous draft. It does not change the report. With `If-Match` it is refused if someone, such as you in ' +
      'another tab, has saved the draft since.',
    bodyLimit: BODY_LIMITS.draft,
    body: reference(DraftToSave),
    answers: { 200: thingResponse('The saved draft.', reference(SavedDraft)) },
    refuses: ['precondition_failed'],
    handler: async (request, reply) => {
      const { base_version: baseVersion, content } = request.body.draft;
      const { organization, whose, path: report, version } = await find(request);
      const draft = { baseVersion, savedAt: wireTime(clock()), content: JSON.stringify(content) };
      const check = (before: DraftState | undefined) => requireMatch(request, stateOf(before));
      const saved = await saveDraft(database, organization.id, whose, draft, check);
      if (saved === undefined) throw notFound('report');
      return withEtag(reply, toSavedDraft(report, saved, version), stateOf(saved));
    },
  });

  route(app, 'DELETE', `${path}/draft`, {
    ...common,
    operationId: 'deleteDraft',
    summary: 'Discard your draft',
    description:
      'The report does not change. Without a draft, nothing happens. With `If-Match` it is refused if the draft was saved since.',
    answers: { 204: Type.Null({ description: 'There is no draft.' }) },
    refuses: ['precondition_failed'],
    handler: async (request) => {
      const { organization, whose } = await find(request);
      const check = (before: DraftState | undefined) => requireMatch(request, stateOf(before));
      await discardDraft(database, organization.id, whose, check);
      return null;
    },
  });

  route(app, 'GET', `${path}/drafts`, {
    ...common,
    operationId: 'listDrafts',
    summary: 'List other editors of a report',
    description:
      'Other members who saved a draft of it within the last five minutes, without its content. The list is not paged.',
    answers: { 200: halResponse('Other editors.', Drafters) },
    handler: async (request) => {
      const { organization, whose, path: report } = await find(request);
      const since = wireTime(clock() - EDITING_MS);
      const { reportSlot } = whose;
      const all = await listDrafters(database, organization.id, { reportSlot, since });
      const others = all.filter(({ memberSlot }) => memberSlot !== whose.memberSlot);
      const slots = others.map(({ memberSlot }) => memberSlot);
      const members = await findListedMembers(database, organization.id, slots);
      const bySlot = new Map(members.map((member) => [member.slot, member]));
      const shown = others.map((draft) =>
        toDrafter(organization, draft, bySlot.get(draft.memberSlot)),
      );
      return wholeList('drafts', `${report}/drafts`, shown);
    },
  });
}

/** What stands behind the ETag of a draft, and of there being none. */
function stateOf(draft: DraftState | undefined): object {
  return { saved_at: draft?.savedAt ?? null };
}
