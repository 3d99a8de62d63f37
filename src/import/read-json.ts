import { UserError } from '../errors.ts';

/** @throws UserError that names the place. */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const hint = text.includes('\0')
      ? ' It looks like UTF-16; save it as UTF-8.'
      : text.startsWith('\ufeff')
        ? ' It has a byte order mark in the middle: several files were concatenated.'
        : '';
    throw new UserError(`${where} is not valid JSON: ${(error as Error).message}.${hint}`);
  }
}
