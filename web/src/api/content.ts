import { useQuery } from '@tanstack/react-query';
import type { TriedQueryShown } from '../../../src/data-sources/try-query-schema.ts';
import { call, getTagged, putTagged } from './call.ts';
import { queryClient } from './client.ts';
import {
  type DraftContent,
  type EditedContent,
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

/** The reader's own draft; `tag` stands for it, or for there being none. */
export type OwnDraft = {
  tag: string;
  kept: { content: DraftContent; savedAt: string } | undefined;
};

export type ToEdit = { published: Published; draft: OwnDraft };

export async function readOwnDraft(
  organization: string,
  report: string,
  signal?: AbortSignal,
): Promise<OwnDraft> {
  const params = { organization, token: report };
  const path = 'GET /api/:organization/reports/:token/draft';
  const { answer, etag } = await getTagged(path, { params, signal });
  const { content, saved_at: savedAt } = answer;
  const isThere = content !== null && savedAt !== null;
  return { tag: etag ?? '', kept: isThere ? { content: readDraft(content), savedAt } : undefined };
}

export async function readPublished(
  organization: string,
  report: string,
  signal?: AbortSignal,
): Promise<Published> {
  const { answer, etag } = await getTagged('GET /api/:organization/reports/:token/content', {
    params: { organization, token: report },
    signal,
  });
  return { etag: etag ?? '', version: answer.version, content: readContent(answer) };
}

/** What an editor begins with. It is read when one is opened, and then belongs to the editor. */
export function useToEdit(organization: string, report: string) {
  return useQuery({
    queryKey: ['to-edit', organization, report],
    queryFn: async ({ signal }): Promise<ToEdit> => {
      const [published, draft] = await Promise.all([
        readPublished(organization, report, signal),
        readOwnDraft(organization, report, signal),
      ]);
      return { published, draft };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** Whether the reader has a draft of the report that is not published. */
export function useHasDraft(organization: string, report: string): boolean {
  const { data } = useQuery({
    queryKey: ['own-draft', organization, report],
    queryFn: ({ signal }) => {
      const params = { organization, token: report };
      return call('GET /api/:organization/reports/:token/draft', { params, signal });
    },
    select: (draft) => draft.saved_at !== null,
  });
  return data ?? false;
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

/**
 * Keeps the draft in place of the one with this tag; answers its own, and the version that is published now.
 *
 * @throws RollcallError 412 where there is another draft by now.
 */
export async function saveDraft(
  organization: string,
  report: string,
  content: DraftContent,
  tag: string,
): Promise<{ version: number; tag: string }> {
  const sent = {
    params: { organization, token: report },
    body: { draft: { base_version: content.base.version, content } },
  };
  const path = 'PUT /api/:organization/reports/:token/draft';
  const { answer, etag } = await putTagged(path, sent, tag);
  return { version: answer.version, tag: etag ?? '' };
}

/** Throws the draft away. @throws RollcallError 412 where it is not the one with this tag, if one is given. */
export async function discardDraft(
  organization: string,
  report: string,
  tag?: string,
): Promise<void> {
  const params = { organization, token: report };
  await call('DELETE /api/:organization/reports/:token/draft', { params, ifMatch: tag });
}

/** Puts the content in the place of the one that has this ETag. @throws RollcallError 412 where it is another by now. */
export async function publish(
  organization: string,
  report: string,
  content: EditedContent,
  etag: string,
): Promise<void> {
  const sent = { params: { organization, token: report }, body: { content: toPublish(content) } };
  await putTagged('PUT /api/:organization/reports/:token/content', sent, etag);
  await Promise.all([
    refreshReport(organization, report),
    queryClient.invalidateQueries({ queryKey: ['reports', organization] }),
  ]);
}

/** Runs a query once, as it is written. Its result is kept for charts. */
export function tryQuery(
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
