import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ListName } from '../../src/inventory/lists.ts';
import type { GivenRow } from '../../src/inventory/row.ts';
import { temporaryFolder } from './workplace.ts';

const archive = fileURLToPath(new URL('../data/workspace.tar.gz', import.meta.url));

/** What the saved workspace holds, as its own facts.json says. */
export type Facts = {
  organization: string;
  reports_all: number;
  reports_shared: number;
  spaces: number;
  personal_spaces: number;
  queries: number;
  charts: number;
  members: number;
  first_shared_token: string;
  last_shared_token: string;
};

/** A copy of the saved workspace of 4,146 reports in a folder of its own, gone when the test ends. */
export function unpackWorkspace(): { folder: string; facts: Facts } {
  const folder = temporaryFolder();
  execFileSync('tar', ['-xzf', archive, '-C', folder]);
  chmodSync(folder, 0o700); // what it was before the archive's own mode, in which only root could remove its files
  return { folder, facts: JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8')) };
}

/** The rows of a list as they were saved, in order. */
export function savedRows(folder: string, list: ListName): GivenRow[] {
  const rows: GivenRow[] = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const saved = JSON.parse(readFileSync(join(folder, `${list}-page-${page}.json`), 'utf8'));
    pages = saved.pagination.total_pages;
    rows.push(...saved[list]);
  }
  return rows;
}
