import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';

/** Does something to a file that nobody should; `older` is the file as it was some time before. */
export type Damage = (file: string, older: string) => void;

/** What may become of a file that a server has written: what is wrong with its bytes, and what takes its name from it. */
export const damages: readonly (readonly [how: string, damage: Damage])[] = [
  ['has other bytes in its middle', (file) => overwrite(file, 0.5)],
  ['has other bytes at its end', (file) => overwrite(file, 0.99)],
  ['has one bit that is another', (file) => flipBit(file, Math.floor(statSync(file).size / 3))],
  ['is cut off', (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  ['is empty', (file) => truncateSync(file)],
  ['has nothing but zeros', (file) => writeFileSync(file, Buffer.alloc(statSync(file).size))],
  ['has what another file has', (file) => copyFileSync('package-lock.json', file)],
  ['has bytes added', (file) => appendFileSync(file, 'x'.repeat(5_000))],
  ['is what it was before', (file, older) => copyFileSync(older, file)],
  ['is deleted', (file) => rmSync(file)],
  [
    'has a folder in its place',
    (file) => {
      rmSync(file);
      mkdirSync(file);
    },
  ],
  [
    'has another in its place',
    (file, older) => {
      copyFileSync(older, `${file}-copy`);
      renameSync(`${file}-copy`, file);
    },
  ],
];

function overwrite(file: string, where: number): void {
  const bytes = readFileSync(file);
  bytes.fill(
    '!',
    Math.floor(bytes.length * where),
    Math.min(bytes.length, Math.ceil(bytes.length * where) + 200),
  );
  writeFileSync(file, bytes, { flag: 'r+' });
}

function flipBit(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes, { flag: 'r+' });
}
