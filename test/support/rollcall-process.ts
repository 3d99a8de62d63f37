import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { compileCache } from '../../src/compile-cache.ts';

export type Surroundings = {
  /** The data folder. Always given, so that no test touches the one of whoever runs it. */
  dataDir: string;
  /** Variables besides; nothing of the test's own environment but PATH, HOME and TMPDIR is handed on. */
  env?: Record<string, string>;
  /** Where the user stands. */
  cwd?: string;
  /** The program, if it is not this version. */
  program?: string;
};

export type Outcome = { code: number | null; stdout: string; stderr: string };

export type RollcallProcess = {
  process: ChildProcess;
  /** Everything that it has written so far. */
  output(): { stdout: string; stderr: string };
  /** The first line of its standard output that holds this. @throws Error with all that it wrote, where it ends before. */
  findLine(wanted: RegExp): Promise<string>;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Outcome>;
  ended: Promise<Outcome>;
};

/** The whole environment of a command in these surroundings. */
export function environmentOf({
  dataDir,
  env = {},
}: Pick<Surroundings, 'dataDir' | 'env'>): Record<string, string> {
  const { PATH, HOME, TMPDIR } = process.env;
  const own = Object.entries({ PATH, HOME, TMPDIR }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(own), ROLLCALL_DATA_DIR: dataDir, ...env };
}

const thisProgram = fileURLToPath(new URL('../../src/cli/rollcall.ts', import.meta.url));

/** Starts the real program; whoever starts it stops it. */
export function launchRollcall(
  args: string[],
  { cwd = tmpdir(), program = thisProgram, ...surroundings }: Surroundings,
): RollcallProcess {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    // Of this version, what starts before the program sets its cache is compiled once, too.
    env: { ...(program === thisProgram ? compileCache : {}), ...environmentOf(surroundings) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text;
  });
  const ended = once(child, 'close').then(([code]): Outcome => ({ code, ...written }));
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<Outcome> => {
    child.kill(signal);
    return ended;
  };
  const findLine = (wanted: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const lines = written.stdout.split('\n').slice(0, -1);
        const found = lines.find((line) => wanted.test(line));
        if (found !== undefined) resolve(found);
      };
      child.stdout.on('data', look);
      ended.then(({ code, stdout, stderr }) =>
        reject(new Error(`rollcall ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`)),
      );
    });
  return { process: child, output: () => ({ ...written }), findLine, stop, ended };
}
