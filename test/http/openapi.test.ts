import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { isTimeZone } from '../../src/clock.ts';
import { openWorkplace, temporaryFolder } from '../support/workplace.ts';

const require = createRequire(import.meta.url);
const redocly = require.resolve('@redocly/cli/bin/cli.js');

/** Runs the linter on the document; answers what it found, which is on standard output however it ends. */
async function lint(cwd: string, args: string[]): Promise<unknown> {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const run = promisify(execFile)(process.execPath, [redocly, 'lint', ...args], { cwd, env });
  const { stdout } = await run.catch((error) => error);
  return JSON.parse(stdout);
}

type Schema = { $ref?: string; examples?: unknown[]; properties?: Record<string, object> };
type Operation = {
  operationId: string;
  tags: string[];
  parameters?: { name: string; description?: string }[];
  responses: Record<string, { description: string; headers?: object; content: object }>;
};
type Document = {
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

async function getDocument(flags = {}): Promise<Document> {
  const { get } = await openWorkplace(flags);
  const response = await get('/openapi.json');
  expect(response.statusCode).toBe(200);
  return response.json();
}

async function writeDocument(): Promise<{ cwd: string; file: string }> {
  const cwd = temporaryFolder();
  const file = join(cwd, 'openapi.json');
  writeFileSync(file, JSON.stringify(await getDocument(), null, 2));
  return { cwd, file };
}

describe('the OpenAPI document', () => {
  test('passes the recommended rules of Redocly without a warning', async () => {
    const { cwd, file } = await writeDocument();
    const found = await lint(cwd, [file, '--extends=recommended', '--format=json']);
    expect(found).toMatchObject({
      totals: { errors: 0, warnings: 0, ignored: 0 },
      problems: [],
    });
  });

  test('gives each operation a name, a tag that is described, and errors in the one shape', async () => {
    const { paths, tags, components } = await getDocument();
    const operations = Object.values(paths).flatMap((path) => Object.entries(path));
    expect(operations.map(([method]) => method)).not.toContain('head');
    const names = operations.map(([, { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const [, operation] of operations) {
      expect(tags.map(({ name }) => name)).toEqual(expect.arrayContaining(operation.tags));
      for (const parameter of operation.parameters ?? [])
        expect(parameter.description).toBeTruthy();
      for (const [status, { description, headers, content }] of Object.entries(
        operation.responses,
      )) {
        expect(description).not.toBe('Default Response');
        if (Number(status) < 400) continue;
        expect(content).toEqual({
          'application/json': { schema: { $ref: '#/components/schemas/Error' } },
        });
        if (status === '401') expect(headers).toHaveProperty('WWW-Authenticate');
      }
    }
    expect(components.schemas).toHaveProperty('ReportsRow');
  });

  test('has examples that are what its schemas say', async () => {
    const { components } = await getDocument();
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(ajv);
    ajv.addFormat('time-zone', isTimeZone);
    const named = Object.entries(components.schemas);
    const withExamples = named.filter(([, { examples }]) => examples !== undefined);
    expect(withExamples.length).toBeGreaterThan(12);
    for (const [name, schema] of withExamples) {
      const validate = ajv.compile({ ...schema, components });
      for (const example of schema.examples ?? []) {
        expect(validate(example), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
      }
    }
  });

  test('describes every field of every named schema', async () => {
    const { components } = await getDocument();
    for (const [name, { properties }] of Object.entries(components.schemas)) {
      for (const [field, schema] of Object.entries(properties ?? {})) {
        const isDescribed = 'description' in schema || '$ref' in schema;
        expect(isDescribed, `${name}.${field} has a description`).toBe(true);
      }
    }
  });

  test('names the server where it was told its public address', async () => {
    expect((await getDocument()).servers).toEqual([{ url: '/' }]);
    const { servers } = await getDocument({ publicUrl: 'https://reports.example.com/' });
    expect(servers).toEqual([{ url: 'https://reports.example.com' }]);
  });
});
