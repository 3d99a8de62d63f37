import { fileURLToPath } from 'node:url';

/** The environment in which a program of the tests begins fast: it finds what Node made of the sources the last time. */
export const compileCache = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/rollcall', import.meta.url)),
};
