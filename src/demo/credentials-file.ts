import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ApiToken, SignatureCredential } from '../client/index.ts';

/** The demo's credentials: for the REST API and for the Discovery API. */
export type Credentials = { api: ApiToken; signature: SignatureCredential };

/** The credentials kept in a file, which from then on only its owner can read; none where it is missing or broken. */
export function readCredentials(file: string): Partial<Credentials> {
  if (!existsSync(file)) return {};
  chmodSync(file, 0o600);
  const text = readFileSync(file, 'utf8');
  try {
    const { api_token: api, signature_token: signature } = JSON.parse(text);
    return { api, signature };
  } catch {
    return {};
  }
}

/** Replaces the file, which only its owner can read: whoever reads it sees the old or the new one, whole. */
export function writeCredentials(file: string, { api, signature }: Credentials): void {
  const temporary = `${file}.tmp`;
  const content = { api_token: api, signature_token: signature };
  rmSync(temporary, { force: true });
  writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, file);
}
