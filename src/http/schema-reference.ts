import { type Static, type TSchema, Type } from 'typebox';

/**
 * Stands for a schema that has an `$id`, so that the OpenAPI document holds it once, under that name. Whoever adds
 * the route makes the schema itself known with `app.addSchema`.
 *
 * @param more what is to be said of this use: `description`, and the `headers` of a response.
 */
export function reference<Schema extends TSchema>(schema: Schema, more: object = {}) {
  const { $id } = schema as { $id?: string };
  if ($id === undefined) throw new Error('Only a schema with an $id can be referred to.');
  return Type.Unsafe<Static<Schema>>({ $ref: `${$id}#`, ...more });
}
