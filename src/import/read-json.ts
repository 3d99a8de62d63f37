import { UserError } from '../errors.ts';

/** @throws UserError that names the place. */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${where} is not valid JSON: ${(error as Error).message}.`);
  }
}
