import {
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ChangedRow } from '../../src/list-file/list-blocks.ts';
import { ListFile } from '../../src/list-file/list-file.ts';
import type { PageBytes } from '../../src/list-file/page-bytes.ts';
import { testWith } from '../support/machine-tools.ts';
import { rounds } from '../support/rounds.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/workplace.ts';

function openFile(options?: { minGarbageBytes?: number }): ListFile {
  const file = new ListFile(join(temporaryFolder(), 'list'), options);
  onTestFinished(() => file.close());
  return file;
}

function rowsFileOf(path: string): string {
  const folder = dirname(path);
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.rows')) ?? '');
}

const HEAD = '<';
const TAIL = '>';

/** A copy of what is mapped, which is released. */
function bytesOf(mapped: ReturnType<PageBytes['mapped']>): Buffer {
  if (mapped === undefined) throw new Error('Nothing can be mapped here.');
  const bytes = Buffer.concat(mapped.parts.map((part) => Buffer.from(part)));
  mapped.release();
  return bytes;
}

/** What a list file must answer, made of a plain object. */
class Model {
  readonly #rows = new Map<number, string>();

  apply(changes: readonly (readonly [slot: number, body: string | null])[]): void {
    for (const [slot, body] of changes) {
      if (body === null) this.#rows.delete(slot);
      else this.#rows.set(slot, body);
    }
  }

  get count(): number {
    return this.#rows.size;
  }

  read(start: number, count: number): string {
    const inOrder = [...this.#rows].sort(([a], [b]) => a - b).map(([, body]) => body);
    return `<${inOrder.slice(start, start + count).join(',')}>`;
  }
}

let lastChange = 0;
const change = (slot: number, body: string | null): ChangedRow => ({
  slot,
  changed: ++lastChange,
  body: body === null ? null : Buffer.from(body),
});
/** A page, which is the same read at once, in pieces and mapped. */
const page = (file: ListFile, start: number, count: number, { isInFile = true } = {}) => {
  const bytes = file.page(start, count, HEAD, TAIL);
  const read = bytes.read();
  expect(bytes.length).toBe(read.length);
  expect(Buffer.concat([...bytes.pieces()]).equals(read)).toBe(true);
  if (isInFile) expect(bytesOf(bytes.mapped()).equals(read)).toBe(true);
  else expect(bytes.mapped()).toBeUndefined();
  return read.toString();
};

describe('every page equals that of a sorted list', () => {
  const text = fc.oneof(
    { weight: 6, arbitrary: fc.string({ maxLength: 20 }) },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
    { weight: 1, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 1, max: 4_000 }).map((length) => 'é'.repeat(length)),
    },
  );
  /** Few slots, so that rows are updated, removed and put back where they were; several blocks of them. */
  const oneChange = fc.tuple(
    fc.integer({ min: 1, max: 400 }),
    fc.option(text, { freq: 3, nil: null }),
  );
  const batch = fc.oneof(
    { weight: 4, arbitrary: fc.array(oneChange, { maxLength: 8 }) },
    { weight: 1, arbitrary: fc.array(oneChange, { minLength: 100, maxLength: 500, size: 'max' }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 200 }))
        .map(([from, count]) =>
          Array.from({ length: count }, (_, i) => [from + i, null] as [number, null]),
        ),
    },
  );
  const somePage = fc.tuple(fc.integer({ min: 0, max: 450 }), fc.integer({ min: 1, max: 450 }));

  test.each([
    ['', {}],
    [', rewriting the file often', { minGarbageBytes: 1_000 }],
  ])('after any changes%s', (_, options) => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(batch, fc.array(somePage, { minLength: 1, maxLength: 4 })), {
          minLength: 1,
          maxLength: 20,
        }),
        (steps) => {
          const file = openFile(options);
          const model = new Model();
          for (const [changes, pages] of steps) {
            file.apply(changes.map(([slot, body]) => change(slot, body)));
            model.apply(changes);
            expect(file.count).toBe(model.count);
            for (const [start, count] of pages) {
              expect(page(file, start, count)).toBe(model.read(start, count));
            }
          }
          expect(page(file, 0, Number.MAX_SAFE_INTEGER)).toBe(model.read(0, 1_000_000));
        },
      ),
      { numRuns: rounds({ usual: 20, full: 60 }) },
    );
  });

  test('after ten thousand rows were put in at the end, one by one and in batches', () => {
    const file = openFile();
    const model = new Model();
    for (let slot = 1; slot <= 10_000; ) {
      const size = slot % 7 === 0 ? 300 : 1;
      const changes = Array.from(
        { length: size },
        (_, i) => [slot + i, `row ${slot + i}`] as [number, string],
      );
      file.apply(changes.map(([at, body]) => change(at, body)));
      model.apply(changes);
      slot += size;
    }
    for (const start of [0, 63, 64, 65, 4_999, 9_000]) {
      expect(page(file, start, 1000)).toBe(model.read(start, 1000));
    }
  });
});

describe('a page', () => {
  test('past the end, or of no rows, is head and tail', () => {
    const file = openFile();
    expect(page(file, 0, 10)).toBe('<>');
    file.apply([change(1, 'a')]);
    expect(page(file, 1, 10)).toBe('<>');
    expect(page(file, Number.MAX_SAFE_INTEGER, 1000)).toBe('<>');
    expect(page(file, 0, 0)).toBe('<>');
  });

  test('may have neither head nor tail', () => {
    const file = openFile();
    file.apply([change(1, 'a'), change(2, 'b')]);
    const nothing = '';
    expect(file.page(0, 10, nothing, nothing).read().toString()).toBe('a,b');
    expect(file.page(1, 10, nothing, nothing).read().toString()).toBe('b');
    expect(file.page(2, 10, nothing, nothing).read().toString()).toBe('');
  });

  test('is nobody else’s: what is done with it changes nothing', () => {
    const file = openFile();
    file.apply([change(1, 'a')]);
    file.page(0, 1, HEAD, TAIL).read().fill(0);
    expect(page(file, 0, 1)).toBe('<a>');
  });

  test('may hold rows of megabytes', () => {
    const file = openFile();
    const bodies = Array.from({ length: 5 }, (_, i) => String(i).repeat(3 * 1024 * 1024));
    file.apply(bodies.map((body, slot) => change(slot, body)));
    file.apply([change(2, 'x')]);
    expect(page(file, 1, 3)).toBe(`<${bodies[1]},x,${bodies[3]}>`);
  });
});

test('a page that is read in pieces is as it was when it was asked for', () => {
  const file = openFile({ minGarbageBytes: 0 });
  file.apply(Array.from({ length: 300 }, (_, slot) => change(slot, `row ${slot}`)));
  const bytes = file.page(0, 300, HEAD, TAIL);
  const expected = bytes.read().toString();
  const pieces = bytes.pieces();
  file.apply(Array.from({ length: 300 }, (_, slot) => change(slot, null)));
  expect(Buffer.concat([...pieces]).toString()).toBe(expected);
});

test('a mapped page stays what it was until it is released, whatever becomes of its file, and is gone then', () => {
  const path = join(temporaryFolder(), 'list');
  const rows = (text: string) =>
    Array.from({ length: 300 }, (_, slot) => change(slot, text + slot));
  const file = new ListFile(path, { minGarbageBytes: 0 });
  file.apply(rows('row '));
  const bytes = file.page(0, 300, HEAD, TAIL);
  const expected = bytes.read().toString();
  const first = bytes.mapped();
  const second = bytes.mapped();
  while (!file.apply(rows('new row ')));
  file.close();
  // Other files are mapped where there is room meanwhile.
  const others = [1, 2, 3].map(() => openFile());
  for (const other of others) {
    other.apply(rows('another '));
    expect(page(other, 0, 300)).toContain('another 299');
  }
  expect(bytesOf(first).toString()).toBe(expected);
  expect(second?.parts.join('')).toBe(expected);
  second?.release();
  expect(second?.parts.join('')).toBe(HEAD + TAIL);
  expect(bytes.mapped()).toBeUndefined();
});

test('a mapped page may lie in any windows of its file, and is not one of a file that was cut', () => {
  const path = join(temporaryFolder(), 'list');
  const file = new ListFile(path);
  onTestFinished(() => file.close());
  const body = 'x'.repeat(30 * 1024 * 1024);
  for (const slot of [1, 2, 3]) file.apply([change(slot, body + slot)]);
  const bytes = file.page(1, 2, HEAD, TAIL);
  expect(bytes.mapped()?.parts.length).toBeGreaterThan(3);
  for (const start of [0, 1, 2]) {
    const page = file.page(start, 3, HEAD, TAIL);
    expect(bytesOf(page.mapped()).equals(page.read())).toBe(true);
  }
  // Not to a page of memory, of which the rest is zeros then.
  truncateSync(rowsFileOf(path), statSync(rowsFileOf(path)).size - 5000);
  expect(() => bytes.mapped()).toThrow('ends early');
  expect(file.isDamaged).toBe(true);
});

test('each row of a hundred kilobytes was written 64 times, once with each row that came after it', () => {
  const file = openFile({ minGarbageBytes: Number.MAX_SAFE_INTEGER });
  const body = 'x'.repeat(100_000);
  for (let slot = 0; slot < 200; slot++) file.apply([change(slot, body)]);
  expect(file.size).toBeLessThan(3 * 200 * body.length);
  file.apply([change(100, 'short'), change(101, null)]);
  expect(page(file, 99, 4)).toBe(`<${body},short,${body},${body}>`);
  expect(file.count).toBe(199);
});

test('each row took twelve bytes of memory, and as much of the index', () => {
  const path = join(temporaryFolder(), 'list');
  const file = new ListFile(path);
  onTestFinished(() => file.close());
  const rows = 64_000;
  file.apply(Array.from({ length: rows }, (_, slot) => change(slot, 'x')));
  file.save(1);
  expect(statSync(`${path}.index`).size).toBeLessThan(2 * rows);
});

test('the last change of a slot counts', () => {
  const file = openFile();
  file.apply([change(1, 'a'), change(1, null), change(1, 'b'), change(2, 'c'), change(2, null)]);
  expect(page(file, 0, 10)).toBe('<b>');
});

test('slots and changes may lie any distance apart, also where the file is opened again', () => {
  const path = join(temporaryFolder(), 'list');
  const far = [1, 2, 2 ** 32 + 1, 2 ** 32 + 2, 2 ** 40, 2 ** 52];
  const file = new ListFile(path);
  file.apply(far.map((slot) => ({ slot, changed: slot, body: Buffer.from(String(slot)) })));
  // A low change among high ones, and a high one among low ones.
  file.apply([{ slot: 2 ** 40, changed: 3, body: Buffer.from('low') }]);
  file.apply([{ slot: 2, changed: 2 ** 52 + 1, body: Buffer.from('high') }]);
  file.save(1);
  file.close();
  const again = new ListFile(path);
  onTestFinished(() => again.close());
  expect(page(again, 0, 10)).toBe(`<1,high,${2 ** 32 + 1},${2 ** 32 + 2},low,${2 ** 52}>`);
  expect(far.map((_, rank) => again.slotAt(rank))).toEqual(far);
  expect(far.map((slot) => again.rankAfter(slot))).toEqual([1, 2, 3, 4, 5, 6]);
  expect(far.map((_, rank) => again.lastChangeOf(rank, 1))).toEqual([
    1,
    2 ** 52 + 1,
    2 ** 32 + 1,
    2 ** 32 + 2,
    3,
    2 ** 52,
  ]);
});

test('the file is rewritten once most of it is out of date, and keeps what is not', () => {
  const file = openFile({ minGarbageBytes: 10_000 });
  const body = (slot: number, round: number) => `${slot}/${round}/${'x'.repeat(100)}`;
  const live = 100 * (body(99, 99).length + 1);
  let largest = 0;
  for (let round = 0; round < 50; round++) {
    file.apply(Array.from({ length: 100 }, (_, slot) => change(slot, body(slot, round))));
    expect(page(file, 99, 1)).toBe(`<${body(99, round)}>`);
    largest = Math.max(largest, file.size);
  }
  expect(largest).toBeLessThan(2 * live + 10_000 + live);
  const all = Array.from({ length: 100 }, (_, slot) => body(slot, 49)).join(',');
  expect(page(file, 0, 100)).toBe(`<${all}>`);
});

describe('rewriting the file', () => {
  const rowsFilesIn = (folder: string) =>
    readdirSync(folder).filter((name) => name.endsWith('.rows'));
  /** How many files of a folder this process has open. */
  const countOpen = (folder: string) =>
    readdirSync('/proc/self/fd').filter((descriptor) => {
      try {
        return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(folder);
      } catch {
        return false; // the one with which the folder was read
      }
    }).length;
  const rows = (from: number, count: number, body: string) =>
    Array.from({ length: count }, (_, i) => change(from + i, `${body} ${from + i}`));
  const ROWS_IN_BLOCK = 64;

  test('left page after page of wrong rows where somebody had removed the old file', () => {
    const folder = temporaryFolder();
    const file = new ListFile(join(folder, 'list'), { minGarbageBytes: 0 });
    onTestFinished(() => file.close());
    file.apply(rows(0, 200, 'first'));
    for (const name of rowsFilesIn(folder)) rmSync(join(folder, name));
    // The second time the file is more than twice as long as what is in use.
    file.apply(rows(0, 200, 'second'));
    expect(file.apply(rows(0, 200, 'third'))).toBe(true);
    file.apply(rows(70, 1, 'fourth'));
    expect(page(file, 69, 3)).toBe('<third 69,fourth 70,third 71>');
    expect(page(file, 199, 1)).toBe('<third 199>');
    expect([rowsFilesIn(folder).length, countOpen(folder)]).toEqual([1, 1]);
  });

  test('left the new file behind, and open, where the old one could not be read', () => {
    const folder = temporaryFolder();
    const file = new ListFile(join(folder, 'list'), { minGarbageBytes: 0 });
    onTestFinished(() => file.close());
    const long = 'x'.repeat(1000);
    file.apply(rows(0, ROWS_IN_BLOCK, long));
    const { size } = file;
    file.apply(rows(ROWS_IN_BLOCK, ROWS_IN_BLOCK, 'short'));
    for (const name of rowsFilesIn(folder))
      for (const length of [size, file.size]) truncateSync(join(folder, name), length);
    const removals = Array.from({ length: ROWS_IN_BLOCK }, (_, slot) => change(slot, null));
    expect(() => file.apply(removals)).toThrow('differ from what was written');
    expect([rowsFilesIn(folder).length, countOpen(folder)]).toEqual([1, 1]);
    // What is left is one block after the first one, whose place did not change.
    expect([file.count, file.slotAt(0)]).toEqual([ROWS_IN_BLOCK, ROWS_IN_BLOCK]);
    expect(file.size).toBeGreaterThan(size);
  });

  test('that fails, as its folder is none, keeps the rows', () => {
    const folder = temporaryFolder();
    const file = new ListFile(join(folder, 'list'), { minGarbageBytes: 0 });
    onTestFinished(() => file.close());
    file.apply(rows(0, 200, 'first'));
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'in its place');
    file.apply(rows(0, 200, 'second'));
    for (const body of ['third', 'fourth']) {
      expect(() => file.apply(rows(0, 200, body))).toThrow('EEXIST');
      expect(page(file, 100, 2)).toBe(`<${body} 100,${body} 101>`);
    }
    expect(countOpen(folder)).toBe(1);
  });
});

describe('a saved file', () => {
  const path = () => join(temporaryFolder(), 'list');
  const rows = (count: number) =>
    Array.from({ length: count }, (_, slot) => change(slot, `{"n":${slot}}`));

  /** A file of 200 rows as a process leaves it that ends in order. */
  function saved(): string {
    const at = path();
    const file = new ListFile(at);
    file.apply(rows(200));
    file.save(42);
    file.close();
    return at;
  }

  test('is there again for the next process, with the position it was saved at', () => {
    const at = saved();
    const file = new ListFile(at);
    expect(file.savedPosition).toBe(42);
    expect(file.count).toBe(200);
    file.apply([change(7, 'seven'), change(300, 'last')]);
    expect(page(file, 6, 3)).toBe('<{"n":6},seven,{"n":8}>');
    expect(page(file, 200, 5)).toBe('<last>');
    file.close();
  });

  test('is as it was saved, whatever was written to it before its process was killed', () => {
    const at = saved();
    const killed = new ListFile(at);
    killed.apply(rows(150).map(({ slot }) => change(slot, 'lost')));
    const file = new ListFile(at);
    expect(page(file, 0, 2)).toBe('<{"n":0},{"n":1}>');
    file.close();
    killed.close();
  });

  test.for([
    ['its index is torn', (at: string) => truncateSync(`${at}.index`, 1_200)],
    ['its index is not one', (at: string) => writeFileSync(`${at}.index`, 'x'.repeat(5_000))],
    ['a byte of its index differs', (at: string) => flipByte(`${at}.index`, 1_200)],
    ['its rows are gone', (at: string) => rmSync(rowsFileOf(at))],
    ['its rows are torn', (at: string) => truncateSync(rowsFileOf(at), 100)],
    [
      'the machine has started anew',
      (at: string) => rename(`${at}.index`, /"boot":"[^"]/, '"boot":"z'),
    ],
  ] as const)('is not used where %s', ([, damage]) => {
    const at = saved();
    damage(at);
    const file = new ListFile(at);
    expect(file.savedPosition).toBeUndefined();
    expect(file.count).toBe(0);
    file.close();
  });

  test('is used, and as it was written, until the one that is made anew takes its place', async () => {
    const at = saved();
    const file = new ListFile(at);
    new ListFile(at, { isNew: true }).discard();
    const next = new ListFile(at, { isNew: true });
    expect(await file.verify()).toBeUndefined();
    file.close();
    next.save(1);
    next.removeOthers();
    expect(await next.verify()).toBeUndefined();
    expect(readdirSync(dirname(at)).filter((name) => name.endsWith('.rows'))).toHaveLength(1);
    next.close();
  });

  test('leaves no rows behind that no index belongs to', () => {
    const at = saved();
    for (let round = 0; round < 3; round++) new ListFile(at, { isNew: true }).close();
    const file = new ListFile(at, { minGarbageBytes: 0 });
    for (let round = 0; round < 10; round++) file.apply([change(1, `${round}`)]);
    expect(readdirSync(dirname(at)).filter((name) => name.endsWith('.rows'))).toHaveLength(1);
    file.close();
  });

  const flipByte = (file: string, at: number): void => {
    const bytes = readFileSync(file);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  };
  const rename = (file: string, pattern: RegExp, text: string): void =>
    writeFileSync(file, readFileSync(file, 'latin1').replace(pattern, text), 'latin1');
});

test('lines are every row of the file as it was when they were asked for', () => {
  const file = openFile({ minGarbageBytes: 0 });
  file.apply(Array.from({ length: 300 }, (_, slot) => change(slot, `row ${slot}`)));
  const lines = file.lines(100);
  const first = lines.next().value as Buffer;
  file.apply(Array.from({ length: 300 }, (_, slot) => change(slot, null)));
  const rest = Buffer.concat([first, ...lines]).toString();
  expect(rest).toBe(Array.from({ length: 200 }, (_, index) => `row ${index + 100}\n`).join(''));
  expect([...file.lines(0)]).toEqual([]);
  expect([...file.lines(1000)]).toEqual([]);
});

describe('on a disk that takes nothing more', () => {
  const rows = (from: number, count: number, body: string) =>
    Array.from({ length: count }, (_, index) => change(from + index, `${body} ${from + index}`));

  testWith('mount')(
    'rows stay in memory until it does, and are read, changed and verified as all others',
    async () => {
      const disk = mountSmallDisk(1);
      const at = join(disk.path, 'list');
      const file = new ListFile(at);
      file.apply(rows(0, 100, 'first'));
      disk.fill();
      file.apply(rows(50, 5_000, 'second'));
      file.apply(rows(75, 2, 'third'));
      for (let round = 0; round < 5; round++) file.apply(rows(2_000, 100, `round ${round}`));
      const isRight = (isInFile: boolean) => {
        expect(page(file, 48, 4, { isInFile })).toBe('<first 48,first 49,second 50,second 51>');
        expect(page(file, 74, 4, { isInFile })).toBe('<second 74,third 75,third 76,second 77>');
        expect(page(file, 1_999, 2, { isInFile })).toBe('<second 1999,round 4 2000>');
        expect(file.count).toBe(5_050);
      };
      isRight(false);
      expect(await file.verify()).toBeUndefined();
      expect(Buffer.concat([...file.lines(5_049)]).toString()).toBe('second 5049\n');
      expect(() => file.save(1)).toThrow('ENOSPC');
      disk.free();
      file.save(2);
      isRight(true);
      file.close();
      const again = new ListFile(at);
      onTestFinished(() => again.close());
      expect(again.savedPosition).toBe(2);
      expect(await again.verify()).toBeUndefined();
      expect(page(again, 1_999, 2)).toBe('<second 1999,round 4 2000>');
    },
  );
});
