import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './workplace.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How a version differs from this one. */
export type ProgramChanges = {
  version: string;
  /** Migrations by their paths below `migrations/`. */
  migrations: Record<string, string>;
  /** Whether every row of every list has one more field, `trial_note`. */
  hasNote?: boolean;
};

/** What gives each list one more field, after all others. */
const MORE_FIELDS = `
for (const { fields } of Object.values(lists))
  (fields as Field[]).push(text('trial_note', 'A note that this version adds.'));
`;

/**
 * Makes another version of the whole program: a copy of its sources with another number, more migrations and, where it is
 * wanted, one more field in every list.
 *
 * @returns the path of its program; see `Surroundings.program`.
 */
export function makeProgramVersion({
  version,
  migrations,
  hasNote = false,
}: ProgramChanges): string {
  const folder = temporaryFolder();
  for (const name of ['src', 'migrations'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, version }));
  for (const [name, text] of Object.entries(migrations)) {
    const file = join(folder, 'migrations', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const replaceIn = (name: string, part: string, by: string) => {
    const file = join(folder, name);
    const [before, after] = readFileSync(file, 'utf8').split(part);
    if (after === undefined) throw new Error(`There is no ${part} in ${name}.`);
    writeFileSync(file, `${before}${by}${after}`);
  };
  // What Node makes of the copy is gone with it, too, and there for the copy's next process soon.
  replaceIn('src/compile-cache.ts', '../node_modules/.cache/', '../.cache/');
  replaceIn('src/cli/start.ts', 'flushCompileCache, 10_000', 'flushCompileCache, 500');
  if (hasNote) appendFileSync(join(folder, 'src/inventory/lists.ts'), MORE_FIELDS);
  return join(folder, 'src/cli/rollcall.ts');
}

/**
 * A migration in code that gives each row that has none a note of its list and token. A process whose environment names a
 * list in `TEST_HANGS_AT` hangs at its first row.
 */
export const addNotes = (oldest: string): string => `// oldest: ${oldest}
import { rewriteRows } from '../src/inventory/rewrite-rows.ts';

export default rewriteRows((row, { name, tokenField }) => {
  if (name === process.env.TEST_HANGS_AT) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  return { ...row, trial_note: row.trial_note ?? \`\${name} \${row[tokenField]}\` };
});
`;
