import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { version } from '../version.ts';
import type { HttpServer } from './create-http-server.ts';

/** What the OpenAPI document says besides the routes' own schemas. */
export function openApiOptions(publicUrl: string | undefined): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rollcall',
        version,
        description:
          'Reports that answer: the Discovery API lists an organization’s whole inventory, the REST API has its single resources.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        contact: { name: 'Rollcall' },
      },
      servers: [{ url: publicUrl ?? '/' }],
      tags: [
        { name: 'Discovery', description: 'The whole inventory of an organization in six lists.' },
        { name: 'Signature tokens', description: 'Credentials for the Discovery API.' },
        { name: 'Reports', description: 'Single reports.' },
        { name: 'Server', description: 'The server’s own description.' },
      ],
      components: {
        securitySchemes: {
          signatureToken: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'strict Base64 of id:access_key:access_secret',
          },
          apiToken: { type: 'http', scheme: 'basic' },
        },
      },
    },
    hideUntagged: false,
  };
}

/** The OpenAPI document of the server itself. */
export function addOpenApiRoute(app: HttpServer): void {
  app.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'getOpenApi',
        tags: ['Server'],
        summary: 'This description as OpenAPI 3.1',
        security: [],
      },
    },
    async () => app.swagger(),
  );
}
