import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf, type Target } from './load.ts';
import { pageOf, pagesOf } from './reports-pages.ts';
import type { Filled, Store } from './store.ts';

/** The path under which nginx finds a page. */
export function pageFile(page: number): string {
  return `/${page}.json`;
}

/** Every page of an organization as a file with the very bytes that the server sends. */
export async function savePages(store: Store, filled: Filled, target: Target): Promise<string> {
  const folder = join(store.dataDir, `pages-${filled.name}`);
  if (existsSync(join(folder, pageFile(pagesOf(filled))))) return folder;
  mkdirSync(folder, { recursive: true });
  for (let page = 1; page <= pagesOf(filled); page++) {
    const { body } = await answerOf(target, pageOf(filled, page));
    writeFileSync(join(folder, pageFile(page)), body);
  }
  return folder;
}
