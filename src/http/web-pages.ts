import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { basePathOf, type PublicUrl } from '../public-url.ts';
import { asksFor } from './accept.ts';

/**
 * What the pages may load: our own files, and what they themselves draw. The editor and the charts set styles as they
 * go, so styles may stand in a page; scripts may not.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Where the built pages are: beside the compiled server, or in the dist folder of a checkout. */
export const webFolder = ['../web/', '../../dist/web/']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(`${path}index.html`));

/**
 * Serves the web pages and the files that they are made of; where they have not been built, `/` leads to the OpenAPI
 * document.
 * What is built anew while the server runs is served from then on.
 */
export function addWebPages(app: FastifyInstance, { publicUrl }: { publicUrl: PublicUrl }): void {
  const basePath = basePathOf(publicUrl);
  app.get('/', { schema: { hide: true } }, async (_request, reply) =>
    webFolder === undefined
      ? reply.redirect(`${basePath}/openapi.json`)
      : sendWebPage(reply, basePath),
  );
  if (webFolder === undefined) return;
  const files = {
    preCompressed: true,
    cacheControl: false,
    index: false,
    schemaHide: true,
  } as const;
  app.register(fastifyStatic, {
    ...files,
    root: `${webFolder}assets`,
    prefix: '/assets/',
    // Their names are made of what is in them.
    setHeaders: (reply) => reply.header('cache-control', 'public, max-age=31536000, immutable'),
  });
  app.register(fastifyStatic, {
    ...files,
    root: webFolder,
    wildcard: false, // only the files that are there, so that every other address stays our own
    decorateReply: false,
    globIgnore: ['assets/**', '**/*.br', '**/*.gz', '**/index.html'],
    setHeaders: (reply) => reply.header('cache-control', 'no-cache'),
  });
}

/** Whether somebody asks for a page of the web UI: all of them are the one file, which finds out what to show. */
export function asksForPage({ method, headers, url }: FastifyRequest): boolean {
  return (
    webFolder !== undefined &&
    (method === 'GET' || method === 'HEAD') &&
    asksFor(headers.accept, 'text/html') &&
    !/^\/(api|batch|docs|assets)(\/|$)/.test(url)
  );
}

/** Sends the one file, which names its own files relative to where the pages begin. */
export async function sendWebPage(reply: FastifyReply, basePath: string): Promise<FastifyReply> {
  const file = await readFile(`${webFolder}index.html`, 'utf8');
  return reply
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .header('referrer-policy', 'same-origin')
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(belowPath(file, basePath));
}

/** A built page, which names addresses of the server relative to where they begin, as one below a path names them. */
export function belowPath(page: string, basePath: string): string {
  return page.replaceAll('="./', `="${basePath}/`);
}
