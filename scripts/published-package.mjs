// What `npm pack` and `npm publish` put into package.json, and take back afterwards: people who install the package
// bring their own Node, so the one that a checkout gets from npm stays out, and so do scripts that a package lacks and
// what only the building of the web pages needs.
import { copyFileSync, globSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'package.json');
const kept = `${file}.checkout`;

if (process.argv[2] === 'make') {
  copyFileSync(file, kept);
  const content = JSON.parse(readFileSync(file, 'utf8'));
  delete content.devDependencies;
  delete content.scripts;
  const server = globSync(join(dirname(file), 'dist/**/*.js'), { exclude: ['**/dist/web/**'] })
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  for (const wanted of [content.dependencies, content.optionalDependencies]) {
    for (const name of Object.keys(wanted)) if (!server.includes(`'${name}`)) delete wanted[name];
  }
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
} else {
  renameSync(kept, file);
}
