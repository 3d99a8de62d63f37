import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Import = {
  /** The file that is imported, below the root, or what a package is called. */
  to: string;
  /** What is imported are types alone: nothing is loaded for them. */
  isType: boolean;
};

export type SourceFile = { path: string; text: string; imports: readonly Import[] };

const STATEMENT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?([^'";]*?)\bfrom\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'|\bimport\(\s*'([^']+)'/g;

/** The sources below a folder of the repository, each with what it imports: statically, dynamically, for types alone. */
export function readSources(folder: string): SourceFile[] {
  const root = fileURLToPath(new URL(`../../${folder}`, import.meta.url));
  return globSync('**/*.{ts,tsx}', { cwd: root }).map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const imports = [...text.matchAll(STATEMENT)].map(
      ([, type, names = '', from, effect, dynamic]) => {
        const to = from ?? effect ?? dynamic ?? '';
        return {
          to: to.startsWith('.') ? relative(root, join(root, dirname(path), to)) : to,
          isType: type !== undefined || onlyTypes(names),
        };
      },
    );
    return { path, text, imports };
  });
}

/** Whether each of the names in braces is said to be a type. */
function onlyTypes(names: string): boolean {
  const inBraces = /^\{([^}]*)\}\s*$/.exec(names.trim())?.[1];
  const parts = (inBraces ?? '').split(',').filter((part) => part.trim() !== '');
  return parts.length > 0 && parts.every((part) => part.trim().startsWith('type '));
}

/** What hangs together in a circle, each as its sorted members; from each node to those that it leads to. */
export function circles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const reached = new Map([...graph.keys()].map((node) => [node, reachable(graph, node)]));
  const found = new Set<string>();
  for (const [node, ahead] of reached) {
    if (!ahead.has(node)) continue;
    const members = [...ahead].filter((other) => reached.get(other)?.has(node)).sort();
    found.add(members.join(' '));
  }
  return [...found].map((members) => members.split(' '));
}

function reachable(graph: ReadonlyMap<string, ReadonlySet<string>>, from: string): Set<string> {
  const seen = new Set<string>();
  const ahead = [from];
  for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
    for (const next of graph.get(node) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      ahead.push(next);
    }
  }
  return seen;
}

/** A graph of names that several files may share, such as their folders; arrows within one name are left out. */
export function graphOf(
  files: readonly SourceFile[],
  nameOf: (path: string) => string | undefined,
  { withTypes }: { withTypes: boolean },
): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    const from = nameOf(path);
    if (from === undefined) continue;
    const arrows = graph.get(from) ?? new Set<string>();
    graph.set(from, arrows);
    for (const { to, isType } of imports) {
      const name = nameOf(to);
      if (name !== undefined && name !== from && (withTypes || !isType)) arrows.add(name);
    }
  }
  return graph;
}
