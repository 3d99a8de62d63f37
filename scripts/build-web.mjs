// Builds the web pages into dist/web where their sources have changed since. Runs on whatever Node the machine has, as
// install.mjs does, and speaks on standard error only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { overBudget } from './web-budgets.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const output = join(root, 'dist', 'web');
const marker = join(output, '.sources');

const hash = createHash('sha256');
for (const source of [
  'web',
  'src/client',
  'src/charts',
  'src/clock.ts',
  'package-lock.json',
  'scripts/build-web.mjs',
  'scripts/web-budgets.mjs',
]) {
  for (const file of filesIn(join(root, source))) {
    hash.update(relative(root, file)).update(readFileSync(file));
  }
}
const wanted = hash.digest('hex');

if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
  process.stderr.write('Building the web pages (once, a few seconds) ...\n');
  const path = join(root, 'node_modules', '.bin') + delimiter + process.env.PATH;
  const args = ['build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'];
  const vite = spawnSync('vite', args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PATH: path, NODE_ENV: 'production' },
  });
  if (vite.status !== 0) {
    process.stderr.write(`Building the web pages failed: "vite ${args.join(' ')}"; see above.\n`);
    process.exit(1);
  }
  // The files of swagger-ui-dist, without its dependency that reports installations to another host.
  const swaggerUi = join(root, 'node_modules', '@fastify', 'swagger-ui', 'static');
  for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css'])
    copyFileSync(join(swaggerUi, name), join(output, 'docs', name));
  const compressed = new Set(['.js', '.css', '.svg', '.html']);
  for (const file of filesIn(output).filter((name) => compressed.has(extname(name)))) {
    const content = readFileSync(file);
    writeFileSync(`${file}.br`, brotliCompressSync(content));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  }
  const tooLarge = overBudget(output);
  if (tooLarge.length > 0) {
    process.stderr.write(
      `The web pages are larger than they may be (scripts/web-budgets.mjs):\n${tooLarge.join('\n')}\n` +
        'Load what is large only where it is needed, or do without it.\n',
    );
    process.exit(1);
  }
  writeFileSync(marker, wanted);
}

/** The files in a folder and below, or the one file, in a fixed order. */
function filesIn(path) {
  if (extname(path) !== '') return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? filesIn(join(path, entry.name)) : [join(path, entry.name)],
    );
}
