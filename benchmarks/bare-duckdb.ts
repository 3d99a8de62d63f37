import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./anchors/duckdb-copy.ts', import.meta.url));

/** A process with DuckDB and nothing else, which is ready: the anchor of what we do with DuckDB. */
export function openBareDuckdb() {
  const bare = fork(program);
  return {
    /** Runs a statement; answers how many milliseconds it took there. */
    async timedMs(sql: string): Promise<number> {
      bare.send(sql);
      const [ms] = await once(bare, 'message');
      return ms;
    },
    end(): void {
      bare.kill();
    },
  };
}
