import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Line, tableOf } from './line.ts';
import { generator } from './load.ts';
import type { Settings } from './settings.ts';

const page = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
const BEGIN = '<!-- measured: begin -->';
const END = '<!-- measured: end -->';

/** What was measured, how, and where, as Markdown. */
export function reportOf(
  { reports, rounds, seconds }: Settings,
  lines: readonly Line[],
  leftOut: readonly string[],
): string {
  const machine = `${cpus().length} cores (${cpus()[0]?.model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux, Node ${process.version}`;
  return [
    tableOf(lines),
    ...leftOut.map((text) => `Not measured: ${text}.`),
    `${new Date().toISOString().slice(0, 10)}: ${reports.toLocaleString('en')} reports; medians of ${rounds} interleaved rounds of ${seconds} s. ` +
      `Load by ${generator}, crawls by a client in Node, on the same machine as the servers: ${machine}.`,
  ].join('\n\n');
}

/** Puts the report in place of the one that docs/performance.md has. */
export function keepReport(report: string): void {
  const text = readFileSync(page, 'utf8');
  const [before] = text.split(BEGIN);
  const [, after] = text.split(END);
  if (after === undefined) throw new Error(`${page} has no place for the table.`);
  writeFileSync(page, `${before}${BEGIN}\n\n${report}\n\n${END}${after}`);
}
