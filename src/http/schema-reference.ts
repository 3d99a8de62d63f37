import { type Static, type TSchema, Type } from 'typebox';

const known = new Map<string, TSchema>();

/** The schema that a reference stands for; any other schema itself. */
export function referredTo(schema: TSchema): TSchema {
  const { $ref } = schema as { $ref?: string };
  return ($ref !== undefined && known.get($ref)) || schema;
}

/**
 * Stands for a schema that has an `$id`, so that the OpenAPI document holds it once, under that name. Whoever adds
 * the route makes the schema itself known with `app.addSchema`.
 *
 * @param more what is to be said of this use: `description`, and the `headers` of a response.
 */
export function reference<Schema extends TSchema>(schema: Schema, more: object = {}) {
  const { $id } = schema as { $id?: string };
  if ($id === undefined) throw new Error('Only a schema with an $id can be referred to.');
  const $ref = `${$id}#`;
  known.set($ref, schema);
  return Type.Unsafe<Static<Schema>>({ $ref, ...more });
}
