import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { QueryTable } from '../../src/data-sources/query-job.ts';
import { openQueryRuns } from '../support/query-runs.ts';

const looks = mkdtempSync(join(tmpdir(), 'rollcall-looks-'));
const runs = openQueryRuns({ spare: 0, looks });
afterAll(async () => {
  await runs.close();
  rmSync(looks, { recursive: true, force: true });
});

type Case = {
  /** Name of the file; its table is called by what stands before the first point. */
  file: string;
  content: string | Buffer;
  /** What DuckDB says of its columns. */
  types: Record<string, string>;
  /** Its rows as texts, all of them, or the last. */
  rows: (string | null)[][];
  notes?: RegExp;
  encoding?: string;
};

const MANY = 25_000;
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');
/** A file whose last value alone is of another kind than all before. */
const late = (header: string, before: string, last: string) =>
  `${header}\n${lines(MANY, () => before)}${last}\n`;
const DECIMAL = (scale: number) => `DECIMAL(18,${scale})`;

const cases: Case[] = [
  // A value far below the first rows, which are all that DuckDB looks at.
  {
    file: 'late_fraction.csv',
    content: late('id,price', '1,7', '2,0.99'),
    types: { id: 'BIGINT', price: DECIMAL(2) },
    rows: [['2', '0.99']],
  },
  {
    file: 'late_scale.csv',
    content: late('price', '0.5', '0.125'),
    types: { price: DECIMAL(3) },
    rows: [['0.125']],
  },
  {
    file: 'late_zero.csv',
    content: late('zip', '12345', '01234'),
    types: { zip: 'VARCHAR' },
    rows: [['01234']],
  },
  {
    file: 'late_plus.csv',
    content: late('n', '12', '+12'),
    types: { n: 'VARCHAR' },
    rows: [['+12']],
  },
  {
    file: 'late_exponent.csv',
    content: late('n', '12', '12e2'),
    types: { n: 'DOUBLE' },
    rows: [['1200.0']],
  },
  {
    file: 'late_space.csv',
    content: late('n', '12', '12 '),
    types: { n: 'VARCHAR' },
    rows: [['12 ']],
  },
  {
    file: 'late_word.csv',
    content: late('n', '12', 'n/a'),
    types: { n: 'VARCHAR' },
    rows: [['n/a']],
  },
  {
    file: 'late_huge.csv',
    content: late('n', '12', '12345678901234567890'),
    types: { n: 'HUGEINT' },
    rows: [['12345678901234567890']],
  },
  {
    file: 'late_long.csv',
    content: late('n', '1.5', '1.1234567890123456789012345678901234567890'),
    types: { n: 'VARCHAR' },
    rows: [['1.1234567890123456789012345678901234567890']],
  },
  {
    file: 'late_time.csv',
    content: late('d', '2024-01-01', '2024-01-02 10:30:00'),
    types: { d: 'TIMESTAMP' },
    rows: [['2024-01-02 10:30:00']],
  },
  {
    file: 'late_zone.csv',
    content: late('t', '2024-01-01 10:00:00', '2024-01-01 10:00:00+02'),
    types: { t: 'VARCHAR' },
    rows: [['2024-01-01 10:00:00+02']],
  },
  {
    file: 'late_nanos.csv',
    content: late('t', '2024-01-01 10:00:00', '2024-01-01 10:00:00.123456789'),
    types: { t: 'VARCHAR' },
    rows: [['2024-01-01 10:00:00.123456789']],
  },
  {
    file: 'late_midnight.csv',
    content: late('t', '2024-01-01 10:00:00', '2024-01-01 24:00:00'),
    types: { t: 'VARCHAR' },
    rows: [['2024-01-01 24:00:00']],
  },
  { file: 'late_yes.csv', content: late('b', 'true', 't'), types: { b: 'VARCHAR' }, rows: [['t']] },
  {
    file: 'late_first.csv',
    content: late('a,b', '1,', '1,5'),
    types: { a: 'BIGINT', b: 'BIGINT' },
    rows: [['1', '5']],
  },
  {
    file: 'late_day.csv',
    content: late('d', '01/02/2024', '25/02/2024'),
    types: { d: 'DATE' },
    rows: [['2024-02-25']],
  },
  {
    file: 'late_cell.csv',
    content: late('a,b', '1,2', '3,4,5'),
    types: { a: 'BIGINT', b: 'BIGINT', column2: 'BIGINT' },
    rows: [['3', '4', '5']],
    notes: /more cells than the header/,
  },
  {
    file: 'late_cell_of_long_line.csv',
    content: late('a,b', '1,2', `3,${'x'.repeat(20_000)},5`),
    types: { a: 'BIGINT', b: 'VARCHAR', column2: 'BIGINT' },
    rows: [['3', 'x'.repeat(20_000), '5']],
    notes: /more cells than the header/,
  },
  {
    file: 'late_gap.csv',
    content: late('a,b', '1,"x\ny"', '3'),
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [['3', null]],
  },
  {
    file: 'late_packed.csv.gz',
    content: gzipSync(late('n', '12', '0.5')),
    types: { n: DECIMAL(1) },
    rows: [['0.5']],
  },
  {
    file: 'late_field.ndjson',
    content: `${lines(MANY, () => '{"a":1}')}{"a":2.5,"b":"x"}\n`,
    types: { a: DECIMAL(1), b: 'VARCHAR' },
    rows: [['2.5', 'x']],
  },
  {
    file: 'late_text.json',
    content: `[${'{"a":1},'.repeat(MANY)}{"a":"01"}]`,
    types: { a: 'JSON' },
    rows: [['"01"']],
  },
  // Ways to write a value.
  {
    file: 'numbers.csv',
    content: 'a,b,c,d,e\n1,1.50,-0.5,.5,1e3\n-2,2,0,1,2.5\n',
    types: { a: 'BIGINT', b: DECIMAL(2), c: DECIMAL(1), d: DECIMAL(1), e: 'DOUBLE' },
    rows: [
      ['1', '1.50', '-0.5', '0.5', '1000.0'],
      ['-2', '2.00', '0.0', '1.0', '2.5'],
    ],
  },
  {
    file: 'not_numbers.csv',
    content: 'a,b,c,d,e,f,g\n1_000,0x10, 5,"1,5",$5,007,5%\n',
    types: {
      a: 'VARCHAR',
      b: 'VARCHAR',
      c: 'VARCHAR',
      d: 'VARCHAR',
      e: 'VARCHAR',
      f: 'VARCHAR',
      g: 'VARCHAR',
    },
    rows: [['1_000', '0x10', ' 5', '1,5', '$5', '007', '5%']],
  },
  {
    file: 'long_numbers.csv',
    content: `a,b,c,d\n12345678901234567890,12345678901234567890.12,${'9'.repeat(39)},3e-324\n`,
    types: { a: 'HUGEINT', b: 'DECIMAL(38,2)', c: 'VARCHAR', d: 'VARCHAR' },
    rows: [['12345678901234567890', '12345678901234567890.12', '9'.repeat(39), '3e-324']],
  },
  {
    file: 'floats.csv',
    content: 'a,b,c\n1.5,0.1,-0\nnan,1e-7,1\n',
    types: { a: 'DOUBLE', b: 'DOUBLE', c: 'DOUBLE' },
    rows: [
      ['1.5', '0.1', '-0.0'],
      ['nan', '1e-07', '1.0'],
    ],
  },
  {
    file: 'dates.csv',
    content:
      'iso,dmy,mdy,either,both,odd\n2024-02-29,25.02.2024,2/25/2024,01/02/2024,25/02/2024,2023-02-29\n2024-03-01,01.03.2024,3/1/2024,03/04/2024,02/25/2024,2024-01-01\n',
    types: {
      iso: 'DATE',
      dmy: 'DATE',
      mdy: 'DATE',
      either: 'VARCHAR',
      both: 'VARCHAR',
      odd: 'VARCHAR',
    },
    rows: [
      ['2024-02-29', '2024-02-25', '2024-02-25', '01/02/2024', '25/02/2024', '2023-02-29'],
      ['2024-03-01', '2024-03-01', '2024-03-01', '03/04/2024', '02/25/2024', '2024-01-01'],
    ],
  },
  {
    file: 'exponents.csv',
    content:
      'a,b,c,d\n1.7976931348623157e308,1.2345678901234568E-5,0.000012345678901234568,1.2345678901234567E-5\n1,2e0,1e5,1\n',
    types: { a: 'DOUBLE', b: 'DOUBLE', c: 'DOUBLE', d: 'VARCHAR' },
    rows: [
      [
        '1.7976931348623157e+308',
        '1.2345678901234568e-05',
        '1.2345678901234568e-05',
        '1.2345678901234567E-5',
      ],
      ['1.0', '2.0', '100000.0', '1'],
    ],
  },
  {
    file: 'offsets.csv',
    content:
      'a,b,c\n2024-01-01T00:00:00+15:59,2024-01-01T00:00:00+24:00,2024-01-01T00:00:00+05:30:15\n2024-01-01T00:00:00-12,2024-01-01T00:00:00+99:99,2024-01-01T00:00:00Z\n',
    types: { a: 'TIMESTAMPTZ', b: 'VARCHAR', c: 'VARCHAR' },
    rows: [
      ['2023-12-31 08:01:00+00', '2024-01-01T00:00:00+24:00', '2024-01-01T00:00:00+05:30:15'],
      ['2024-01-01 12:00:00+00', '2024-01-01T00:00:00+99:99', '2024-01-01T00:00:00Z'],
    ],
  },
  {
    file: 'times.csv',
    content:
      'a,b,c,d,e\n2024-01-01T10:00,2024-01-01T10:00:00.25Z,10:30,0000-01-01,24:00:00\n2024-01-01 11:00:00.5,2024-01-01 12:00:00+02:00,23:59:59.5,0001-01-01,01:00:00\n',
    types: { a: 'TIMESTAMP', b: 'TIMESTAMPTZ', c: 'TIME', d: 'VARCHAR', e: 'VARCHAR' },
    rows: [
      ['2024-01-01 10:00:00', '2024-01-01 10:00:00.25+00', '10:30:00', '0000-01-01', '24:00:00'],
      ['2024-01-01 11:00:00.5', '2024-01-01 10:00:00+00', '23:59:59.5', '0001-01-01', '01:00:00'],
    ],
  },
  {
    file: 'truths.csv',
    content: 'a,b,c\ntrue,yes,1\nFALSE,no,0\n',
    types: { a: 'BOOLEAN', b: 'VARCHAR', c: 'BIGINT' },
    rows: [
      ['true', 'yes', '1'],
      ['false', 'no', '0'],
    ],
  },
  {
    file: 'missing.csv',
    content: 'a,b,c\n1,"",NA\n,x,NULL\n',
    types: { a: 'BIGINT', b: 'VARCHAR', c: 'VARCHAR' },
    rows: [
      ['1', null, 'NA'],
      [null, 'x', 'NULL'],
    ],
  },
  // Where rows and cells end.
  {
    file: 'footer.csv',
    content: 'Date,Amount\n2024-01-01,5\n2024-01-02,6\n\nTotal,,1246.50\n',
    types: { Date: 'VARCHAR', Amount: 'BIGINT', column2: DECIMAL(2) },
    rows: [
      ['2024-01-01', '5', null],
      ['2024-01-02', '6', null],
      ['Total', null, '1246.50'],
    ],
    notes: /more cells than the header \(3 at most\)/,
  },
  {
    file: 'one_column.csv',
    content: 'name\nAnn\nBob\nCarl;x\n',
    types: { name: 'VARCHAR' },
    rows: [['Ann'], ['Bob'], ['Carl;x']],
  },
  {
    file: 'one_column_of_text.csv',
    content: 'note\nhello\nhow are you, friend\nfine, thanks\n',
    types: { note: 'VARCHAR' },
    rows: [['hello'], ['how are you, friend'], ['fine, thanks']],
  },
  {
    file: 'titles.csv',
    content: 'Sales of 2024\n\nDate,Amount\n2024-01-01,5\n2024-01-02,6\n',
    types: { Date: 'DATE', Amount: 'BIGINT' },
    rows: [
      ['2024-01-01', '5'],
      ['2024-01-02', '6'],
    ],
    notes: /^Lines 1 to 2, above the header, are skipped\.$/,
  },
  {
    file: 'title_and_footer.csv',
    content: 'Sales\nDate,Amount\n2024-01-01,5\n2024-01-02,6\n2024-01-03,7\nEnd\n',
    types: { Sales: 'VARCHAR', column1: 'VARCHAR' },
    rows: [
      ['Date', 'Amount'],
      ['2024-01-01', '5'],
      ['2024-01-02', '6'],
      ['2024-01-03', '7'],
      ['End', null],
    ],
  },
  {
    file: 'trailing.csv',
    content: 'a,b\n1,2,\n3,4,\n',
    types: { a: 'BIGINT', b: 'BIGINT' },
    rows: [
      ['1', '2'],
      ['3', '4'],
    ],
  },
  {
    file: 'trailing_header.csv',
    content: 'a,b,\n1,2,\n',
    types: { a: 'BIGINT', b: 'BIGINT' },
    rows: [['1', '2']],
  },
  {
    file: 'short.csv',
    content: 'a,b,c\n1,2,3\n4\n',
    types: { a: 'BIGINT', b: 'BIGINT', c: 'BIGINT' },
    rows: [
      ['1', '2', '3'],
      ['4', null, null],
    ],
    notes: /fewer cells/,
  },
  {
    file: 'few_rows_of_any_width.csv',
    content: 'a,b,c\r\n1,"x\r\ny",3\r\n4\r\n5,6,7,8\r\n',
    types: { a: 'BIGINT', b: 'VARCHAR', c: 'BIGINT', column3: 'BIGINT' },
    rows: [
      ['1', 'x\r\ny', '3', null],
      ['4', null, null, null],
      ['5', '6', '7', '8'],
    ],
    notes: /4 at most/,
  },
  {
    file: 'line_end_in_first_cell.csv',
    content: '"x\r\ny",1\n"a\rb",2\nz,3\n',
    types: { column0: 'VARCHAR', column1: 'BIGINT' },
    rows: [
      ['x\r\ny', '1'],
      ['a\rb', '2'],
      ['z', '3'],
    ],
  },
  {
    file: 'sentences.csv',
    content: 'First, a title\nOne, two, three\nFour\nFive, six\n',
    types: { 'First, a title': 'VARCHAR' },
    rows: [['One, two, three'], ['Four'], ['Five, six']],
  },
  {
    file: 'semicolons.csv',
    content: 'a;b\n1,5;x\n2,5;"y;z"\n',
    types: { a: 'VARCHAR', b: 'VARCHAR' },
    rows: [
      ['1,5', 'x'],
      ['2,5', 'y;z'],
    ],
    notes: /semicolons/,
  },
  {
    file: 'bars.csv',
    content: 'a|b\n1|x\n',
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [['1', 'x']],
    notes: /vertical bars/,
  },
  {
    file: 'tabs.tsv',
    content: 'a\tb\n1\tx, y\n',
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [['1', 'x, y']],
    notes: /tabs/,
  },
  {
    file: 'quotes.csv',
    content: 'a,b\n1,"say ""hi"""\n2,5" pipe\n3,"two\nlines"\n4,"two\r\nmore"\n',
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [
      ['1', 'say "hi"'],
      ['2', '5" pipe'],
      ['3', 'two\nlines'],
      ['4', 'two\r\nmore'],
    ],
  },
  {
    file: 'backslashes.csv',
    content: 'a,b\n1,"say \\"hi\\", you"\n',
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [['1', 'say "hi", you']],
  },
  {
    file: 'apostrophes.csv',
    content: "a,b\n1,'x, y'\n",
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [['1', 'x, y']],
  },
  {
    file: 'comments.csv',
    content: '#id,name\n1,#x\n#2,y\n',
    types: { '#id': 'VARCHAR', name: 'VARCHAR' },
    rows: [
      ['1', '#x'],
      ['#2', 'y'],
    ],
  },
  {
    file: 'old_mac.csv',
    content: 'a,b\r1,2\r3,4\r',
    types: { a: 'BIGINT', b: 'BIGINT' },
    rows: [
      ['1', '2'],
      ['3', '4'],
    ],
  },
  {
    file: 'mixed_ends.csv',
    content: 'a,b\r\n1,2\n3,"x\r\ny"\r\n5,6\r',
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [
      ['1', '2'],
      ['3', 'x\r\ny'],
      ['5', '6'],
    ],
  },
  {
    file: 'no_end.csv',
    content: 'a,b\n1,2\n3,4',
    types: { a: 'BIGINT', b: 'BIGINT' },
    rows: [
      ['1', '2'],
      ['3', '4'],
    ],
  },
  {
    file: 'leading_lines.csv',
    content: '\n\na,b\n1,2\n',
    types: { a: 'BIGINT', b: 'BIGINT' },
    rows: [['1', '2']],
  },
  // Headers.
  {
    file: 'no_header.csv',
    content: '1,x\n2,y\n',
    types: { column0: 'BIGINT', column1: 'VARCHAR' },
    rows: [
      ['1', 'x'],
      ['2', 'y'],
    ],
    notes: /no names/,
  },
  {
    file: 'years.csv',
    content: 'region,2022,2023\nnorth,1,2\n',
    types: { region: 'VARCHAR', 2022: 'BIGINT', 2023: 'BIGINT' },
    rows: [['1', '2', 'north']],
  },
  {
    file: 'days_as_values.csv',
    content: 'north,2024-01-01,1\nsouth,2024-02-01,2\n',
    types: { column0: 'VARCHAR', column1: 'DATE', column2: 'BIGINT' },
    rows: [
      ['north', '2024-01-01', '1'],
      ['south', '2024-02-01', '2'],
    ],
  },
  {
    file: 'for_excel.csv',
    content: '\uFEFFsep=;\r\na;b\r\n1;2,5\r\n3;x;4\r\n',
    types: { a: 'BIGINT', b: 'VARCHAR', column2: 'BIGINT' },
    rows: [
      ['1', '2,5', null],
      ['3', 'x', '4'],
    ],
    notes: /Line 1, which names the delimiter, is skipped/,
  },
  {
    file: 'same_names.csv',
    content: 'a,a,A,\n1,2,3,4\n',
    types: { a: 'BIGINT', a_1: 'BIGINT', A_2: 'BIGINT', column3: 'BIGINT' },
    rows: [['1', '2', '3', '4']],
  },
  {
    file: 'all_text.csv',
    content: 'first,last\nAnn,Lee\n',
    types: { first: 'VARCHAR', last: 'VARCHAR' },
    rows: [['Ann', 'Lee']],
  },
  { file: 'only_header.csv', content: 'a,b\n', types: { a: 'VARCHAR', b: 'VARCHAR' }, rows: [] },
  { file: 'nothing.csv', content: '', types: { column0: 'VARCHAR' }, rows: [], notes: /empty/ },
  // Encodings.
  {
    file: 'marked.csv',
    content: '\uFEFFa,b\n1,é\n',
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [['1', 'é']],
    encoding: 'utf-8',
  },
  {
    file: 'marked_lines.ndjson',
    content: '\uFEFF{"a":1}\r\n\r\n{"a":2}\r\n',
    types: { a: 'BIGINT' },
    rows: [['1'], ['2']],
  },
  {
    file: 'latin.csv',
    content: Buffer.from('a,b\n1,caf\u00e9 \u0080\n', 'latin1'),
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [['1', 'café €']],
    encoding: 'windows-1252',
    notes: /Windows-1252, which is a guess/,
  },
  {
    file: 'wide_marked.csv',
    content: Buffer.from('\uFEFFa,b\n1,é€😀\n', 'utf16le'),
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [['1', 'é€😀']],
    encoding: 'utf-16le',
  },
  {
    file: 'wide_unmarked.csv',
    content: Buffer.from('a,b\n1,plain\n', 'utf16le'),
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [['1', 'plain']],
    encoding: 'utf-16le',
    notes: /guess/,
  },
  {
    file: 'wide_big.csv',
    content: Buffer.from('\uFEFFa,b\n1,é\n', 'utf16le').swap16(),
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [['1', 'é']],
    encoding: 'utf-16be',
  },
  {
    file: 'packed.csv.zst',
    content: zstdCompressSync('a\n5\n'),
    types: { a: 'BIGINT' },
    rows: [['5']],
  },
  {
    file: 'packed_latin.csv.gz',
    content: gzipSync(Buffer.from('a\n\u00e9\n', 'latin1')),
    types: { a: 'VARCHAR' },
    rows: [['é']],
    encoding: 'windows-1252',
  },
  {
    file: 'wide_objects.ndjson',
    content: Buffer.from('\uFEFF{"a":"é"}\n', 'utf16le'),
    types: { a: 'VARCHAR' },
    rows: [['é']],
    encoding: 'utf-16le',
  },
  { file: 'wildcards[1]*?.csv', content: 'a\n1\n', types: { a: 'BIGINT' }, rows: [['1']] },
  // JSON.
  {
    file: 'objects.ndjson',
    content:
      '{"a":1,"b":1.5,"c":"007","d":"2024-01-02","e":true,"f":null}\n{"a":2,"b":2,"c":"x","d":null,"g":[1,2]}\n',
    types: {
      a: 'BIGINT',
      b: DECIMAL(1),
      c: 'VARCHAR',
      d: 'DATE',
      e: 'BOOLEAN',
      f: 'VARCHAR',
      g: 'BIGINT[]',
    },
    rows: [
      ['1', '1.5', '007', '2024-01-02', 'true', null, null],
      ['2', '2.0', 'x', null, null, null, '[1, 2]'],
    ],
  },
  {
    file: 'moments.ndjson',
    content:
      '{"z":"2024-01-01T10:00:00+02:00","t":"2024-01-01T10:00:00","d":"01/02/2024","u":"3E8C6D2E-0F0E-4C47-8F5F-3F6F7A1C9D10"}\n',
    types: { z: 'TIMESTAMPTZ', t: 'TIMESTAMP', d: 'VARCHAR', u: 'VARCHAR' },
    rows: [
      [
        '2024-01-01 08:00:00+00',
        '2024-01-01 10:00:00',
        '01/02/2024',
        '3E8C6D2E-0F0E-4C47-8F5F-3F6F7A1C9D10',
      ],
    ],
  },
  {
    file: 'huge.ndjson',
    content: '{"id":123456789012345678901}\n{"id":5}\n',
    types: { id: 'HUGEINT' },
    rows: [['123456789012345678901'], ['5']],
  },
  {
    file: 'digits.ndjson',
    content: '{"n":0.1234567890123456789012,"s":"0.1234567890123456789012"}\n{"n":1.5,"s":""}\n',
    types: { n: 'VARCHAR', s: 'VARCHAR' },
    rows: [
      ['0.1234567890123456789012', '0.1234567890123456789012'],
      ['1.5', ''],
    ],
    notes: /more digits/,
  },
  {
    file: 'nested.json',
    content: '[{"p":{"x":9007199254740993,"y":[1.5,2]},"q":[{"r":1},{"r":"z"}]}]',
    types: { p: 'STRUCT("x" VARCHAR, "y" DOUBLE[])', q: 'STRUCT("r" JSON)[]' },
    rows: [["{'x': 9007199254740993, 'y': [1.5, 2.0]}", `[{'r': 1}, {'r': '"z"'}]`]],
  },
  {
    file: 'nested_digits.ndjson',
    content: '{"p":[9007199254740993,0.5]}\n',
    types: { p: 'JSON[]' },
    rows: [['["9007199254740993", 0.5]']],
  },
  {
    file: 'cases.ndjson',
    content: '{"a":1,"A":"x"}\n{"a":2.5}\n',
    types: { a: DECIMAL(1), A_1: 'VARCHAR' },
    rows: [
      ['1.0', 'x'],
      ['2.5', null],
    ],
  },
  {
    file: 'odd_keys.ndjson',
    content: `{"":0,"a/b":1,"a~b":2,"*":3,"a\\\\b":4,"a\\"b":5,"$":6,"a.b":7,"__proto__":8}\n`,
    types: Object.fromEntries(
      ['column_1', 'a/b', 'a~b', '*', 'a\\b', 'a"b', '$', 'a.b', '__proto__'].map((name) => [
        name,
        'BIGINT',
      ]),
    ),
    rows: [['0', '1', '2', '3', '4', '5', '6', '7', '8']],
  },
  {
    file: 'deep.ndjson',
    content: `{"a":${'['.repeat(300)}1${']'.repeat(300)}}\n`,
    types: { a: `JSON${'[]'.repeat(13)}` },
    rows: [[`${'['.repeat(300)}1${']'.repeat(300)}`]],
  },
  {
    file: 'mixed.ndjson',
    content: '{"m":1}\n{"m":"x"}\n{"m":[1]}\n',
    types: { m: 'JSON' },
    rows: [['1'], ['"x"'], ['[1]']],
  },
  { file: 'values.json', content: '[1,"x"]', types: { json: 'JSON' }, rows: [['1'], ['"x"']] },
  {
    file: 'one.json',
    content: '{"a": 1,\n "b": {"c": 0.5}}',
    types: { a: 'BIGINT', b: 'STRUCT("c" DOUBLE)' },
    rows: [['1', "{'c': 0.5}"]],
  },
  {
    file: 'marked_list.json',
    content: '\uFEFF[{"a":1},{"a":2}]',
    types: { a: 'BIGINT' },
    rows: [['1'], ['2']],
  },
  {
    file: 'odd_names.ndjson',
    content: '{"":1,"a.b":2,"c\\"d":3,"e/f":4}\n',
    types: { column_1: 'BIGINT', 'a.b': 'BIGINT', 'c"d': 'BIGINT', 'e/f': 'BIGINT' },
    rows: [['1', '2', '3', '4']],
  },
  {
    file: 'bool_or_number.ndjson',
    content: '{"a":true}\n{"a":1}\n',
    types: { a: 'JSON' },
    rows: [['true'], ['1']],
  },
  {
    file: 'late_latin.csv',
    content: Buffer.from(late('a', '1', 'caf\u00e9'), 'latin1'),
    types: { a: 'VARCHAR' },
    rows: [['café']],
    encoding: 'windows-1252',
  },
  {
    file: 'two_tables.csv',
    content: 'a,b\n1,2\n3,4\n\nx,y,z\n5,6,7\n8,9,10\n',
    types: { a: 'VARCHAR', b: 'VARCHAR', column2: 'VARCHAR' },
    rows: [
      ['1', '2', null],
      ['3', '4', null],
      ['x', 'y', 'z'],
      ['5', '6', '7'],
      ['8', '9', '10'],
    ],
  },
  {
    file: 'name_and_rows.csv',
    content: 'name\nAnn,n/a\nBob,5\nCarl,6\n',
    types: { name: 'VARCHAR', column1: 'VARCHAR' },
    rows: [
      ['Ann', 'n/a'],
      ['Bob', '5'],
      ['Carl', '6'],
    ],
  },
  {
    file: 'filled_titles.csv',
    content: 'Report;;\n;;\nDay;Shop;Sales\n2024-01-01;A;5\n2024-01-02;B;6\n2024-01-03;C;7\n',
    types: { Day: 'DATE', Shop: 'VARCHAR', Sales: 'BIGINT' },
    rows: [
      ['2024-01-01', 'A', '5'],
      ['2024-01-02', 'B', '6'],
      ['2024-01-03', 'C', '7'],
    ],
    notes: /Lines 1 to 2, above the header/,
  },
  {
    file: 'row_names.csv',
    content: '"a","b"\n"1",5,6\n"2",7,8\n',
    types: { column0: 'BIGINT', a: 'BIGINT', b: 'BIGINT' },
    rows: [
      ['1', '5', '6'],
      ['2', '7', '8'],
    ],
    notes: /first column has no name/,
  },
  {
    file: 'named_delimiter.csv',
    content: 'sep=;\na;b\n1;2,5\n',
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [['1', '2,5']],
    notes: /Line 1, above/,
  },
  {
    file: 'date_names.csv',
    content: 'region,2024-01-01,2024-01-02\nN,1,2\n',
    types: { region: 'VARCHAR', '2024-01-01': 'BIGINT', '2024-01-02': 'BIGINT' },
    rows: [['N', '1', '2']],
  },
  {
    file: 'spaced_quotes.csv',
    content: 'a, "b"\n1, "x, y"\n2, z\n',
    types: { a: 'BIGINT', b: 'VARCHAR' },
    rows: [
      ['1', 'x, y'],
      ['2', ' z'],
    ],
  },
  {
    file: 'unquoted_commas.csv',
    content: 'id,address\n1,Main St 5, Springfield\n2,Elm St 7, X\n',
    types: { id: 'BIGINT', address: 'VARCHAR', column2: 'VARCHAR' },
    rows: [
      ['1', 'Main St 5', ' Springfield'],
      ['2', 'Elm St 7', ' X'],
    ],
  },
];

/** What no table can be made of, and what is said of it. */
const failures: [file: string, content: string | Buffer, message: RegExp][] = [
  [
    'unclosed.csv',
    'a,b\n1,"open\n2,z\n',
    /^line 2 \(1,open\): a quote is not closed, or text follows after it\. .*read_csv\('unclosed\.csv', /,
  ],
  [
    'after_quote.csv',
    'a,b\n1,x\n2,"z"w\n',
    /^line 3 \(2,"z"w\): a quote is not closed, or text follows after it\./,
  ],
  ['zeros.csv', 'a,b\n1,x\0y\n', /^it has zero bytes, so it is not text/],
  ['utf32.csv', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), /^it is UTF-32; save it as UTF-8/],
  [
    'half_utf8.csv',
    Buffer.concat([Buffer.from('a\né\nö\n'), Buffer.from([0xe9]), Buffer.from('\n')]),
    /^line 4 is not UTF-8, unlike the rest: it has the byte 0xe9/,
  ],
  [
    'no_encoding.csv',
    Buffer.from([0x61, 0x0a, 0x81, 0x0a]),
    /^its encoding is neither UTF-8, UTF-16 nor Windows-1252/,
  ],
  ['broken.csv.gz', gzipSync('a\n1\n').subarray(0, 15), /^its compressed data is damaged/],
  [
    'bad_line.ndjson',
    '{"a":1}\n{"a":\n{"a":3}\n',
    /^line 2 \(\{"a":\) is not JSON: .*read_ndjson\('bad_line\.ndjson', /,
  ],
  [
    'long_line.csv',
    `a,b\n1,"${'x'.repeat(20_000)}\n2,z\n`,
    /^line 2 \(1,x+…\): a quote is not closed, or text follows after it\./,
  ],
  [
    'twice_among_cases.ndjson',
    '{"a":1,"A":2,"a":3}\n',
    /^an object has a repeated key: \{"a":1,"A":2,"a":3\}/,
  ],
  [
    'twice.ndjson',
    '{"a":1}\n{"a":1,"a":2}\n',
    /^.*duplicate key "a".*read_ndjson\('twice\.ndjson', /,
  ],
];

const nameOf = (file: string) =>
  file
    .split('.')[0]
    ?.toLowerCase()
    .replace(/[^a-z0-9_]/g, '_') ?? '';

let tables: Map<string, QueryTable>;
let rows: Map<string, Record<string, string | null>[]>;
beforeAll(async () => {
  for (const { file, content } of cases) writeFileSync(join(runs.data, file), content);
  for (const [file, content] of failures) writeFileSync(join(runs.data, file), content);
  // The last rows of each file, their values as texts, in as few queries as memory has room for.
  const selected = cases.map(({ file, rows }) => {
    const table = nameOf(file);
    const kept = `(SELECT COLUMNS(*)::VARCHAR FROM (FROM "${table}" OFFSET (SELECT count(*) - ${rows.length} FROM "${table}")))`;
    return `SELECT '${table}' AS name, (SELECT to_json(list(this_row)) FROM ${kept} this_row) AS rows`;
  });
  rows = new Map();
  for (let first = 0; first < selected.length; first += 20) {
    const { cells } = await runs.run(selected.slice(first, first + 20).join(' UNION ALL '));
    for (const [name, of] of cells) rows.set(String(name), (of ?? []) as Record<string, string>[]);
  }
  // What the queries have found out is kept: so the tables are listed as the whole files say.
  const described = await runs.describe({ adapter: 'duckdb', folder: runs.data });
  tables = new Map(described.map((table) => [table.name, table]));
}, 120_000);

test.each(cases)('what $file holds is what its table holds', (one) => {
  const table = tables.get(nameOf(one.file));
  expect(table?.file?.error).toBeUndefined();
  const types = Object.fromEntries((table?.columns ?? []).map(({ name, type }) => [name, type]));
  expect(types).toEqual(one.types);
  expect(rows.get(nameOf(one.file))?.map((row) => Object.values(row))).toEqual(one.rows);
  if (one.notes) expect(table?.file?.notes.join('\n')).toMatch(one.notes);
  if (one.encoding) expect(table?.file?.encoding).toBe(one.encoding);
});

test.each(failures)('%s cannot be read, and it is said why', (file, _, message) => {
  const { columns, file: said } = tables.get(nameOf(file)) ?? {};
  expect(columns).toEqual([]);
  expect(said?.error).toMatch(message);
});
