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
          'The Discovery API lists the whole inventory of an organization, so that a catalog can hold every report. ' +
          'The REST API has single resources. Both answer JSON, and every error in one shape.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        contact: { name: 'Whoever runs this server' },
      },
      servers: [{ url: publicUrl ? baseUrlOf(publicUrl) : '/' }],
      tags: [
        { name: 'Discovery', description: 'The whole inventory of an organization, list by list.' },
        { name: 'Signature tokens', description: 'The credentials of the Discovery API.' },
        {
          name: 'Organization',
          description: 'The organization, and what a credential is good for.',
        },
        { name: 'Members', description: 'The people of the organization.' },
        {
          name: 'Spaces',
          description:
            'Where reports lie. Whatever begins with `/api/{organization}/spaces` is there under ' +
            '`/api/{organization}/collections` too, its other name.',
        },
        { name: 'Reports', description: 'Single reports.' },
        {
          name: 'Queries and charts',
          description: 'What a report asks, and how it shows the answers.',
        },
        { name: 'Runs', description: 'Running reports, and what became of it.' },
        { name: 'Results', description: 'What queries have brought, in four formats.' },
        { name: 'Schedules', description: 'When reports run by themselves.' },
        {
          name: 'Roll call',
          description: 'Which reports answer, and which are to be looked after.',
        },
        { name: 'Data sources', description: 'The databases and files on which queries run.' },
        {
          name: 'Empty lists',
          description: 'What clients ask for and there is none of here: definitions and datasets.',
        },
        { name: 'Access tokens', description: 'The credentials of programs, with their last use.' },
        { name: 'Audit log', description: 'Who did what, when, from where.' },
        { name: 'Session', description: 'Signing in to the pages, and out.' },
        { name: 'Server', description: 'What the server says of itself.' },
      ],
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'rollcall-session',
            description:
              'The session of a member who signed in; over https the cookie is called `__Host-rollcall-session`. Below a path, such as ' +
              '`/rollcall`, the path is in its name: `__Secure-rollcall-session.rollcall`.',
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
    summary: 'Get this description',
    description:
      'What you read here, as an OpenAPI 3.1 document. The pages at `/docs` are made from it.',
    answers: {
      200: Type.Object(
        { openapi: Type.String({ description: 'Version of OpenAPI.', examples: ['3.1.0'] }) },
        { description: 'The OpenAPI document.' },
      ),
      304: Type.Unsafe<undefined>({
        type: 'null',
        description: 'It is the one that `If-None-Match` names.',
      }),
    },
    refuses: ['headers_too_large'],
    handler: async (request, reply) => sendFixed(request, reply, documentMade(), JSON_TYPE),
  });
}
