import type { DuckDBConnection } from '@duckdb/node-api';
import type { ChartAsWritten } from '../../charts/plan-picture.ts';
import type { PivotRange } from '../pivot-range.ts';
import type { Cut } from '../query-job.ts';
import { limitReading } from '../results/duckdb.ts';
import { makePivot, type Pivot, readPivot } from './draw-pivot.ts';
import { aboutResult, fitting, readPlans, refusal } from './make-pictures.ts';

/** How many pivot tables of one result a process keeps; of others, that which was not used for longest goes. */
const MOST_KEPT = 4;

/** Reads parts of the pivot tables of one result, each of which is made once. */
export class PivotReader {
  readonly #duckdb: DuckDBConnection;
  readonly #file: string;
  /** By their charts, those last used at the end. */
  readonly #kept = new Map<string, Pivot | { refused: string }>();
  #made = 0;

  private constructor(duckdb: DuckDBConnection, file: string) {
    this.#duckdb = duckdb;
    this.#file = file;
  }

  static async open(
    duckdb: DuckDBConnection,
    { parquetFile, memoryBytes }: { parquetFile: string; memoryBytes: number },
  ): Promise<PivotReader> {
    await limitReading(duckdb, parquetFile, memoryBytes);
    return new PivotReader(duckdb, parquetFile);
  }

  /** JSON of a picture; it has fewer rows and columns than asked for where it would be too large. */
  async read(
    chart: ChartAsWritten,
    range: PivotRange,
    { cut }: { cut?: Cut | undefined },
  ): Promise<string> {
    const key = JSON.stringify(chart);
    const pivot = this.#kept.get(key) ?? (await this.#make(chart));
    this.#kept.delete(key);
    this.#kept.set(key, pivot);
    await this.#forget();
    const about = aboutResult(cut);
    if ('refused' in pivot) return refusal(pivot.refused, about);
    return fitting(({ cells }) => {
      const columns = Math.min(range.columns, cells);
      const rows = Math.max(1, Math.min(range.rows, Math.floor(cells / columns)));
      return readPivot(pivot, { ...range, rows, columns });
    }, about);
  }

  async #make(chart: ChartAsWritten): Promise<Pivot | { refused: string }> {
    const { result, plans } = await readPlans(this.#duckdb, this.#file, [chart]);
    const [plan] = plans;
    if (plan === undefined) throw new Error('A chart has a plan.');
    return 'refused' in plan ? plan : makePivot(result, plan, `pivot_${this.#made++}`);
  }

  async #forget(): Promise<void> {
    for (const [key, pivot] of this.#kept) {
      if (this.#kept.size <= MOST_KEPT) return;
      this.#kept.delete(key);
      if ('refused' in pivot) continue;
      for (const table of ['lines', 'columns', 'cells', 'line_totals', 'column_totals', 'totals'])
        await this.#duckdb.run(`DROP TABLE IF EXISTS ${pivot.name}_${table}`);
    }
  }
}
