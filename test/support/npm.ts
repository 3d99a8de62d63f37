import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Outcome } from './run-rollcall.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const LEFT_OUT = ['.git', 'node_modules', 'rollcall-data'];

/** Copies this checkout, with what npm has installed in it and the web pages that were built. */
export function copyCheckout(folder: string): void {
  const left = LEFT_OUT.map((name) => join(root, name));
  cpSync(root, folder, { recursive: true, filter: (source) => !left.includes(source) });
  // One link for each package, so that whatever npm might install stays in the copy.
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '.cache') continue;
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
}

/** npm with all the processes that it started. */
export type RunningNpm = {
  output(): { stdout: string; stderr: string };
  /** Sends a signal to npm alone, as a supervisor does, or to all of them, as a terminal does; waits for the end. */
  stop(signal: NodeJS.Signals, to: 'npm' | 'all'): Promise<Outcome>;
  /** Whether any of them is still there. */
  isAlive(): boolean;
  ended: Promise<Outcome>;
};

/** Runs `npm start` in a folder with nothing of the test's own environment but what finds the programs. */
export function runNpmStart(cwd: string, env: Record<string, string>): RunningNpm {
  const path = String(process.env.PATH).split(delimiter);
  const outside = path.filter((folder) => !folder.includes('node_modules')).join(delimiter);
  const child = spawn('npm', ['start'], {
    cwd,
    env: { PATH: outside, HOME: cwd, npm_config_offline: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a process group of its own, as in a terminal
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text;
  });
  const ended = once(child, 'close').then(([code]): Outcome => ({ code, ...written }));
  const group = -(child.pid as number);
  const isAlive = () => {
    try {
      return process.kill(group, 0);
    } catch {
      return false;
    }
  };
  onTestFinished(async () => {
    if (isAlive()) process.kill(group, 'SIGKILL');
    await ended;
  });
  return {
    output: () => ({ ...written }),
    stop(signal, to) {
      process.kill(to === 'npm' ? (child.pid as number) : group, signal);
      return ended;
    },
    isAlive,
    ended,
  };
}
