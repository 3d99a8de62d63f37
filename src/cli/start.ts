import { enableCompileCache, flushCompileCache } from 'node:module';
import { compileCacheDir } from '../compile-cache.ts';

// Nearly all of a start is making sense of the sources.
enableCompileCache(compileCacheDir);
// At its end a process writes this by itself, but a server may be killed.
setTimeout(flushCompileCache, 10_000).unref();
const { runCommandLine } = await import('./run-command-line.ts');
const { ownSurroundings } = await import('./command-line.ts');
process.exitCode = await runCommandLine(process.argv.slice(2), ownSurroundings());
