import {
  type TObjectOptions,
  type TProperties,
  type TSchema,
  type TStringOptions,
  Type,
} from 'typebox';

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
export const ofOtherServers = { description: 'A word of other servers.' };

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
  closed(to, { description: 'Where related things are.' });
