import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { baseUrlOf, type PublicUrl } from '../public-url.ts';
import { version } from '../version.ts';
import { FixedDocument, sendFixed } from './fixed-document.ts';
import { anybody, route } from './route.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** What the OpenAPI document says besides the routes' own schemas. */
export function openApiOptions(publicUrl: PublicUrl): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rollcall',
        version,
        description:
          'The Discovery API lists the whole inventory of an organization for catalogs and scripts. ' +
          'The REST API reads and changes single resources. Both return JSON and share one error format.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        contact: { name: 'The administrator of this server' },
      },
      servers: [{ url: publicUrl ? baseUrlOf(publicUrl) : '/' }],
      tags: [
        { name: 'Discovery', description: 'The whole inventory of an organization, list by list.' },
        { name: 'Signature tokens', description: 'Credentials of the Discovery API.' },
        {
          name: 'Organization',
          description: 'The organization, its settings, and a check of your credential.',
        },
        { name: 'Members', description: 'Members of the organization.' },
        {
          name: 'Spaces',
          description:
            'Spaces contain reports. Every path under `/api/{organization}/spaces` also exists under ' +
            '`/api/{organization}/collections`.',
        },
        { name: 'Reports', description: 'Reports with their content, versions and drafts.' },
        {
          name: 'Queries and charts',
          description: 'Queries and charts of a report.',
        },
        { name: 'Runs', description: 'Running reports, and the outcome of runs.' },
        { name: 'Results', description: 'Results of queries, in four formats.' },
        { name: 'Schedules', description: 'When reports run automatically.' },
        {
          name: 'Roll call',
          description: 'Which reports answer, and which need attention.',
        },
        { name: 'Data sources', description: 'Databases and files that queries run on.' },
        {
          name: 'Empty lists',
          description:
            'Lists of features that Rollcall does not have, for compatibility with Mode.',
        },
        { name: 'Access tokens', description: 'Credentials of programs, with their last use.' },
        { name: 'Audit log', description: 'Who did what, when and from where.' },
        { name: 'Session', description: 'Signing in to the web pages and signing out.' },
        { name: 'Server', description: 'Health and API description of the server.' },
      ],
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'rollcall-session',
            description:
              'The session of a signed-in member; over HTTPS the cookie is named `__Host-rollcall-session`. Under a path, such as ' +
              '`/rollcall`, the path is part of the name: `__Secure-rollcall-session.rollcall`.',
          },
          signatureToken: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'strict Base64 of id:access_key:access_secret',
            description: 'A signature token of the organization.',
          },
          apiToken: {
            type: 'http',
            scheme: 'basic',
            description:
              'An API token of a member: the token is the user name, its secret the password.',
          },
          adminApiToken: {
            type: 'http',
            scheme: 'basic',
            description:
              'An API token of an admin: the token is the user name, its secret the password.',
          },
        },
      },
    },
    // A schema with an `$id` stands in the document once, under that name.
    refResolver: { buildLocalReference: ({ $id }) => String($id) },
    convertConstToEnum: false,
  };
}

/** The OpenAPI document of the server itself. */
export function addOpenApiRoute(app: FastifyInstance): void {
  let document: FixedDocument | undefined;
  const documentMade = () => {
    document ??= new FixedDocument(JSON.stringify(app.swagger()));
    return document;
  };
  // Before anybody asks: it takes as long as many requests do.
  app.addHook('onListen', async () => void documentMade());
  route(app, 'GET', '/openapi.json', {
    tag: 'Server',
    admits: anybody,
    operationId: 'getOpenApi',
    summary: 'Get the OpenAPI document',
    description:
      'The description of the APIs as OpenAPI 3.1, on which the reference at `/docs` is based.',
    answers: {
      200: Type.Object(
        { openapi: Type.String({ description: 'Version of OpenAPI.', examples: ['3.1.0'] }) },
        { description: 'The OpenAPI document.' },
      ),
      304: Type.Unsafe<undefined>({
        type: 'null',
        description: 'The document has not changed since `If-None-Match`.',
      }),
    },
    refuses: ['headers_too_large'],
    handler: async (request, reply) => sendFixed(request, reply, documentMade(), JSON_TYPE),
  });
}
