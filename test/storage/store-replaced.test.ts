import {
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { storageFaults } from '../../src/storage-fault.ts';
import { makeBasic, makeOrganization, openOwnWorkplace } from '../support/workplace.ts';

type File = (end?: string) => string;

const ways: readonly [what: string, replace: (file: File, folder: string) => void][] = [
  [
    'replaced by a copy',
    (file) => {
      copyFileSync(file(), file('-copy'));
      renameSync(file('-copy'), file());
    },
  ],
  ['deleted', (file) => rmSync(file())],
  ['moved away', (file) => renameSync(file(), file('-away'))],
  [
    'deleted and made anew, empty',
    (file) => {
      rmSync(file());
      copyFileSync('/dev/null', file());
    },
  ],
  [
    'overwritten by a copy of what it was before',
    (file) => writeFileSync(file(), readFileSync(file())),
  ],
  [
    'overwritten in its middle',
    (file) => {
      const descriptor = openSync(file(), 'r+');
      writeSync(descriptor, 'other bytes', 20_000);
    },
  ],
  ['emptied', (file) => truncateSync(file())],
  ['left without its log of changes', (file) => rmSync(file('-wal'))],
  ['left without the index of that', (file) => rmSync(file('-shm'))],
  [
    'moved away with its whole folder',
    (_, folder) => {
      renameSync(folder, `${folder}-away`);
    },
  ],
];

test.for(ways)(
  'a store that is %s under a running server is written no more',
  async ([, replace]) => {
    const { config, database, get, send } = await openOwnWorkplace();
    const acme = await makeOrganization(database);
    const authorization = await makeBasic(database, acme);
    const create = (name: string) =>
      send({
        method: 'POST',
        url: '/api/acme/reports',
        headers: { authorization },
        payload: { report: { name } },
      });
    expect((await create('Before')).statusCode).toBe(201);
    expect((await get('/readyz')).statusCode).toBe(200);
    const file: File = (end = '') => join(config.dataDir, `rollcall.sqlite${end}`);
    replace(file, config.dataDir);
    try {
      const refused = await create('After');
      expect(refused.statusCode).toBe(503);
      expect(refused.headers['retry-after']).toBe('30');
      expect(refused.json().message).toContain(storageFaults.store_replaced);
      const readiness = await get('/readyz');
      expect(readiness.statusCode).toBe(503);
      expect(readiness.json().message).toContain(storageFaults.store_replaced);
    } finally {
      const away = `${config.dataDir}-away`;
      if (existsSync(away)) renameSync(away, config.dataDir);
    }
  },
);
