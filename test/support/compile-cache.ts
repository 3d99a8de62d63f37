import { compileCacheDir } from '../../src/compile-cache.ts';

/** The environment in which a program of the tests begins fast: it finds what Node made of the sources the last time. */
export const compileCache = { NODE_COMPILE_CACHE: compileCacheDir };
