// The anchor: what one writes on a free afternoon. Fastify with a response schema, Kysely on better-sqlite3 or on pg, the
// token and the organization looked up for each request, a count and an OFFSET for each page. Run by the benchmarks as a
// process of its own: node plain-server.ts FILE, or the URL of a PostgreSQL.
import { createHash } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import { fastify } from 'fastify';
import { type Dialect, Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import pg from 'pg';
import { lists } from '../../src/inventory/lists.ts';

type Tables = {
  organizations: { id: number; username: string };
  tokens: { token: string; organization_id: number; secret_hash: string };
  reports: Record<string, string | number | null> & { id: number; organization_id: number };
};

const [place = ''] = process.argv.slice(2);
const database = new Kysely<Tables>({
  dialect: place.startsWith('postgres:') ? postgres(place) : sqlite(place),
});

const columns = lists.reports.fields.map((field) => field.name);
const row = {
  type: 'object',
  properties: Object.fromEntries(
    lists.reports.fields.map(({ name, type }) => [
      name,
      type === 'time'
        ? { type: ['string', 'null'], format: 'date-time' }
        : { type: [type === 'integer' ? 'integer' : 'string', 'null'] },
    ]),
  ),
};
const link = { type: 'object', properties: { href: { type: 'string' } } };
const pagination = ['page', 'per_page', 'count', 'total_pages', 'total_count'];
const body = {
  type: 'object',
  properties: {
    pagination: {
      type: 'object',
      properties: Object.fromEntries(pagination.map((name) => [name, { type: 'integer' }])),
    },
    reports: { type: 'array', items: row },
    _links: { type: 'object', properties: { next_page: link, prev_page: link } },
  },
};

const failure = (statusCode: number) => Object.assign(new Error('refused'), { statusCode });

const app = fastify();
app.get(
  '/batch/:organization/reports',
  { schema: { response: { 200: body } } },
  async (request) => {
    const encoded = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const [token = '', key, secret] = Buffer.from(encoded, 'base64').toString().split(':');
    const hash = createHash('sha256').update(`${key}:${secret}`).digest('hex');
    const holder = await database
      .selectFrom('tokens')
      .selectAll()
      .where('token', '=', token)
      .executeTakeFirst();
    if (holder?.secret_hash !== hash) throw failure(401);
    const { organization: username } = request.params as { organization: string };
    const organization = await database
      .selectFrom('organizations')
      .selectAll()
      .where('username', '=', username)
      .executeTakeFirst();
    if (organization?.id !== holder.organization_id) throw failure(404);

    const { page: pageText = '1', per_page: perPageText = '1000' } = request.query as Record<
      string,
      string
    >;
    const page = Number(pageText);
    const perPage = Number(perPageText);
    const { total } = await database
      .selectFrom('reports')
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .where('organization_id', '=', organization.id)
      .executeTakeFirstOrThrow();
    const reports = await database
      .selectFrom('reports')
      .select(columns)
      .where('organization_id', '=', organization.id)
      .orderBy('id')
      .limit(perPage)
      .offset((page - 1) * perPage)
      .execute();
    const pages = Math.ceil(total / perPage);
    const href = (to: number) => ({
      href: `/batch/${username}/reports?page=${to}&per_page=${perPage}`,
    });
    return {
      pagination: {
        page,
        per_page: perPage,
        count: reports.length,
        total_pages: pages,
        total_count: total,
      },
      reports,
      _links: {
        ...(page < pages ? { next_page: href(page + 1) } : {}),
        prev_page: href(Math.max(1, page - 1)),
      },
    };
  },
);

const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${address}\n`);

function sqlite(path: string): Dialect {
  const database = new Sqlite(path, { readonly: true });
  database.pragma('cache_size = -65536');
  return new SqliteDialect({ database });
}

function postgres(url: string): Dialect {
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  return new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 10 }) });
}
