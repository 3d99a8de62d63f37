import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { listDocuments, readDocument } from '../support/documents.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The links of a document to others of ours. */
function internalLinks(path: string): string[] {
  const text = readDocument(path).replaceAll(/^```.*?^```/gms, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target as string)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that headings get where documents are shown. */
function anchorsOf(path: string): string[] {
  const text = readDocument(path).replaceAll(/^```.*?^```/gms, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    String(heading)
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(listDocuments())('%s', (path) => {
  test('has links that lead somewhere', () => {
    for (const link of internalLinks(path)) {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      expect(existsSync(join(root, target)), `${path} links to ${link}`).toBe(true);
      if (anchor) expect(anchorsOf(target), `${path} links to ${link}`).toContain(anchor);
    }
  });
});

test('the index names every document', () => {
  const named = internalLinks('docs/README.md').map((link) => join('docs', link));
  const others = listDocuments().filter((path) => !path.endsWith('README.md'));
  expect(named.toSorted()).toEqual(others.toSorted());
});
