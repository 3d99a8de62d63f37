// What `npm pack` and `npm publish` put into package.json, and take back afterwards: people who install the package
// bring their own Node, so the one that a checkout gets from npm stays out, and so do scripts that a package lacks.
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'package.json');
const kept = `${file}.checkout`;

if (process.argv[2] === 'make') {
  copyFileSync(file, kept);
  const content = JSON.parse(readFileSync(file, 'utf8'));
  delete content.optionalDependencies;
  delete content.devDependencies;
  delete content.scripts;
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
} else {
  renameSync(kept, file);
}
