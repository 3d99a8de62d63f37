import { hkdfSync } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';

/** Shorter texts could be found by trying. */
const SECRET_KEY_LENGTH = 32;

type KeyOptions = Pick<Config, 'dataDir' | 'secretKey' | 'secretKeyFile'>;

/** The key with which the passwords of data sources are sealed, as this machine has it. */
export type SecretKey = {
  /** Where it is or would be, for people. */
  place: string;
  /** The key; undefined where there is none. @throws UserError where what is there is none */
  find(): Buffer | undefined;
  /** The key, made in the data folder where there is none. @throws UserError as `find` */
  getOrMake(): Buffer;
};

/**
 * The configured key, which is read at once, or that in the data folder, which is read and made when it is asked for.
 *
 * @throws UserError where the configured file cannot be read, or holds too little.
 */
export function secretKeyOf(
  { dataDir, secretKey, secretKeyFile }: KeyOptions,
  identifiers: Identifiers,
): SecretKey {
  const configured = secretKey ?? (secretKeyFile && readKeyFile(secretKeyFile, CONFIGURED_FILE));
  if (configured !== undefined) {
    const key = toKey(configured);
    const place =
      secretKey === undefined ? `${CONFIGURED_FILE} ${secretKeyFile}` : 'ROLLCALL_SECRET_KEY';
    return { place, find: () => key, getOrMake: () => key };
  }
  const file = keyFile(dataDir);
  let key: Buffer | undefined;
  const find = () => {
    if (key === undefined && existsSync(file)) key = toKey(readKeyFile(file, IN_FOLDER));
    return key;
  };
  return {
    place: file,
    find,
    getOrMake() {
      if (find() === undefined) makeKeyFile(file, identifiers);
      return find() as Buffer;
    },
  };
}

const CONFIGURED_FILE = 'ROLLCALL_SECRET_KEY_FILE';
const IN_FOLDER = 'The secret key';

/** Where the key is that nobody has configured. */
export function keyFile(dataDir: string): string {
  return join(dataDir, 'secret.key');
}

function toKey(text: string): Buffer {
  return Buffer.from(hkdfSync('sha256', text, '', 'rollcall data sources', 32));
}

function readKeyFile(file: string, what: string): string {
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (text.length >= SECRET_KEY_LENGTH) return text;
    throw new UserError(
      `${what} is in ${file}, which has ${text.length} characters; it must have at least ${SECRET_KEY_LENGTH}.`,
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${what} is ${file}, which cannot be read: ${(error as Error).message}.`);
  }
}

/** Of processes that make the file at once, one does; it is there whole or not at all. */
function makeKeyFile(file: string, identifiers: Identifiers): void {
  const made = `${file}.${identifiers.token()}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(made, `${identifiers.longSecret()}\n`, { mode: 0o600, flush: true });
    linkSync(made, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(made, { force: true });
  }
}
