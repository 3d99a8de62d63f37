import { useQuery } from '@tanstack/react-query';
import type { Content } from '../../../src/reports/content/content.ts';
import type { WholeVersion } from '../../../src/reports/version-schema.ts';
import { call } from './call.ts';
import { refreshReport, reportKey } from './reports.ts';

/** The versions of a report, newest first. */
export function useVersions(organization: string, token: string) {
  return useQuery({
    queryKey: [...reportKey(organization, token), 'versions'],
    queryFn: async ({ signal }) => {
      const path = 'GET /api/:organization/reports/:token/versions';
      const list = await call(path, { params: { organization, token }, signal });
      return list._embedded.versions;
    },
  });
}

/** One version with what it holds; none has a number below 1. */
export function useVersion(organization: string, token: string, number: number) {
  return useQuery({
    queryKey: [...reportKey(organization, token), 'version', number],
    queryFn: async ({ signal }) => {
      const params = { organization, token, version: String(number) };
      const path = 'GET /api/:organization/reports/:token/versions/:version';
      const version = await call(path, { params, signal });
      const run = version._links.run?.href.split('/').at(-1);
      return { ...version, content: toContent(version.content), run };
    },
    enabled: number > 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Gives a version a name; null takes it away. */
export async function nameVersion(
  organization: string,
  token: string,
  number: number,
  name: string | null,
) {
  await call('PATCH /api/:organization/reports/:token/versions/:version', {
    params: { organization, token, version: String(number) },
    body: { version: { name } },
  });
  await refreshReport(organization, token);
}

export async function restoreVersion(organization: string, token: string, number: number) {
  await call('POST /api/:organization/reports/:token/versions/:version/restore', {
    params: { organization, token, version: String(number) },
  });
  await refreshReport(organization, token);
}

/** A version has its charts in a list of their own. */
function toContent({ queries, charts, ...fields }: WholeVersion['content']): Content {
  const chartsOf = Map.groupBy(charts, ({ query_token: query }) => query);
  return {
    ...fields,
    queries: queries.map((query) => ({
      ...query,
      charts: (chartsOf.get(query.token) ?? []).map(({ query_token: _, ...chart }) => chart),
    })),
  };
}
