import { enableCompileCache, flushCompileCache } from 'node:module';
import { afterAll } from 'vitest';
import { compileCacheDir } from '../../src/compile-cache.ts';

// The setup file of every test file: a worker compiles only what no worker or program has compiled before it.
enableCompileCache(compileCacheDir);
afterAll(() => flushCompileCache());
