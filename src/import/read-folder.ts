import { existsSync, readdirSync, statSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { listsParentsFirst } from '../inventory/lists.ts';
import { listOfNdjson, organizationIn } from './read-ndjson.ts';
import { listOfPages, readPage } from './read-pages.ts';
import type { SourceList } from './source-list.ts';

/** What a folder holds, parents before what belongs to them. */
export type SourceFolder = {
  /** The organization that the rows were saved from, where they say. */
  organization: string | undefined;
  lists: SourceList[];
};

/**
 * Reads what a folder holds of the lists: saved Discovery pages (any `.json` file with `pagination` and a list),
 * or `LIST.ndjson` with one row a line. Other files are left alone.
 *
 * @throws UserError that names the file where one is broken.
 */
export function readFolder(folder: string): SourceFolder {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UserError(
      `${folder} is not a folder. Name the folder with saved Discovery pages or NDJSON files.`,
    );
  }
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const pages = files
    .filter((file) => file.endsWith('.json'))
    .map((file) => readPage(folder, file))
    .filter((page) => page !== undefined);

  const organizations = new Set(
    pages.map((page) => page.organization).filter((name) => name !== undefined),
  );
  if (organizations.size > 1) {
    throw new UserError(
      `${folder} has pages of several organizations (${[...organizations].join(', ')}). Import one at a time, each from its own folder.`,
    );
  }

  const found: SourceList[] = [];
  let [organization] = organizations;
  for (const list of listsParentsFirst) {
    const file = `${list.name}.ndjson`;
    const ofList = pages.filter((page) => page.list === list);
    if (files.includes(file)) {
      if (ofList.length > 0) {
        throw new UserError(
          `${folder} has ${list.name} twice: in ${file} and in ${ofList[0]?.file}. Keep one of them.`,
        );
      }
      found.push(listOfNdjson(folder, file, list));
      organization ??= organizationIn(folder, file, list);
    } else if (ofList.length > 0) {
      found.push(listOfPages(folder, list, ofList));
    }
  }
  if (found.length === 0) {
    throw new UserError(
      `${folder} has neither saved Discovery pages (such as reports-page-1.json) nor NDJSON files (such as reports.ndjson).`,
    );
  }
  return { organization, lists: found };
}
