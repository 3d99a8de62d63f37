import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { readers } from '../callers/admit.ts';
import { type Authentication, authenticateReader } from '../callers/authenticate.ts';
import { ownOrganization } from '../callers/authorize.ts';
import type { Database } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { chooseEncoding } from '../http/content-encoding.ts';
import { onResponseEnd } from '../http/on-response-end.ts';
import { parsePaging, singleValue } from '../http/paging.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { type QueryString, readsQuery } from '../http/query-string.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { sendEncoded } from '../http/send-encoded.ts';
import { addVary } from '../http/vary.ts';
import { cursorOf } from '../inventory/change-feed.ts';
import { type List, lists } from '../inventory/lists.ts';
import { cursorHeader } from './change-schema.ts';
import { parseIncludeSpaces } from './include-spaces.ts';
import type { ListFiles } from './list-files.ts';
import { LINES_TYPE, listLines, wantsLines } from './list-lines.ts';
import { PageLinks, Pagination, pageSchema, pascalCase, rowSchema } from './list-schema.ts';
import { LIST_HEADERS, type PageAnswers, routeOf } from './page-answers.ts';
import { viewOf } from './pages.ts';

type Parts = {
  database: Database;
  listFiles: ListFiles;
  pageAnswers: PageAnswers;
  authentication: Authentication;
};

/** `GET /batch/{organization}/{list}` for each list. */
export function addListRoutes(app: FastifyInstance, parts: Parts): void {
  app.addSchema(Pagination);
  app.addSchema(PageLinks);
  for (const list of Object.values(lists)) addListRoute(app, list, parts);
}

function addListRoute(
  app: FastifyInstance,
  list: List,
  { database, listFiles, pageAnswers, authentication }: Parts,
): void {
  const page = pageSchema(list);
  app.addSchema(rowSchema(list));
  app.addSchema(page);
  route(app, 'GET', routeOf(list), {
    tag: 'Discovery',
    admits: readers,
    operationId: `list${pascalCase(list.name)}`,
    summary: `List ${list.name.replace('_', ' ')}`,
    description: describe(list),
    params: OrganizationPath,
    query: readsQuery(querySchema(list)),
    answers: {
      200: {
        description:
          'A page of the list; a page past the end has no rows. Or the whole list as NDJSON.',
        headers: cursorHeader,
        content: {
          'application/json': { schema: reference(page) },
          [LINES_TYPE]: { schema: Type.String({ description: 'One row per line, as JSON.' }) },
        },
      },
      304: Type.Unsafe<undefined>({
        type: 'null',
        description: 'The page has not changed since If-None-Match.',
      }),
    },
    refuses: ['bad_request', 'unauthorized', 'forbidden', 'not_found', 'gone'],
    handler: async (request, reply) => {
      const { organization: username } = request.params;
      if (!wantsLines(request.headers.accept)) {
        const answer = await pageAnswers.ofRoute(request, { list, organization: username });
        const { status, headers, body, release } = answer;
        addHeaders(reply, headers);
        if (release) onResponseEnd(reply.raw, release);
        const stream = Array.isArray(body) ? Readable.from(body, { objectMode: false }) : body;
        return reply.code(status as 200 | 304).send(stream);
      }
      const reader = await authenticateReader(authentication, request);
      const organization = ownOrganization(reader, username);
      const { query } = request;
      parsePaging(query);
      const view = viewOf(list, parseIncludeSpaces(query, reader));
      const after = singleValue(query, 'after', 'the token of a row');
      const { lines, position } = await listLines(
        { database, listFiles },
        { organization, list, view, after, withEnd: wantsEnd(query) },
      );
      addHeaders(reply, [...LIST_HEADERS, 'rollcall-cursor', cursorOf(organization, position)]);
      reply.type(LINES_TYPE);
      return sendEncoded(reply, lines, chooseEncoding(request.headers['accept-encoding']));
    },
  });
}

/** @throws ApiError bad_request */
function wantsEnd(query: QueryString): boolean {
  const value = singleValue(query, 'end_line', 'true or false') ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw new ApiError('bad_request', `end_line is ${quoted(value)}; it must be true or false.`);
}

/** Puts headers on a reply, where CORS may have put some already. */
function addHeaders(reply: FastifyReply, headers: readonly string[]): void {
  for (let at = 0; at < headers.length; at += 2) {
    const [name = '', value = ''] = headers.slice(at, at + 2);
    if (name === 'vary') addVary(reply, value);
    else reply.header(name, value);
  }
}

function describe(list: List): string {
  const personal = list.followsSpaces
    ? 'Personal spaces are included only with `include_spaces=all`.'
    : 'This list is always complete, with or without `include_spaces`.';
  return (
    `${list.summary} ${personal}\n\n` +
    'Rows are in the order in which the organization got them, which never changes. Parameters that are not ' +
    'described here are ignored.'
  );
}

function querySchema(list: List) {
  const includeSpaces = list.followsSpaces
    ? 'With `all`, includes personal spaces.'
    : 'Accepted as for the other lists; this list is always complete.';
  return Type.Object({
    page: Type.Optional(Type.Integer({ minimum: 1, default: 1, description: 'Page number.' })),
    per_page: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        default: 1000,
        description: 'Maximum number of rows per page.',
        examples: [1],
      }),
    ),
    include_spaces: Type.Optional(Type.String({ enum: ['all'], description: includeSpaces })),
    crawl: Type.Optional(
      Type.String({
        description:
          '`new` with page 1: the links carry this crawl, independent of all others. For later pages, the value from those ' +
          'links.',
      }),
    ),
    after: Type.Optional(
      Type.String({
        description: `With Accept: ${LINES_TYPE}: token of the row to resume after.`,
      }),
    ),
    end_line: Type.Optional(
      Type.String({
        enum: ['true', 'false'],
        default: 'false',
        description: `With Accept: ${LINES_TYPE} and \`true\`: adds a last line with the number of rows of the list.`,
      }),
    ),
  });
}
