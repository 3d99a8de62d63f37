import { tmpdir } from 'node:os';
import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { runCommandLine } from '../../src/cli/run-command-line.ts';
import {
  environmentOf,
  launchRollcall,
  type Outcome,
  type RollcallProcess,
  type Surroundings,
} from './rollcall-process.ts';

export type { Outcome };

/** A program that runs until it is stopped, or until the test ends. */
export type RunningRollcall = Pick<RollcallProcess, 'process' | 'output' | 'stop'> & {
  /** The line that was waited for. */
  line: string;
};

/**
 * Runs a command to its end in this process, which spares a start of Node: all that the program adds are its own streams,
 * environment and folder, which `runRollcallProcess` is for.
 */
export async function runRollcall(
  args: string[],
  { cwd = tmpdir(), ...surroundings }: Surroundings,
): Promise<Outcome> {
  const stdout = collect();
  const stderr = collect();
  const code = await runCommandLine(args, {
    stdout: stdout.output,
    stderr: stderr.output,
    env: environmentOf(surroundings),
    cwd,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** Runs the real program to its end. */
export async function runRollcallProcess(
  args: string[],
  surroundings: Surroundings,
): Promise<Outcome> {
  return launchRollcall(args, surroundings).ended;
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
  const started = launchRollcall(args, surroundings);
  onTestFinished(async () => {
    await started.stop('SIGKILL');
  });
  return { ...started, line: await started.findLine(until) };
}

/** What stands in for a file or a pipe that a command writes to. */
function collect(): { output: Writable; text(): string } {
  const chunks: Buffer[] = [];
  const output = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { output, text: () => Buffer.concat(chunks).toString('utf8') };
}
