import {
  type TObjectOptions,
  type TProperties,
  type TSchema,
  type TStringOptions,
  Type,
} from 'typebox';
import { referredTo } from './schema-reference.ts';

/** Something, or null. */
export const orNull = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });

export const textOrNull = (description: string, limits: TStringOptions = {}) =>
  orNull(Type.String(limits), description);

export const integerOrNull = (description: string) => orNull(Type.Integer(), description);

/** One of these words: its refusal names them all. */
export const oneOf = <const Word extends string>(words: readonly Word[], description: string) =>
  Type.Unsafe<Word>(Type.String({ enum: [...words], description }));

export const time = (description: string) => Type.String({ format: 'date-time', description });

export const timeOrNull = (description: string) =>
  orNull(Type.String({ format: 'date-time' }), description);

/** What is said of a field that other servers fill: clients look for it, and it is always the same here. */
export const ofOtherServers = { description: 'For compatibility with Mode; not used here.' };

/** An object that has no other fields. */
export function closed<Properties extends TProperties>(
  properties: Properties,
  { examples, ...options }: TObjectOptions = {},
) {
  return Type.Object(properties, {
    ...options,
    additionalProperties: false,
    ...(examples !== undefined && { examples }),
  });
}

/** The `_links` of a thing. */
export const links = <Properties extends TProperties>(to: Properties) =>
  closed(to, { description: 'Related resources.' });

/**
 * A schema whose objects, at every depth, may have other fields: for the bodies of paths that Mode has too, since its
 * clients send back what they were answered. The other fields are taken out before anything reads them; see
 * `ignoreOtherFields`.
 */
export function open<Schema extends TSchema>(schema: Schema): Schema {
  return opened(schema) as Schema;
}

/** Other keys than these hold values of the schema's own, such as examples. */
const HOLD_SCHEMAS = ['properties', 'patternProperties'];

function opened(schema: object): object {
  const referred = referredTo(schema);
  if (referred !== schema) {
    // Stands here itself: others refer to it as it is.
    const { $id: _, ...own } = referred as { $id?: string };
    return opened(own);
  }
  const entries = Object.entries(schema).map(([name, value]) => {
    if (HOLD_SCHEMAS.includes(name)) return [name, openedEach(value)];
    if (name === 'items') return [name, opened(value)];
    if (name === 'anyOf') return [name, value.map(opened)];
    return [name, name === 'additionalProperties' && 'properties' in schema ? true : value];
  });
  return Object.fromEntries(entries);
}

function openedEach(schemas: Record<string, object>): Record<string, object> {
  const entries = Object.entries(schemas).map(([name, schema]) => [name, opened(schema)]);
  return Object.fromEntries(entries);
}
