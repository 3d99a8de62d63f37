// Compiles migrations in code into `dist/migrations`: Node does not run TypeScript in an installed package.
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [from = join(root, 'migrations'), to = join(root, 'dist/migrations')] = process.argv.slice(2);

mkdirSync(to, { recursive: true });
for (const path of globSync(join(from, '*.ts'))) {
  const code = stripTypeScriptTypes(readFileSync(path, 'utf8'));
  // Beside the compiled sources, which lie in `dist` itself.
  const compiled = code.replaceAll(/(from ')\.\.\/src\/([^']+)\.ts'/g, "$1../$2.js'");
  writeFileSync(join(to, basename(path).replace(/ts$/, 'js')), compiled);
}
