// Measures the goals that Rollcall is held to, each against an anchor that runs in the same rounds: absolute figures say
// little on a busy machine. Prints the table; with --write, keeps it in docs/performance.md.
//
//   npm run benchmark                          everything: 1,000,000 reports, 5 rounds
//   npm run benchmark -- G1 G4                 some goals
//   npm run benchmark -- --quick               20,000 reports, one round: to see whether it runs
//   REPORTS=100000 ROUNDS=3 npm run benchmark
//   BENCHMARK_DIR=/tmp/benchmark npm run benchmark    keeps the generated reports for the next run
import { memory, wholeCrawl } from './figures/crawls.ts';
import { firstLook } from './figures/first-look.ts';
import { flatness, smallFlatness } from './figures/flatness.ts';
import { generate } from './figures/generate.ts';
import { importFolder } from './figures/import.ts';
import { newPages } from './figures/new-pages.ts';
import { openCharts } from './figures/open-charts.ts';
import { pictures } from './figures/pictures.ts';
import { onPostgres, plainServers } from './figures/plain-servers.ts';
import { readyPages } from './figures/ready-pages.ts';
import { restart } from './figures/restart.ts';
import { rowsOfResults } from './figures/rows-of-results.ts';
import { runToCsv } from './figures/run-to-csv.ts';
import { search } from './figures/search.ts';
import { shortRuns } from './figures/short-runs.ts';
import { underRuns } from './figures/under-runs.ts';
import { underWrites } from './figures/under-writes.ts';
import type { Figure, Line } from './line.ts';
import { MissingTool } from './missing-tool.ts';
import { keepReport, reportOf } from './report.ts';
import { readSettings } from './settings.ts';

const figures: readonly Figure[] = [
  readyPages,
  newPages,
  plainServers,
  flatness,
  smallFlatness,
  wholeCrawl,
  underWrites,
  memory,
  restart,
  onPostgres,
  importFolder,
  generate,
  runToCsv,
  pictures,
  openCharts,
  firstLook,
  rowsOfResults,
  shortRuns,
  underRuns,
  search,
];

using settings = readSettings(process.argv.slice(2), process.env);
const lines: Line[] = [];
const leftOut: string[] = [];
for (const { ids, measure } of figures.filter(isWanted)) {
  process.stderr.write(`Measuring ${ids.join(', ')}\n`);
  try {
    lines.push(...(await measure(settings)));
  } catch (error) {
    if (!(error instanceof MissingTool)) throw error;
    leftOut.push(`${ids.join(', ')}: ${error.message}`);
  }
}
const inOrder = lines.toSorted((a, b) => orderOf(a) - orderOf(b));
const report = reportOf(settings, inOrder, leftOut);
process.stdout.write(`\n${report}\n`);
if (settings.write) keepReport(report);

function isWanted({ ids }: Figure): boolean {
  return settings.figures.length === 0 || ids.some((id) => settings.figures.includes(id));
}

/** G1 to G13, then D1 to D3, then R1 to R6, then P1 to P3, then S1 to S3. */
function orderOf({ id }: Line): number {
  return 'GDRPS'.indexOf(id.charAt(0)) * 100 + Number(id.slice(1));
}
