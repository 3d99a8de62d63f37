import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import { isTimeZone } from '../../src/clock.ts';
import { resolveAliases, withSingleSlashes } from '../../src/http/create-http-server.ts';
import type { OpenApiDocument } from './openapi-document.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addFormat('time-zone', isTimeZone);
const validators = new Map<string, ValidateFunction>();
/** The documents of few servers: each takes a megabyte. */
const MOST_DOCUMENTS = 4;
const documents = new Map<string, OpenApiDocument>();

/**
 * The OpenAPI document of a server that was made with these flags. Making it takes longer than most tests, and servers
 * with the same flags have the same: it is made once for the flags that are asked for most lately.
 */
export function openApiOf(server: FastifyInstance, flags: object): OpenApiDocument {
  const key = JSON.stringify(flags);
  const made = documents.get(key) ?? (server.swagger() as unknown as OpenApiDocument);
  documents.delete(key);
  documents.set(key, made);
  const [oldest = key] = documents.keys();
  if (documents.size > MOST_DOCUMENTS) documents.delete(oldest);
  return made;
}

/** Fails the test where a response is not what the server's OpenAPI document says. */
export function checkAgainstOpenApi(
  document: OpenApiDocument,
  request: InjectOptions,
  response: LightMyRequestResponse,
): void {
  const method = (request.method ?? 'GET').toLowerCase();
  if (method === 'head' || method === 'options' || response.body === '') return;
  const path =
    resolveAliases(withSingleSlashes(String(request.url)))
      .split('?')[0]
      ?.replace(/(?<=.)\/$/, '') ?? '';
  // A path that is written out goes before one with a parameter in its place, as in the router.
  const template = Object.keys(document.paths)
    .filter((candidate) => matches(candidate, path))
    .toSorted((a, b) => a.split('{').length - b.split('{').length)[0];
  const operation = template === undefined ? undefined : document.paths[template]?.[method];
  // A path or method that is not described answers as an error only.
  if (operation === undefined) {
    expect(
      response.statusCode,
      `${method} ${path} is not in the OpenAPI document`,
    ).toBeGreaterThanOrEqual(400);
    return;
  }
  const described = operation.responses[response.statusCode];
  expect(
    described,
    `${method} ${template} answers ${response.statusCode}, undescribed`,
  ).toBeDefined();
  const mediaType = String(response.headers['content-type']).split(';')[0] as string;
  const content = described?.content;
  if (content === undefined) return;
  expect(Object.keys(content), `${method} ${template} answers ${mediaType}`).toContain(mediaType);
  const schema = content[mediaType]?.schema;
  if (schema === undefined || !mediaType.endsWith('json') || mediaType.includes('ndjson')) return;
  const key = `${method} ${template} ${response.statusCode} ${mediaType}`;
  let validate = validators.get(key);
  if (validate === undefined) {
    validate = ajv.compile({ ...schema, components: document.components });
    validators.set(key, validate);
  }
  const isValid = validate(JSON.parse(decoded(response)));
  expect(isValid, `${key}: ${JSON.stringify(validate.errors?.slice(0, 3))}`).toBe(true);
}

function decoded(response: LightMyRequestResponse): string {
  const decode = decoders[String(response.headers['content-encoding'])];
  return decode ? decode(response.rawPayload).toString() : response.body;
}

const decoders: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

function matches(template: string, path: string): boolean {
  const parts = template.split('/');
  const given = path.split('/');
  return (
    parts.length === given.length &&
    parts.every((part, index) => part.startsWith('{') || part === given[index])
  );
}
