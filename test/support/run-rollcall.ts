import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

type Surroundings = {
  /** The data folder. Always given, so that no test touches the one of whoever runs it. */
  dataDir: string;
  /** Variables besides; nothing of the test's own environment but PATH, HOME and TMPDIR is handed on. */
  env?: Record<string, string>;
  /** Where the user stands. */
  cwd?: string;
};

export type Outcome = { code: number | null; stdout: string; stderr: string };

/** A program that runs until it is stopped, or until the test ends. */
export type RunningRollcall = {
  process: ChildProcess;
  /** The line that was waited for. */
  line: string;
  /** Everything that it has written so far. */
  output(): { stdout: string; stderr: string };
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Outcome>;
};

const program = fileURLToPath(new URL('../../src/cli/rollcall.ts', import.meta.url));

/** Runs the real program to its end. */
export async function runRollcall(args: string[], surroundings: Surroundings): Promise<Outcome> {
  return start(args, surroundings).ended;
}

/**
 * What a command prints with `--json`.
 *
 * @throws Error with all that it wrote, where it fails.
 */
export async function readRollcall<Data>(
  args: string[],
  surroundings: Surroundings,
): Promise<Data> {
  const { code, stdout, stderr } = await runRollcall([...args, '--json'], surroundings);
  if (code !== 0) throw new Error(`rollcall ${args.join(' ')} ended with ${code}:\n${stderr}`);
  return JSON.parse(stdout) as Data;
}

/**
 * Starts the real program and waits for a line of its standard output.
 *
 * @param until what the line must hold.
 * @throws Error with all that it wrote, where it ends before.
 */
export async function startRollcall(
  args: string[],
  { until, ...surroundings }: Surroundings & { until: RegExp },
): Promise<RunningRollcall> {
  const { child, output, ended } = start(args, surroundings);
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<Outcome> => {
    child.kill(signal);
    return ended;
  };
  onTestFinished(async () => {
    await stop('SIGKILL');
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const lines = output().stdout.split('\n').slice(0, -1);
      const found = lines.find((candidate) => until.test(candidate));
      if (found !== undefined) resolve(found);
    });
    ended.then(({ code, stdout, stderr }) =>
      reject(new Error(`rollcall ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`)),
    );
  });
  return { process: child, output, stop, line };
}

function start(args: string[], { dataDir, env = {}, cwd = tmpdir() }: Surroundings) {
  const { PATH, HOME, TMPDIR } = process.env;
  const own = Object.entries({ PATH, HOME, TMPDIR }).filter(([, value]) => value !== undefined);
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...Object.fromEntries(own), ROLLCALL_DATA_DIR: dataDir, ...env },
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
  return { child, output: () => ({ ...written }), ended };
}
