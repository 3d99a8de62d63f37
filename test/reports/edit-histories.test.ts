import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { expect, test } from 'vitest';
import { checkRows } from '../../src/inventory/row-check.ts';
import { crawlAll, Follower } from '../support/changes.ts';
import { rounds } from '../support/rounds.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const views = ['', '&include_spaces=all'];

const step = fc.record({
  what: fc.constantFrom(
    ...(['make', 'make', 'name', 'move', 'move', 'archive', 'unarchive', 'delete'] as const),
    ...(['add query', 'add query', 'change query', 'delete query'] as const),
    ...(['add chart', 'add chart', 'change chart', 'delete chart', 'restore', 'follow'] as const),
  ),
  which: fc.nat(),
  text: fc.string({ minLength: 1, maxLength: 5 }).filter((text) => !text.includes('\u0000')),
  byAdmin: fc.boolean(),
});

/** Chance may leave out what needs much before it: this one history has it all. */
const everything = [
  ...(['make', 'add query', 'add chart', 'change chart', 'delete chart', 'delete query'] as const),
  ...(['restore', 'move', 'archive', 'unarchive', 'delete', 'follow'] as const),
].map((what) => ({ what, which: 0, text: 'text', byAdmin: true }));

type Page = { _embedded: Record<string, Thing[]>; _links: { next_page?: { href: string } } };
type Thing = {
  token: string;
  archived?: boolean;
  query_count?: number;
  chart_count?: number;
  _links: Record<string, { href: string }>;
};

test('after any history of edits the lists hold what the REST API shows, and so does who followed the changes', async () => {
  const workplace = await openWorkplace();
  const { database, send } = workplace;
  let histories = 0;
  const outcomes = new Set<string>();

  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }),
      async (steps) => {
        const acme = await makeOrganization(database, `acme-${histories++}`);
        const base = `/api/${acme.username}`;
        const admin = await makeBasic(database, acme);
        const member = await makeBasic(database, acme, 'member');
        const bearer = await makeBearer(database, acme);
        const followers = views.map((view) => new Follower(workplace, acme.username, bearer, view));
        const ask = (
          method: InjectOptions['method'] & string,
          url: string,
          payload?: object,
          authorization = admin,
        ) =>
          send({
            method: method as 'GET',
            url,
            headers: { authorization },
            ...(payload && { payload }),
          });
        const list = async (url: string, name: string): Promise<Thing[]> => {
          const found: Thing[] = [];
          for (let next: string | undefined = url; next !== undefined; ) {
            const page: Page = (await ask('GET', next)).json();
            found.push(...(page._embedded[name] ?? []));
            next = page._links.next_page?.href;
          }
          return found;
        };
        const shared = (await ask('POST', `${base}/spaces`, { space: { name: 'Finance' } })).json();
        for (const authorization of [admin, member]) {
          await ask('POST', `${base}/reports`, undefined, authorization);
        }
        const spaces = await list(`${base}/spaces?filter=all`, 'spaces');
        const allReports = async () =>
          (
            await Promise.all(
              spaces.map((space) => list(`${space._links.reports?.href}?filter=all`, 'reports')),
            )
          ).flat();

        for (const { what, which, text, byAdmin } of steps) {
          const as = byAdmin ? admin : member;
          const one = <Item>(items: readonly Item[]) => items[which % Math.max(1, items.length)];
          // Most steps are about something that is there to be changed.
          const isOfChart = what === 'change chart' || what === 'delete chart';
          const isOfQuery = isOfChart || what === 'add chart' || what.endsWith(' query');
          const suits = ({ archived, query_count: queries, chart_count: charts }: Thing) =>
            (!archived || !isOfQuery) &&
            (queries !== 0 || !isOfQuery || what === 'add query') &&
            (charts !== 0 || !isOfChart);
          const at = one((await allReports()).filter(suits))?._links.self?.href;
          const inside = async (name: string, url: string | undefined) =>
            url === undefined ? [] : list(`${url}/${name}`, name);
          const query = one((await inside('queries', at)).filter(suits))?._links.self?.href;
          const chart = one(await inside('charts', query))?._links.self?.href;
          const done = async (
            method: string,
            url: string | undefined,
            payload?: object,
          ): Promise<void> => {
            if (url === undefined) return;
            const { statusCode, body } = await ask(method, url, payload, as);
            expect([200, 201, 204, 403, 404, 409], `${what}: ${body}`).toContain(statusCode);
            outcomes.add(`${what} ${statusCode < 300}`);
          };
          switch (what) {
            case 'make':
              await done('POST', `${base}/reports`, {
                report: { name: text, ...(which % 2 && { space_token: shared.token }) },
              });
              break;
            case 'name':
              await done('PATCH', at, { report: { name: text, description: text } });
              break;
            case 'move':
              await done('PATCH', at, { report: { space_token: one(spaces)?.token } });
              break;
            case 'archive':
            case 'unarchive':
              await done('PATCH', at && `${at}/${what}`);
              break;
            case 'delete':
              await done('DELETE', at);
              break;
            case 'add query':
              await done('POST', at && `${at}/queries`, { query: { raw_query: text } });
              break;
            case 'change query':
              await done('PATCH', query, { query: { name: text } });
              break;
            case 'delete query':
              await done('DELETE', query);
              break;
            case 'add chart':
              await done('POST', query && `${query}/charts`, { chart: { chart_type: 'pie' } });
              break;
            case 'change chart':
              await done('PATCH', chart, { chart: { chart_title: text } });
              break;
            case 'delete chart':
              await done('DELETE', chart);
              break;
            case 'restore': {
              const count =
                at && (await ask('GET', `${at}/versions`)).json().pagination.total_count;
              await done('POST', at && `${at}/versions/${1 + (which % count)}/restore`);
              break;
            }
            case 'follow':
              await followers[which % views.length]?.step(1 + (which % 7));
              break;
          }
        }

        for (const [index, follower] of followers.entries()) {
          await follower.catchUp();
          expect(follower.copy()).toEqual(
            await crawlAll(workplace, acme.username, bearer, views[index]),
          );
        }
        const crawled = async (name: string) => {
          const url = `/batch/${acme.username}/${name}?include_spaces=all`;
          const response = await send({ url, headers: { authorization: bearer } });
          return response.json()[name] as Record<string, unknown>[];
        };
        const reports = (await allReports()).filter(({ archived }) => !archived);
        const pick = (keys: readonly string[]) => (thing: object) =>
          JSON.stringify(keys.map((key) => (thing as Record<string, unknown>)[key]));
        const same = (shown: object[], rows: object[], keys: readonly string[]) =>
          expect(rows.map(pick(keys)).toSorted()).toEqual(shown.map(pick(keys)).toSorted());
        same(reports, await crawled('reports'), [
          ...['token', 'name', 'description', 'space_token'],
          ...['created_at', 'edited_at', 'updated_at'],
        ]);
        same(
          reports.map(({ token }) => ({ report_token: token })),
          await crawled('report_stats'),
          ['report_token'],
        );
        const within = async (things: Thing[], name: string, more: (thing: Thing) => object) =>
          (
            await Promise.all(
              things.map(async (thing) =>
                (
                  await list(`${thing._links.self?.href}/${name}`, name)
                ).map((inner) => ({
                  ...more(thing),
                  ...inner,
                })),
              ),
            )
          ).flat() as Thing[];
        const inSpace = ({ token, space_token }: Thing & { space_token?: string }) => ({
          report_token: token,
          space_token,
        });
        const queries = await within(reports, 'queries', inSpace);
        same(queries, await crawled('queries'), [
          'token',
          'name',
          'raw_query',
          'report_token',
          'space_token',
        ]);
        const charts = await within(
          queries,
          'charts',
          ({ report_token, space_token }: Record<string, unknown> & Thing) => ({
            report_token,
            space_token,
          }),
        );
        same(charts, await crawled('charts'), [
          'token',
          'chart_type',
          'chart_title',
          'query_token',
          'report_token',
          'space_token',
        ]);
        const problems = [];
        for await (const problem of checkRows(database, acme.id)) problems.push(problem);
        expect(problems).toEqual([]);
      },
    ),
    { numRuns: rounds({ usual: 5, full: 40 }), examples: [[everything]] },
  );
  for (const what of ['restore', 'move', 'delete', 'unarchive', 'delete query', 'delete chart']) {
    expect(outcomes).toContain(`${what} true`);
  }
}, 600_000);
