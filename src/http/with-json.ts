const json = Symbol('json');

type WithJson = { [json]?: { name: string; text: string } };

/**
 * An object with one more field whose value is JSON already: it is neither read nor written again, which takes time with
 * its size, and may fail with its shape.
 */
export function withJson<Fields extends object>(fields: Fields, name: string, text: string) {
  return { ...fields, [json]: { name, text } };
}

/** What is sent of an object, with its field that is JSON already where it has one. */
export function toJson(thing: unknown): string {
  const field = typeof thing === 'object' && thing !== null ? (thing as WithJson)[json] : undefined;
  if (field === undefined) return JSON.stringify(thing);
  const rest = JSON.stringify(thing).slice(1, -1);
  return `{${rest}${rest === '' ? '' : ','}${JSON.stringify(field.name)}:${field.text}}`;
}
