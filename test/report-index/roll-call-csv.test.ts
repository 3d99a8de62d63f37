import { expect, test } from 'vitest';
import { rollCallCsvLine } from '../../src/report-index/roll-call-csv.ts';

const report = {
  token: 'bfe4fc361d9f',
  state: 'never_ran',
  creatorEmail: null,
  ownerLeft: false,
  spaceToken: null,
  spaceName: null,
  lastRunAt: null,
  lastRunState: null,
  lastSuccessAt: null,
  lastViewedAt: null,
  sameSql: null,
} as const;

/** The name of a report as the line has it, without the quotes around what breaks a line. */
function writtenName(name: string): string {
  const [, written = ''] =
    /^bfe4fc361d9f,"?(.*?)"?,never_ran,/s.exec(rollCallCsvLine({ ...report, name })) ?? [];
  return written;
}

test('names are no formulas: the roll call knew fewer signs than results do', () => {
  for (const start of ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'])
    expect(writtenName(`${start}1+1`), JSON.stringify(start)).toBe(`'${start}1+1`);
  for (const name of ['', '1+1', 'a=1', "'=1"]) expect(writtenName(name)).toBe(name);
});
