import type { FastifyReply, FastifyRequest } from 'fastify';
import { baseUrlOf, type PublicUrl } from '../public-url.ts';
import type { HttpServer } from './http-server.ts';
import type { Document } from './reference/document.ts';
import { referencePage } from './reference/page.ts';
import { style } from './reference/style.ts';

/** The pages run no script and load nothing but our own style sheet, whatever finds its way into them. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * `/docs`, the API reference made from the OpenAPI document.
 *
 * @param publicUrl the address under which people reach the server, where that is not the one they asked.
 */
export function addReferencePages(app: HttpServer, { publicUrl }: { publicUrl: PublicUrl }): void {
  const describe = () => app.swagger() as unknown as Document;
  const schema = { hide: true };

  app.get('/docs', { schema }, async (request, reply) =>
    sendPage(
      reply,
      referencePage(describe(), publicUrl ? baseUrlOf(publicUrl) : askedOrigin(request)),
    ),
  );
  app.get('/docs/style.css', { schema }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(style),
  );
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(page);
}

/** The origin that the request was sent to, for lines that are pasted into a shell. */
function askedOrigin({ protocol, host }: FastifyRequest): string {
  return `${protocol}://${/^[\w.:[\]-]+$/.test(host) ? host : 'localhost'}`;
}
