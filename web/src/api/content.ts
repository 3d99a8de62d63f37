import { useQuery } from '@tanstack/react-query';
import type { TriedQueryShown } from '../../../src/data-sources/try-query-schema.ts';
import { call, getTagged, putTagged } from './call.ts';
import { queryClient } from './client.ts';
import {
  type Editable,
  type OwnDraft,
  type Published,
  readContent,
  readDraft,
  toPublish,
} from './edited-content.ts';
import { unlessLive } from './live.ts';
import { refreshReport, reportKey } from './reports.ts';
import type { FormValue } from './runs.ts';

/** What came of a query that was tried. */
export type Tried = TriedQueryShown;

/** What an editor begins with. */
export type ToEdit = { published: Published; draft: OwnDraft };

/** A published report as it is edited. */
export function publishedReport(organization: string, token: string): Editable {
  const params = { organization, token };
  const readOwnDraft: Editable['readDraft'] = async (signal) => {
    const path = 'GET /api/:organization/reports/:token/draft';
    const { answer, etag } = await getTagged(path, { params, signal });
    const { content, saved_at: savedAt } = answer;
    const isThere = content !== null && savedAt !== null;
    const kept = isThere ? { content: readDraft(content), savedAt } : undefined;
    return { tag: etag ?? '', kept };
  };
  return {
    organization,
    token,
    newIn: undefined,
    readDraft: readOwnDraft,
    async readPublished(signal) {
      const path = 'GET /api/:organization/reports/:token/content';
      const { answer, etag } = await getTagged(path, { params, signal });
      return { etag: etag ?? '', version: answer.version, content: readContent(answer) };
    },
    async saveDraft(content, tag) {
      const body = { draft: { base_version: content.base.version, content } };
      const path = 'PUT /api/:organization/reports/:token/draft';
      const { answer, etag } = await putTagged(path, { params, body }, tag);
      return { version: answer.version, tag: etag ?? '' };
    },
    async discardDraft(tag) {
      await call('DELETE /api/:organization/reports/:token/draft', { params, ifMatch: tag });
      return (await readOwnDraft()).tag;
    },
    async publish({ base, ...content }) {
      const body = { content: toPublish(content) };
      const path = 'PUT /api/:organization/reports/:token/content';
      await putTagged(path, { params, body }, base.etag);
      await Promise.all([
        refreshReport(organization, token),
        queryClient.invalidateQueries({ queryKey: ['reports', organization] }),
      ]);
      return token;
    },
  };
}

/** What an editor of a published report begins with. It is read when one is opened, and then belongs to the editor. */
export function useToEdit({ organization, token, readPublished, readDraft }: Editable) {
  return useQuery({
    queryKey: ['to-edit', organization, token],
    queryFn: async ({ signal }): Promise<ToEdit> => {
      const [published, draft] = await Promise.all([readPublished(signal), readDraft(signal)]);
      return { published, draft };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** Who else edits it, asked for again and again. */
export function useDrafters(organization: string, report: string) {
  return useQuery({
    queryKey: [...reportKey(organization, report), 'drafters'],
    queryFn: async ({ signal }) => {
      const params = { organization, token: report };
      const list = await call('GET /api/:organization/reports/:token/drafts', { params, signal });
      return list._embedded.drafts;
    },
    refetchInterval: () => unlessLive(20_000) || 60_000,
  });
}

/** Runs a query once, as it is written. Its result is kept for charts. */
export function previewQuery(
  organization: string,
  dataSource: string,
  query: { raw_query: string; parameters: Record<string, FormValue> },
  signal: AbortSignal,
): Promise<Tried> {
  return call('POST /api/:organization/data_sources/:token/query', {
    params: { organization, token: dataSource },
    body: { query: { ...query, keep: true } },
    signal,
  });
}
