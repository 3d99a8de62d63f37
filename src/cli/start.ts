import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Nearly all of a start is making sense of the sources. Node keeps what it made of them beside the code itself, where
// nobody writes who may not change the code; where we may not either, each start begins anew.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/rollcall', import.meta.url)));
// At its end a process writes this by itself, but a server may be killed.
setTimeout(flushCompileCache, 10_000).unref();
const { runCommandLine } = await import('./run-command-line.ts');
const { ownSurroundings } = await import('./command-line.ts');
process.exitCode = await runCommandLine(process.argv.slice(2), ownSurroundings());
