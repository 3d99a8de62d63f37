import { describe, expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme(reports: number) {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const rows = Array.from({ length: reports }, (_, index) => reportRow(index + 1));
  await putRows(workplace.database, acme, lists.reports, rows);
  const bearer = await makeBearer(workplace.database, acme);
  return {
    ...workplace,
    bearer,
    /** The reports list with this after its path. */
    list: (rest: string) => workplace.get(`/batch/acme/reports${rest}`, bearer),
  };
}

describe('page and per_page', () => {
  test.each([
    ['', 1, 1000],
    ['?', 1, 1000],
    ['?&&', 1, 1000],
    ['?page=1', 1, 1000],
    ['?page=3', 3, 1000],
    ['?per_page=1', 1, 1],
    ['?per_page=999', 1, 999],
    ['?per_page=1000', 1, 1000],
    ['?page=2&per_page=2', 2, 2],
    ['?per_page=2&page=2', 2, 2],
    ['?per_page=007&page=02', 2, 7],
    ['?page=9007199254740991', 9_007_199_254_740_991, 1000],
    ['?per%5Fpage=2', 1, 2],
    ['?per_page=%32', 1, 2],
    ['?per_page=2&include_spaces=all&page=3', 3, 2],
    ['/?page=2', 2, 1000],
  ])('%s', async (rest, page, perPage) => {
    const { list } = await openAcme(1);
    const response = await list(rest);
    expect(response.statusCode).toBe(200);
    expect(response.json().pagination).toMatchObject({ page, per_page: perPage });
  });

  test.each([
    ['the documentation’s own ?per_page?=100', '?per_page?=100', 1, 100],
    ['a second ? for &', '?per_page=2?page=2', 2, 2],
    ['a catalog’s ?include_spaces=all?page=2', '?include_spaces=all?page=2', 2, 1000],
    ['a client that joins its own ? to a link', '?page=2&per_page=5?', 2, 5],
    ['both at once', '?per_page?=100?page?=3', 3, 100],
  ])('are read the way clients write them: %s', async (_, rest, page, perPage) => {
    const { list } = await openAcme(1);
    const response = await list(rest);
    expect(response.statusCode).toBe(200);
    expect(response.json().pagination).toMatchObject({ page, per_page: perPage });
  });

  test.each([
    '?format=json',
    '?page=1&format=json&order=asc',
    '?Page=0',
    '?perpage=0',
    '?per_page[]=0',
    '?organization=other',
    '?=0',
    '?%',
    '?__proto__=1&constructor=2',
  ])('other parameters are ignored: %s', async (rest) => {
    const { list } = await openAcme(1);
    const response = await list(rest);
    expect(response.statusCode).toBe(200);
    expect(response.json()._links).toEqual({
      prev_page: { href: '/batch/acme/reports?page=1&per_page=1000' },
    });
  });

  const notWholeNumbers = [
    ['', ''],
    ['0', '0'],
    ['00', '00'],
    ['-1', '-1'],
    ['+5', ' 5'],
    ['%2B5', '+5'],
    ['1e3', '1e3'],
    ['0x10', '0x10'],
    ['0b1', '0b1'],
    ['1.0', '1.0'],
    ['1_0', '1_0'],
    ['1,000', '1,000'],
    ['%201', ' 1'],
    ['1%20', '1 '],
    ['1%0A', '1\n'],
    ['%EF%BC%91', '１'],
    ['%D9%A1', '١'],
    ['%C2%B2', '²'],
    ['ten', 'ten'],
    ['null', 'null'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['1;2', '1;2'],
    ['%zz', '%zz'],
    ['99999999999999999999', '99999999999999999999'],
    [`1${'0'.repeat(400)}`, `1${'0'.repeat(79)}…`],
  ] as const;

  test.each(notWholeNumbers)(
    'per_page=%s is a 400 that names it and the range',
    async (text, shown) => {
      const { list } = await openAcme(1);
      const response = await list(`?per_page=${text}`);
      expect(response.statusCode).toBe(400);
      expect(response.json()).toEqual({
        id: 'bad_request',
        message: `per_page is ${JSON.stringify(shown)}; it must be a whole number from 1 to 1000, in decimal digits.`,
        hint: 'Omit per_page for 1000.',
      });
    },
  );

  test.each(notWholeNumbers)(
    'page=%s is a 400 that names it and the range',
    async (text, shown) => {
      const { list } = await openAcme(1);
      const response = await list(`?page=${text}`);
      expect(response.statusCode).toBe(400);
      expect(response.json()).toEqual({
        id: 'bad_request',
        message: `page is ${JSON.stringify(shown)}; it must be a whole number from 1 to 9007199254740991, in decimal digits.`,
        hint: 'Omit page for 1.',
      });
    },
  );

  test.each(['1001', '9999', '9007199254740991'])('per_page=%s is a 400', async (text) => {
    const { list } = await openAcme(1);
    const response = await list(`?per_page=${text}`);
    expect(response.statusCode).toBe(400);
    expect(response.json().message).toContain(`"${text}"`);
  });

  test.each([
    ['?page', 'page is "";'],
    ['?per_page', 'per_page is "";'],
    ['?per_page?', 'per_page is "";'],
    ['?page=1&page=1', 'page is given 2 times: "1", "1".'],
    ['?page=1?page=2', 'page is given 2 times: "1", "2".'],
    ['?per_page=5&page=1&per_page=', 'per_page is given 2 times: "5", "".'],
    ['?per_page=5&per_page?=5', 'per_page is given 2 times: "5", "5".'],
    [`?${'page=1&'.repeat(7)}`, 'page is given 7 times: "1", "1", "1", "1", "1".'],
    ['?page=0&per_page=0', 'page is "0";'],
  ])('%s is a 400', async (rest, message) => {
    const { list } = await openAcme(1);
    const response = await list(rest);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ id: 'bad_request' });
    expect(response.json().message.slice(0, message.length)).toBe(message);
  });
});

describe('the pages of a list', () => {
  test('hold every row once, in the order in which the organization got them', async () => {
    const { list } = await openAcme(2500);
    for (const perPage of [1000, 999, 500, 64, 2500 / 50]) {
      const ids: number[] = [];
      const pages = Math.ceil(2500 / perPage);
      for (let page = 1; page <= pages; page++) {
        const { pagination, reports } = (await list(`?page=${page}&per_page=${perPage}`)).json();
        expect(pagination).toEqual({
          page,
          per_page: perPage,
          count: page < pages ? perPage : 2500 - perPage * (pages - 1),
          total_pages: pages,
          total_count: 2500,
        });
        expect(reports).toHaveLength(pagination.count);
        ids.push(...reports.map((report: { id: number }) => report.id));
      }
      expect(ids).toEqual(Array.from({ length: 2500 }, (_, index) => index + 1));
    }
  });

  test('a whole last page has nothing after it', async () => {
    const { list } = await openAcme(2000);
    const last = (await list('?page=2')).json();
    expect(last.pagination).toMatchObject({ count: 1000, total_pages: 2 });
    expect(last._links).toEqual({
      prev_page: { href: '/batch/acme/reports?page=1&per_page=1000' },
    });
  });

  test.each([3, 4, 1000, 9_007_199_254_740_991])(
    'page %i, past the end, is a 200 without rows that leads back to the last page',
    async (page) => {
      const { list } = await openAcme(20);
      const response = await list(`?page=${page}&per_page=10`);
      expect(response.statusCode).toBe(200);
      expect(response.json()).toEqual({
        pagination: { page, per_page: 10, count: 0, total_pages: 2, total_count: 20 },
        reports: [],
        _links: { prev_page: { href: '/batch/acme/reports?page=2&per_page=10' } },
      });
    },
  );

  test.each([1, 2, 50])(
    'page %i of an empty list has no pages before or after it',
    async (page) => {
      const { list } = await openAcme(0);
      const response = await list(`?page=${page}`);
      expect(response.statusCode).toBe(200);
      expect(response.body).toBe(
        `{"pagination":{"page":${page},"per_page":1000,"count":0,"total_pages":0,"total_count":0},` +
          '"reports":[],"_links":{"prev_page":{"href":"/batch/acme/reports?page=1&per_page=1000"}}}',
      );
    },
  );
});

describe('links', () => {
  const href = (page: number, more = '') => ({
    href: `/batch/acme/reports?page=${page}&per_page=10${more}`,
  });

  test.each([
    [1, { next_page: href(2), prev_page: href(1) }],
    [2, { next_page: href(3), prev_page: href(1) }],
    [3, { prev_page: href(2) }],
  ])('of page %i of 3', async (page, links) => {
    const { list } = await openAcme(25);
    const body = (await list(`?page=${page}&per_page=10`)).json();
    expect(body._links).toEqual(links);
    expect(Object.keys(body._links)).toEqual(Object.keys(links));
  });

  test('carry include_spaces where it was given, however it was written', async () => {
    const { list } = await openAcme(25);
    for (const parameter of ['include_spaces=all', 'include_spaces=%61ll', 'include_spaces?=all']) {
      const body = (await list(`?page=2&per_page=10&${parameter}`)).json();
      expect(body._links).toEqual({
        next_page: href(3, '&include_spaces=all'),
        prev_page: href(1, '&include_spaces=all'),
      });
    }
  });

  test('carry nothing else', async () => {
    const { list } = await openAcme(25);
    const body = (await list('?per_page=10&format=json&x=%0d%0a')).json();
    expect(body._links).toEqual({ next_page: href(2), prev_page: href(1) });
  });

  test('can be followed to the end and back', async () => {
    const { get, bearer } = await openAcme(25);
    const seen: number[] = [];
    let url: string | undefined = '/batch/acme/reports?per_page=4';
    let last = '';
    while (url !== undefined) {
      last = url;
      const body: { _links: Record<string, { href: string }>; pagination: { page: number } } = (
        await get(url, bearer)
      ).json();
      seen.push(body.pagination.page);
      url = body._links.next_page?.href;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    for (let page = 7; page >= 1; page--) {
      const body = (await get(last, bearer)).json();
      expect(body.pagination.page).toBe(page);
      last = body._links.prev_page.href;
    }
    expect((await get(last, bearer)).json().pagination.page).toBe(1);
  });
});

describe('checks come in this order', () => {
  test('the credential, the organization, the parameters', async () => {
    const { get, bearer } = await openAcme(1);
    const bad = '?page=0&per_page=x&include_spaces=some';
    const status = async (path: string, authorization?: string) =>
      (await get(path + bad, authorization)).statusCode;
    expect(await status('/batch/acme/reports')).toBe(401);
    expect(await status('/batch/other/reports')).toBe(401);
    expect(await status('/batch/other/reports', bearer)).toBe(404);
    expect(await status('/batch/acme/reports', bearer)).toBe(400);
  });
});
