import { isDeepStrictEqual } from 'node:util';

/** The fields that are not as they are shown already: what is sent back as it was answered changes nothing. */
export function changedFields<Given extends object>(
  given: Given,
  shown: { [Name in keyof Given]?: unknown },
): Partial<Given> {
  const changed = Object.entries(given).filter(
    ([name, value]) => value !== undefined && !isDeepStrictEqual(value, shown[name as keyof Given]),
  );
  return Object.fromEntries(changed) as Partial<Given>;
}
