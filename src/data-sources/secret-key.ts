import { hkdfSync } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';

/** Shorter texts could be found by trying. */
const SECRET_KEY_LENGTH = 32;

type KeyOptions = Pick<Config, 'dataDir' | 'secretKey' | 'secretKeyFile'>;

/**
 * The key with which secrets are sealed: the configured one, which is read at once, or that in the data folder, which is
 * made when it is first asked for.
 *
 * @throws UserError where the configured file cannot be read, or holds too little.
 */
export function secretKeyOf(
  { dataDir, secretKey, secretKeyFile }: KeyOptions,
  identifiers: Identifiers,
): () => Buffer {
  const configured = secretKey ?? (secretKeyFile && readKeyFile(secretKeyFile));
  let key = configured === undefined ? undefined : toKey(configured);
  return () => {
    key ??= toKey(readOrMakeKeyFile(join(dataDir, 'secret.key'), identifiers));
    return key;
  };
}

function toKey(text: string): Buffer {
  return Buffer.from(hkdfSync('sha256', text, '', 'rollcall data sources', 32));
}

function readKeyFile(file: string): string {
  const place = `ROLLCALL_SECRET_KEY_FILE is ${file}`;
  try {
    return longEnough(readFileSync(file, 'utf8').trim(), place);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${place}, which cannot be read: ${(error as Error).message}.`);
  }
}

/** Of processes that make the file at once, one does; it is there whole or not at all. */
function readOrMakeKeyFile(file: string, identifiers: Identifiers): string {
  if (!existsSync(file)) {
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
  return longEnough(readFileSync(file, 'utf8').trim(), `The key is in ${file}`);
}

function longEnough(text: string, place: string): string {
  if (text.length >= SECRET_KEY_LENGTH) return text;
  throw new UserError(
    `${place}, which holds ${text.length} characters; it must hold at least ${SECRET_KEY_LENGTH}.`,
  );
}
