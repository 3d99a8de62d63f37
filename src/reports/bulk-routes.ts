import type { FastifyInstance } from 'fastify';
import { admit } from '../callers/admit.ts';
import { ApiError } from '../errors.ts';
import { halResponse } from '../http/hal.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { BulkChanges, BulkResults, toBulkResults } from './bulk-schema.ts';
import { type BulkChange, changeInBulk } from './change-in-bulk.ts';
import { editorOf, type ReportParts } from './report-routes.ts';

/** `POST /api/{organization}/reports/bulk`. */
export function addBulkRoutes(app: FastifyInstance, parts: ReportParts): void {
  const { database, authentication } = parts;
  for (const schema of [BulkChanges, BulkResults]) app.addSchema(schema);
  const { members } = admit(app, authentication);

  route(app, 'POST', '/api/:organization/reports/bulk', {
    tag: 'Reports',
    admits: members,
    operationId: 'changeInBulk',
    summary: 'Change many reports',
    description:
      'Archives, deletes, restores, moves or reassigns up to 500 reports, one after another. Each change is checked as if it were sent ' +
      'alone; a refused one does not stop the others. Send `undo` of the response to revert them.',
    params: OrganizationPath,
    bodyLimit: BODY_LIMITS.changes,
    body: reference(BulkChanges),
    answers: { 200: halResponse('Outcome of each change.', reference(BulkResults)) },
    handler: async (request) => {
      const changes = request.body.bulk.changes.map(toChange);
      const results = await changeInBulk(database, editorOf(request, parts), changes);
      return toBulkResults(results);
    },
  });
}

type Given = BulkChanges['bulk']['changes'][number];

/** @throws ApiError bad_request where it names nothing to change, or more than one thing. */
function toChange(given: Given, index: number): BulkChange {
  const { report, ...rest } = given;
  if (Object.keys(rest).length === 1) return given as BulkChange;
  throw new ApiError(
    'bad_request',
    `bulk.changes.${index} must have exactly one change beside the report: archived, deleted, space_token or owner_email.`,
  );
}
