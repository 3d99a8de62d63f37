import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { basePathOf, type PublicUrl } from '../public-url.ts';
import { FixedDocument, sendFixed } from './fixed-document.ts';
import { belowPath, webFolder } from './web-pages.ts';

/** Stricter than that of the other pages: Swagger UI sets styles by script only, and draws its icons as `data:`. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `/docs`: the OpenAPI document in Swagger UI, whose files are among those of the web pages (web/public/docs). */
export function addReferencePage(
  app: FastifyInstance,
  { publicUrl }: { publicUrl: PublicUrl },
): void {
  if (webFolder === undefined) return;
  const basePath = basePathOf(publicUrl);
  let page = new FixedDocument('');
  let made = '';
  app.get('/docs', { schema: { hide: true } }, async (request, reply) => {
    const file = await readFile(`${webFolder}docs/index.html`, 'utf8');
    // Built again while the server runs.
    if (file !== made) page = new FixedDocument(belowPath(file, basePath));
    made = file;
    reply
      .header('content-security-policy', CONTENT_SECURITY_POLICY)
      .header('referrer-policy', 'same-origin');
    return sendFixed(request, reply, page, 'text/html; charset=utf-8');
  });
}
