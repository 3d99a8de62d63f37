import { enableCompileCache, flushCompileCache } from 'node:module';
import { compileCacheDir } from '../compile-cache.ts';
import { limitNewSpace } from './limit-new-space.ts';

limitNewSpace();
// Nearly all of a start is making sense of the sources.
enableCompileCache(compileCacheDir);
// At its end a process writes this by itself, but a server may be killed.
setTimeout(flushCompileCache, 10_000).unref();
// A log that cannot be written, as on a full disk, is no reason to end: there is nowhere to say so, and it may be later.
process.stderr.on('error', () => undefined);
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  process.exitCode = 1;
  // Whoever reads no more knows that.
  if (code !== 'EPIPE') process.stderr.write(`rollcall: Cannot write the output: ${message}.\n`);
});
const { runCommandLine } = await import('./run-command-line.ts');
const { ownSurroundings } = await import('./command-line.ts');
const exitCode = await runCommandLine(process.argv.slice(2), ownSurroundings());
if (exitCode !== 0) process.exitCode = exitCode;
