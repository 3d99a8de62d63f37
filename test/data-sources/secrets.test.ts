import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openSecrets, sealSecrets } from '../../src/data-sources/seal-secrets.ts';
import { secretKeyOf } from '../../src/data-sources/secret-key.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { temporaryFolder } from '../support/workplace.ts';

const KEY = Buffer.alloc(32, 7);
const sealedFor = { organizationId: 1, dataSourceId: 2 };
const seal = (secrets: Record<string, string>) =>
  sealSecrets(KEY, sealedFor, secrets, randomIdentifiers);

describe('what is sealed', () => {
  test('is opened whole, and looks different each time', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string({ unit: 'binary' })), (given) => {
        const secrets = { ...given };
        const sealed = seal(secrets);
        expect(openSecrets(KEY, sealedFor, sealed)).toEqual(secrets);
        expect(seal(secrets)).not.toBe(sealed);
      }),
    );
  });

  test('is not opened with another key, for another thing, or changed in any byte', () => {
    const sealed = seal({ password: 'correct horse' });
    expect(openSecrets(Buffer.alloc(32, 8), sealedFor, sealed)).toBeUndefined();
    expect(openSecrets(KEY, { ...sealedFor, organizationId: 9 }, sealed)).toBeUndefined();
    expect(openSecrets(KEY, { ...sealedFor, dataSourceId: 9 }, sealed)).toBeUndefined();
    const [format, base64 = ''] = sealed.split(':');
    const bytes = Buffer.from(base64, 'base64');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      const text = `${format}:${changed.toString('base64')}`;
      expect(openSecrets(KEY, sealedFor, text)).toBeUndefined();
    }
    for (const text of ['', 'x', `${format}:`, sealed.slice(0, 30), `other:${base64}`]) {
      expect(openSecrets(KEY, sealedFor, text)).toBeUndefined();
    }
  });
});

describe('the key', () => {
  const configOf = (directory: string, environment: Record<string, string> = {}) =>
    readConfig({ environment, directory, flags: { dataDir: directory } });

  test('is made once, readable by its owner only, when it is first needed', () => {
    const folder = join(temporaryFolder(), 'not-there-yet');
    const file = join(folder, 'secret.key');
    const first = secretKeyOf(configOf(folder), randomIdentifiers);
    expect(() => statSync(file)).toThrow('ENOENT');
    expect(first.find()).toBeUndefined();
    const key = first.getOrMake();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(secretKeyOf(configOf(folder), randomIdentifiers).find()).toEqual(key);
    expect(key).toHaveLength(32);
    expect(readFileSync(file, 'utf8').trim()).toHaveLength(64);
  });

  test('is the configured one, whichever way it is given', () => {
    const folder = temporaryFolder();
    const text = randomIdentifiers.longSecret();
    writeFileSync(join(folder, 'key.txt'), `${text}\n`);
    const given = secretKeyOf(
      configOf(folder, { ROLLCALL_SECRET_KEY: text }),
      randomIdentifiers,
    ).find();
    const fromFile = secretKeyOf(
      configOf(folder, { ROLLCALL_SECRET_KEY_FILE: 'key.txt' }),
      randomIdentifiers,
    ).find();
    expect(fromFile).toEqual(given);
    expect(() => statSync(join(folder, 'secret.key'))).toThrow('ENOENT');
  });

  test('is refused where it is too short, missing, or given twice', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'short.txt'), 'short');
    const from = (file: string) => () =>
      secretKeyOf(configOf(folder, { ROLLCALL_SECRET_KEY_FILE: file }), randomIdentifiers);
    expect(from('short.txt')).toThrow(/has 5 characters; it must have at least 32/);
    expect(from('none.txt')).toThrow(/cannot be read/);
    expect(() => configOf(folder, { ROLLCALL_SECRET_KEY: 'short' })).toThrow(
      /^ROLLCALL_SECRET_KEY is not usable; it must have at least 32 characters/,
    );
    const both = { ROLLCALL_SECRET_KEY: 'x'.repeat(32), ROLLCALL_SECRET_KEY_FILE: 'key.txt' };
    expect(() => configOf(folder, both)).toThrow(/set one of them/);
  });
});
