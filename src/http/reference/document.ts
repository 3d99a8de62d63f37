/** The parts of an OpenAPI 3.1 document that the reference pages show. */
export type Document = {
  info: { title: string; version: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, Schema>;
    securitySchemes: Record<string, SecurityScheme>;
  };
};

export type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, Response>;
  security: Record<string, string[]>[];
};

export type Parameter = {
  name: string;
  in: string;
  required: boolean;
  description: string;
  schema: Schema;
  example?: unknown;
};

export type Response = {
  description: string;
  headers?: Record<string, { description: string }>;
  content?: Content;
};

type SecurityScheme = { scheme?: 'bearer' | 'basic'; in?: 'cookie'; description: string };

export type Schema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  const?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  default?: unknown;
  description?: string;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  examples?: unknown[];
};

type Content = Record<string, { schema: Schema }>;

/** What a schema says, where it only refers to another. */
export function resolve({ components }: Document, schema: Schema): Schema {
  const name = schema.$ref?.replace('#/components/schemas/', '');
  return name === undefined ? schema : (components.schemas[name] ?? {});
}

/** The media type of a body and its schema; bodies of ours have one media type. */
export function bodyOf(
  content: Content | undefined,
): { mediaType: string; schema: Schema } | undefined {
  const [entry] = Object.entries(content ?? {});
  return entry && { mediaType: entry[0], schema: entry[1].schema };
}
