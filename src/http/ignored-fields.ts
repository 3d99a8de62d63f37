import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { referredTo } from './schema-reference.ts';

/** Names the fields of a body that changed nothing, since nobody here knows them. */
const IGNORED_FIELDS = 'Rollcall-Ignored-Fields';

/** More would fill the headers that proxies take. */
const MAX_LENGTH = 1000;
const AND_MORE = '...';

/** How the OpenAPI document describes the header of an answer. */
export const ignoredFieldsHeader = {
  [IGNORED_FIELDS]: {
    type: 'string',
    description:
      'Ignored fields of the body, such as `report.layout, report._links`; absent if there were none. Characters other than ASCII ' +
      `letters, digits, \`_\`, \`-\` and \`?\` are percent-encoded. Ends in \`${AND_MORE}\` if there are more than ${MAX_LENGTH} characters.`,
  },
};

/** Whether a body may have fields that nobody knows; see `open`. */
export function takesOtherFields(schema: TSchema | undefined): boolean {
  return schema !== undefined && isOpen(referredTo(schema));
}

/**
 * Takes fields that the schema does not name out of a body, at every depth, and names them in a header of the answer.
 * What is left is checked like any other body.
 */
export function ignoreOtherFields(
  schema: TSchema,
  { body }: FastifyRequest,
  reply: FastifyReply,
): void {
  const names = takeOthers([schema], body, '');
  if (names.length > 0) reply.header(IGNORED_FIELDS, inHeader(names));
}

/** Whether fields of the body that is answered were ignored. */
export function hasIgnoredFields(reply: FastifyReply): boolean {
  return reply.hasHeader(IGNORED_FIELDS);
}

type Shape = TSchema & {
  additionalProperties?: unknown;
  properties?: Record<string, TSchema>;
  items?: TSchema;
  patternProperties?: Record<string, TSchema>;
  anyOf?: TSchema[];
};

const isOpen = (schema: TSchema): boolean =>
  'properties' in schema && (schema as Shape).additionalProperties === true;

/** Every schema that a value may be of. */
function alternatives(schema: TSchema): Shape[] {
  const shape = referredTo(schema) as Shape;
  return shape.anyOf ? shape.anyOf.flatMap(alternatives) : [shape];
}

/** Deletes what none of the schemas names from a value; answers the names of what was deleted. */
function takeOthers(schemas: readonly TSchema[], value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const shapes = schemas.flatMap(alternatives);
  if (Array.isArray(value)) {
    const items = shapes.flatMap(({ items }) => items ?? []);
    return value.flatMap((one, index) => takeOthers(items, one, `${path}${index}.`));
  }
  const objects = shapes.filter(isOpen);
  const fields = value as Record<string, unknown>;
  return Object.keys(fields).flatMap((name) => {
    const at = path + inName(name);
    const known = [
      ...objects.flatMap(({ properties = {} }) =>
        Object.hasOwn(properties, name) ? [properties[name] as TSchema] : [],
      ),
      ...shapes.flatMap(({ patternProperties = {} }) => Object.values(patternProperties)),
    ];
    if (known.length > 0) return takeOthers(known, fields[name], `${at}.`);
    if (objects.length === 0) return [];
    delete fields[name];
    return [at];
  });
}

/** A name as it can stand in a header, between dots. */
function inName(name: string): string {
  return encodeURIComponent(name.slice(0, MAX_LENGTH).toWellFormed()).replaceAll(
    /%3F|[.!~*'()]/g,
    (sign) => (sign === '%3F' ? '?' : `%${sign.charCodeAt(0).toString(16).toUpperCase()}`),
  );
}

function inHeader(names: readonly string[]): string {
  let length = 0;
  const fitting = names.filter((name) => {
    length += name.length + 2;
    return length <= MAX_LENGTH;
  });
  return [...fitting, ...(fitting.length < names.length ? [AND_MORE] : [])].join(', ');
}
