import { UserError } from '../errors.ts';
import { type ListName, lists } from '../inventory/lists.ts';

/** Where an inventory is served: the server's root, the organization, and the list where the URL names one. */
export type InventoryUrl = { root: string; organization: string; list: ListName | undefined };

const ACCEPTED =
  'Use http://HOST:PORT/batch/ORGANIZATION, with or without a list at its end (/reports, ...).';

/**
 * Reads the forms in which people copy the address of an inventory: the Discovery API's, with or without a list
 * (`/batch/acme/reports`, `/batch/acme`), the REST API's (`/api/acme`), and the short one (`/acme`).
 *
 * @throws UserError that never shows the URL: it may hold a password.
 */
export function parseInventoryUrl(text: string): InventoryUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UserError(`The URL does not start with http:// or https://. ${ACCEPTED}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UserError(
      'The URL contains a user name or a password, which other users of this machine can see. ' +
        'Remove them, and set ROLLCALL_BEARER or use --bearer-file.',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new UserError(
      `The URL continues after its path (${url.search === '' ? '#' : '?'}...). ${ACCEPTED}`,
    );
  }
  const { before, organization, list } = partsOf(url.pathname);
  if (organization === undefined) {
    throw new UserError(`The URL does not name an organization. ${ACCEPTED}`);
  }
  if (list !== undefined && !isListName(list)) {
    throw new UserError(
      `The URL names a list ${JSON.stringify(list)}; the lists are ${Object.keys(lists).join(', ')}.`,
    );
  }
  return { root: url.origin + before, organization, list };
}

/** A proxy may serve Rollcall below a path of its own, which comes before `/batch` or `/api`. */
function partsOf(path: string): { before: string; organization?: string; list?: string } {
  const long = /^(.*?)\/(?:batch\/([^/]+)(?:\/([^/]+))?|api\/([^/]+))\/*$/.exec(path);
  if (long) {
    const [, before = '', ofBatch, list, ofApi] = long;
    const organization = decode(ofBatch ?? ofApi ?? '');
    return { before, organization, ...(list === undefined ? {} : { list }) };
  }
  const short = /^\/([^/]+)\/*$/.exec(path)?.[1];
  if (short === undefined || short === 'batch' || short === 'api') return { before: '' };
  return { before: '', organization: decode(short) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isListName(name: string): name is ListName {
  return Object.hasOwn(lists, name);
}
