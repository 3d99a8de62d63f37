import { hash, type Options, parseOptions, verify } from '@node-rs/argon2';
import { ApiError } from '../errors.ts';

/** argon2id (the library's default) at OWASP's floor: 19 MiB, two passes. A hash made with less is made anew at the next sign-in. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } satisfies Options;

export const PASSWORD_LENGTH = { minLength: 12, maxLength: 200 } as const;

/** Length is what makes a password hard to guess, so nothing else is asked of it. @throws ApiError bad_request */
export function checkPassword(password: string, email: string): void {
  const { minLength, maxLength } = PASSWORD_LENGTH;
  const length = [...password].length;
  // A password is the one value that a message must not show.
  if (length < minLength || length > maxLength) {
    throw new ApiError(
      'bad_request',
      `The new password has ${length} characters; it must have ${minLength} to ${maxLength}.`,
      'A few unrelated words are easy to remember.',
    );
  }
  if (password.trim().toLowerCase() === email || new Set(password).size < 4) {
    throw new ApiError(
      'bad_request',
      'The new password is too easy to guess: it is the email, or hardly more than one character.',
      'Choose another one. A few unrelated words are easy to remember.',
    );
  }
}

/** The same password however a keyboard composes its characters. */
const normalized = (password: string): string => password.normalize('NFKC');

export function hashPassword(password: string): Promise<string> {
  return hash(normalized(password), PARAMETERS);
}

/** What a password is compared with where there is none, so that the time taken tells nothing. */
const noHash = hashPassword('');

/** Whether it is the password behind the hash. It takes as long where there is no hash. */
export async function isPassword(
  password: string,
  passwordHash: string | null | undefined,
): Promise<boolean> {
  const isRight = await verify(passwordHash ?? (await noHash), normalized(password));
  return isRight && typeof passwordHash === 'string';
}

/** Whether a hash was made with weaker parameters than those of today. */
export function isOutdated(passwordHash: string): boolean {
  const { memoryCost, timeCost, parallelism } = parseOptions(passwordHash);
  return (
    memoryCost < PARAMETERS.memoryCost ||
    timeCost < PARAMETERS.timeCost ||
    parallelism < PARAMETERS.parallelism
  );
}
