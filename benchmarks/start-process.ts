import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** A program that runs until it is disposed of. */
export type Program = { pid: number; [Symbol.asyncDispose](): Promise<void> };

/** A server that listens. */
export type Running = Program & { url: URL };

/** How long a program and its children have had a processor, in microseconds; to a hundredth of a second (proc(5)). */
export function processorUs({ pid }: Pick<Program, 'pid'>): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const ticks = fields.split(' ').slice(11, 13).map(Number);
  return [
    ...ticks.map((count) => count * 10_000),
    ...childrenOf({ pid }).map((child) => processorUs(child)),
  ].reduce((sum, one) => sum + one, 0);
}

/** The programs that a program has started and that still run. */
export function childrenOf({ pid }: Pick<Program, 'pid'>): Pick<Program, 'pid'>[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map((child) => ({ pid: Number(child) }));
}

/** How much memory a program has that is no file's. */
export function anonymousMegabytes({ pid }: Pick<Program, 'pid'>): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1]) / 1000;
}

/** Starts a Node program of this repository that prints the URL at which it listens. */
export async function startServer(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Running> {
  const { line, ...program } = await startProgram(args, env);
  return { ...program, url: new URL(/https?:\/\/[\w.:]+/.exec(line)?.[0] as string) };
}

/** Starts a Node program of this repository; it runs once it has printed a line. */
export function startProgram(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Program & { line: string }> {
  const child = spawn(process.execPath, args, {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let line = '';
    const onExit = (code: number | null) =>
      reject(new Error(`${args.join(' ')} ended with ${code}.`));
    child.once('exit', onExit);
    child.stdout.on('data', (chunk) => {
      line += chunk;
      if (!line.includes('\n')) return;
      child.off('exit', onExit);
      resolve({ ...programOf(child), line });
    });
  });
}

/** A process that runs already. */
export function programOf(child: ChildProcess): Program {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    pid: child.pid as number,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      const code = await ended;
      if (code) throw new Error(`${child.spawnargs.join(' ')} ended with ${code}.`);
    },
  };
}

/** Runs a Rollcall command to its end; answers what it prints. */
export function rollcall(env: Record<string, string>, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['src/cli/rollcall.ts', ...args], {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.once('close', (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`rollcall ${args.join(' ')} ended with ${code}.`));
    });
  });
}
