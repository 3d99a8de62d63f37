import type { FastifyInstance } from 'fastify';
import { admit, callerOf } from '../callers/admit.ts';
import { ApiError } from '../errors.ts';
import { requireLargeMatch, sendLargeThing, thingResponse } from '../http/if-match.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { Content, ContentToPublish, contentSchemas, toContent } from './content-schema.ts';
import { findStoredReport } from './find-stored-report.ts';
import { contentWithVersion, publishContent } from './publish-content.ts';
import { editorOf, type ReportParts, ReportPath } from './report-routes.ts';

/** `/api/{organization}/reports/{token}/content`: what an editor reads and publishes as a whole. */
export function addContentRoutes(app: FastifyInstance, parts: ReportParts): void {
  const { database, authentication } = parts;
  const path = '/api/:organization/reports/:token/content';
  for (const schema of contentSchemas) app.addSchema(schema);
  const { members } = admit(app, authentication);
  const common = { tag: 'Reports', admits: members, params: ReportPath };

  route(app, 'GET', path, {
    ...common,
    operationId: 'getContent',
    summary: 'Get the content of a report',
    description: 'Its name, description, queries and charts in one document.',
    answers: { 200: thingResponse('The content.', reference(Content)) },
    handler: async (request, reply) => {
      const { organization } = callerOf(request);
      const stored = await findStoredReport(database, request);
      const { token, content, version } = await contentWithVersion(
        database,
        organization.id,
        stored,
      );
      return sendLargeThing(reply, toContent(organization, token, content, version));
    },
  });

  route(app, 'PUT', path, {
    ...common,
    operationId: 'publishContent',
    summary: 'Publish a report',
    description:
      'Replaces the whole content of a report in one edit, which is one version. A query or chart with a token is changed, one ' +
      'without a token is created, and one that is missing is deleted. Missing fields keep their values; in new queries and charts they are null. Queries are in the given order. `If-Match` is required, with the ETag of the content that you ' +
      'started from, to avoid overwriting the changes of others. Publishing deletes your draft of the report.',
    bodyLimit: BODY_LIMITS.report,
    body: reference(ContentToPublish),
    answers: { 200: thingResponse('The changed content.', reference(Content)) },
    refuses: ['conflict', 'precondition_failed'],
    handler: async (request, reply) => {
      const { organization } = callerOf(request);
      const show = ({ token, content, version }: Awaited<ReturnType<typeof contentWithVersion>>) =>
        toContent(organization, token, content, version);
      const published = await publishContent(database, request.body.content, {
        editor: editorOf(request, parts),
        token: request.params.token,
        check: (now) => {
          requireIfMatch(request.headers['if-match']);
          return requireLargeMatch(request, show(now));
        },
      });
      return sendLargeThing(reply, show(published));
    },
  });
}

function requireIfMatch(header: string | undefined): void {
  if (header !== undefined) return;
  throw new ApiError(
    'bad_request',
    'If-Match is missing; it must be the ETag of the content that you started from.',
    'Read the content, and send its ETag.',
  );
}
