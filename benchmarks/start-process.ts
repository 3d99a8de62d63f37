import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('..', import.meta.url));

/** Starts a Node program of this repository, and answers the first URL that it prints. */
export function startServer(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ url: URL; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, args, {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let printed = '';
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}.`)));
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      const url = /https?:\/\/[\w.:]+/.exec(printed)?.[0];
      if (url && printed.includes('\n')) resolve({ url: new URL(url), stop: () => stop(child) });
    });
  });
}

/** Runs a Rollcall command to its end; answers what it prints. */
export function rollcall(dataDir: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['src/cli/rollcall.ts', ...args], {
    cwd: repository,
    env: { ...process.env, ROLLCALL_DATA_DIR: dataDir },
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

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
