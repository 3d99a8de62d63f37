import { Type } from 'typebox';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { authenticateBearer } from '../http/authenticate.ts';
import { ownOrganization } from '../http/authorize.ts';
import type { HttpServer } from '../http/create-http-server.ts';
import { ErrorBody } from '../http/error-response.ts';
import { parsePaging, singleValue } from '../http/paging.ts';
import { parseQuery, type Query } from '../http/query-string.ts';
import { pageSchema } from './list-schema.ts';
import { type List, lists } from './lists.ts';
import { pageEnvelope } from './page-envelope.ts';
import type { Projections } from './projections.ts';

type Parts = { database: Database; projections: Projections; clock: Clock };

/** `GET /batch/{organization}/{list}` for each of the six lists. */
export function addListRoutes(app: HttpServer, parts: Parts): void {
  for (const list of Object.values(lists)) addListRoute(app, list, parts);
}

function addListRoute(app: HttpServer, list: List, { database, projections, clock }: Parts): void {
  app.get(
    `/batch/:organization/${list.name}`,
    {
      schema: {
        operationId: `list_${list.name}`,
        tags: ['Discovery'],
        summary: list.summary,
        params: Type.Object({
          organization: Type.String({ description: 'Username of the organization.' }),
        }),
        querystring: querySchema(list),
        response: { 200: pageSchema(list), 400: ErrorBody, 401: ErrorBody, 404: ErrorBody },
        security: [{ signatureToken: [] }],
      },
      // The query string is read as clients write it, which no schema can say; see parseQuery.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const caller = await authenticateBearer({ database, clock }, request.headers.authorization);
      const organization = ownOrganization(caller, request.params.organization);
      const query = parseQuery(request.raw.url ?? '');
      const { page, perPage } = parsePaging(query);
      const includeSpaces = parseIncludeSpaces(query);
      const view = list.followsSpaces && includeSpaces === undefined ? 'shared' : 'all';
      const bytes = await projections.read(organization.id, list, view, (file) => {
        const { head, tail } = pageEnvelope({
          organization: organization.username,
          list: list.name,
          page,
          perPage,
          includeSpaces,
          totalCount: file.count,
        });
        return file.read((page - 1) * perPage, perPage, head, tail);
      });
      return reply.type('application/json; charset=utf-8').send(bytes);
    },
  );
}

function querySchema(list: List) {
  const includeSpaces = list.followsSpaces
    ? 'With `all`, what lies in members’ personal spaces is listed too.'
    : 'Accepted as for the other lists; this list is always whole.';
  return Type.Object({
    page: Type.Optional(Type.Integer({ minimum: 1, default: 1, description: 'Which page.' })),
    per_page: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        default: 1000,
        description: 'How many rows a page has at most.',
      }),
    ),
    include_spaces: Type.Optional(Type.String({ enum: ['all'], description: includeSpaces })),
  });
}

function parseIncludeSpaces(query: Query): 'all' | undefined {
  const value = singleValue(query, 'include_spaces', '"all"');
  if (value === undefined || value === 'all') return value;
  throw new ApiError(
    'bad_request',
    `include_spaces is ${quoted(value)}; it must be "all".`,
    'Leave include_spaces out to list what is outside personal spaces.',
  );
}
