import type { FastifyInstance, FastifyRequest } from 'fastify';
import { basePathOf, type PublicUrl } from '../public-url.ts';
import { FixedDocument, sendFixed } from './fixed-document.ts';
import type { Document } from './reference/document.ts';
import { referencePage } from './reference/page.ts';
import { style } from './reference/style.ts';

/** The pages run no script and load nothing but our own style sheet, whatever finds its way into them. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Where the address stands in the page until it is known. */
const ADDRESS = 'https://address.of.this.server.invalid';

/** A server is reached under a few addresses; whoever makes others up makes us forget some. */
const MOST_ADDRESSES = 8;

/**
 * `/docs`, the API reference made from the OpenAPI document.
 *
 * @param publicUrl the address under which people reach the server, where that is not the one they asked.
 */
export function addReferencePages(
  app: FastifyInstance,
  { publicUrl }: { publicUrl: PublicUrl },
): void {
  const schema = { hide: true };
  const styleSheet = new FixedDocument(style);
  /** By address, in the order in which they were made. */
  const pages = new Map<string, FixedDocument>();
  let template: Template | undefined;
  const templateMade = () => {
    const document = app.swagger() as unknown as Document;
    template ??= makeTemplate(document, basePathOf(publicUrl));
    return template;
  };
  const pageAt = (address: string): FixedDocument => {
    const known = pages.get(address);
    if (known) return known;
    const { parts, etag } = templateMade();
    const page = new FixedDocument(parts.join(address), `${etag} ${address}`);
    pages.set(address, page);
    const [oldest = ''] = pages.keys();
    if (pages.size > MOST_ADDRESSES) pages.delete(oldest);
    return page;
  };

  // Before anybody asks: it takes as long as many requests do.
  app.addHook('onListen', async () => void templateMade());
  app.get('/docs', { schema }, async (request, reply) => {
    reply
      .header('content-security-policy', CONTENT_SECURITY_POLICY)
      .header('referrer-policy', 'no-referrer');
    const page = pageAt(publicUrl?.origin ?? askedOrigin(request));
    return sendFixed(request, reply, page, 'text/html; charset=utf-8');
  });
  app.get('/docs/style.css', { schema }, async (request, reply) =>
    sendFixed(request, reply, styleSheet, 'text/css; charset=utf-8'),
  );
}

/** The page, cut where the address stands. */
type Template = { parts: string[]; etag: string };

function makeTemplate(document: Document, basePath: string): Template {
  const page = referencePage(document, ADDRESS + basePath);
  return { parts: page.split(ADDRESS), etag: new FixedDocument(page).etag };
}

/** The origin that the request was sent to, for lines that are pasted into a shell. */
function askedOrigin({ protocol, host }: FastifyRequest): string {
  return `${protocol}://${/^[\w.:[\]-]{1,255}$/.test(host) ? host : 'localhost'}`;
}
