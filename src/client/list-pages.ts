import { type Exchange, getTagged } from './exchange.ts';
import { goesOn, type LinkedPage, type Page, readPage } from './page.ts';

/**
 * The pages of a list, from the one that `query` asks for to the last. The next page is where `_links.next_page`
 * says, until that is absent or was followed already. Some servers link on for ever, to pages that are empty or the
 * last one again: these end the list, too.
 *
 * Of a link only the query is used. The path is the list's own, so that a credential never goes to another host, and
 * a server works behind a path that it knows nothing of.
 */
export async function* listPages<Row>(
  exchange: Exchange,
  {
    list,
    url,
    query,
    authorization,
    signal,
  }: {
    list: string;
    url: string;
    query: URLSearchParams;
    authorization: string;
    signal: AbortSignal | undefined;
  },
): AsyncGenerator<Page<Row>, void, void> {
  const followed = new Set<string>();
  let previous: Page<Row> | undefined;
  let pageUrl: string | undefined = withQuery(url, query.toString());
  while (pageUrl !== undefined && !followed.has(pageUrl)) {
    followed.add(pageUrl);
    const { answer, cursor } = await getTagged(exchange, { url: pageUrl, authorization, signal });
    const { nextHref, ...read }: LinkedPage<Row> = readPage<Row>(pageUrl, list, answer);
    const page: Page<Row> = cursor === null ? read : { ...read, cursor };
    if (previous && !goesOn(previous, page)) return;
    yield page;
    previous = page;
    pageUrl = nextHref === undefined ? undefined : withQuery(url, queryOf(nextHref));
  }
}

function withQuery(url: string, query: string): string {
  return query === '' ? url : `${url}?${query}`;
}

function queryOf(href: string): string {
  const start = href.indexOf('?');
  return start === -1 ? '' : href.slice(start + 1);
}
