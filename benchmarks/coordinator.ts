import pg from 'pg';

/** The coordinator of a Citus cluster on which benchmarks run too, if ROLLCALL_TEST_CITUS_URL names one. */
const coordinator = process.env.ROLLCALL_TEST_CITUS_URL;

/** The stores that a benchmark compares there: the same PostgreSQL, and its cluster. Their schemas are dropped at the end. */
export async function storesOfCluster(): Promise<
  { name: string; url: string; isDistributed: boolean; drop: () => Promise<void> }[]
> {
  if (coordinator === undefined) return [];
  const stores = [];
  for (const isDistributed of [false, true]) {
    const schema = `benchmark_${process.pid}_${isDistributed ? 'citus' : 'plain'}`;
    await query(coordinator, `create schema ${schema}`);
    const url = new URL(coordinator);
    url.searchParams.set('options', `-c search_path=${schema}`);
    const name = isDistributed ? 'Citus' : 'its coordinator alone';
    const drop = () => query(coordinator, `drop schema ${schema} cascade`);
    stores.push({ name, url: url.href, isDistributed, drop });
  }
  return stores;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
