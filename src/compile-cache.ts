import { fileURLToPath } from 'node:url';

/**
 * Where Node keeps what it made of the sources, so that the next process need not: beside the code itself, where nobody
 * writes who may not change the code. Where we may not either, each start begins anew.
 */
export const compileCacheDir = fileURLToPath(
  new URL('../node_modules/.cache/rollcall', import.meta.url),
);

/** The environment of a process or a thread that starts from there. Neither has it from the process that starts it. */
export const compileCache = { NODE_COMPILE_CACHE: compileCacheDir };
