import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { zip } from '../../src/runs/zip.ts';
import { rounds } from '../support/rounds.ts';
import { temporaryFolder } from '../support/workplace.ts';

const MIB = Buffer.alloc(1024 * 1024);
/** So many times that much, counted as it is read. */
function zeros(times: number) {
  const read = { mib: 0 };
  const parts = function* () {
    for (; read.mib < times; read.mib++) yield MIB;
  };
  return { read, stream: Readable.from(parts(), { objectMode: false }) };
}

const text = (content: string) => Readable.from([Buffer.from(content)], { objectMode: false });

/** What another program reads: names, sizes and times, each file checked by its sum if it is not too long for that. */
async function listed(archive: Buffer): Promise<unknown> {
  const file = join(temporaryFolder(), 'some.zip');
  writeFileSync(file, archive);
  const program =
    'import json,sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; ' +
    'print(json.dumps([[i.filename, i.file_size, i.date_time[0]] for i in z.infolist()]))';
  return JSON.parse(execFileSync('python3', ['-c', program, file], { encoding: 'utf8' }));
}

test('another program reads the files of an archive, empty ones and names of any script too', async () => {
  const names = ['1 Größe.csv', '2 数字.csv', '3 empty.csv'];
  const archive = zip(
    names.map((name, at) => ({ name, open: async () => text('ab'.repeat(2 - at)) })),
  );
  expect(await listed(await buffer(archive))).toEqual([
    [names[0], 4, 1980],
    [names[1], 2, 1980],
    [names[2], 0, 1980],
  ]);
});

/** It takes a minute of compressing: only where tests go many rounds. */
test.each([4100].slice(0, rounds({ usual: 0, full: 1 })))(
  'an archive with a file of %i MiB failed: above 4 GiB it takes another form',
  async (size) => {
    const long = zeros(size);
    const archive = zip([
      { name: 'long.csv', open: async () => long.stream },
      { name: 'short.csv', open: async () => text('a') },
    ]);
    expect(await listed(await buffer(archive))).toEqual([
      ['long.csv', size * MIB.length, 1980],
      ['short.csv', 1, 1980],
    ]);
  },
  300_000,
);

test('an archive that nobody reads stops reading, and one that is destroyed closes its file and opens no other', async () => {
  const long = zeros(100_000);
  const opened: string[] = [];
  const archive = zip(
    ['long.csv', 'next.csv'].map((name) => ({
      name,
      open: async () => {
        opened.push(name);
        return long.stream;
      },
    })),
  );
  archive.once('readable', () => undefined);
  await expect
    .poll(async () => {
      const before = long.read.mib;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return before > 0 && long.read.mib === before;
    })
    .toBe(true);
  expect(long.read.mib).toBeLessThan(1000);
  archive.destroy();
  await expect.poll(() => long.stream.destroyed).toBe(true);
  expect(opened).toEqual(['long.csv']);
});

test('an archive fails with its file: one that cannot be opened, fails half way or ends early', async () => {
  const half = (end: (stream: Readable) => void) => {
    const stream = new Readable({
      read() {
        this.push('half');
        end(this);
      },
    });
    return async () => stream;
  };
  for (const open of [
    async () => Promise.reject(new Error('a wrong file')),
    half((stream) => stream.destroy(new Error('a wrong file'))),
    half((stream) => stream.destroy()),
  ]) {
    const archive = zip([{ name: 'a.csv', open }]);
    await expect(buffer(archive)).rejects.toThrow(/a wrong file|Premature close/);
  }
  const unread = zip([{ name: 'a.csv', open: async () => Promise.reject(new Error('wrong')) }]);
  await expect.poll(() => unread.destroyed).toBe(true);
});
