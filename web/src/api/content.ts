import { useQuery } from '@tanstack/react-query';
import type { Column, Rows } from '../results/columns.ts';
import { api, queryClient } from './client.ts';
import {
  type DraftContent,
  type EditedContent,
  type Published,
  readContent,
  readDraft,
  toPublish,
} from './edited-content.ts';
import { refreshReport, reportKey, reportPath } from './reports.ts';
import type { FormField, FormValue } from './runs.ts';

/** Somebody else who edits the report now. */
export type Drafter = { member_email: string | null; saved_at: string };

/** What came of a query that was tried. */
export type Tried = {
  state: 'succeeded' | 'failed';
  columns: Column[];
  rows: Rows;
  limit: boolean;
  /** Under which the whole result is kept for some minutes. */
  result: string | null;
  rendered_source: string | null;
  form_fields: FormField[];
  error_message: string | null;
  error_line: number | null;
};

export type ToEdit = {
  published: Published;
  draft: { content: DraftContent; savedAt: string } | undefined;
};

const contentPath = (organization: string, report: string) =>
  `${reportPath(organization, report)}/content`;
const draftPath = (organization: string, report: string) =>
  `${reportPath(organization, report)}/draft`;

export async function readPublished(
  organization: string,
  report: string,
  signal?: AbortSignal,
): Promise<Published> {
  const { answer, etag } = await api.getTagged<{ version: number }>(
    contentPath(organization, report),
    { signal },
  );
  return { etag: etag ?? '', version: answer.version, content: readContent(answer) };
}

/** What an editor begins with. It is read when one is opened, and then belongs to the editor. */
export function useToEdit(organization: string, report: string) {
  return useQuery({
    queryKey: ['to-edit', organization, report],
    queryFn: async ({ signal }): Promise<ToEdit> => {
      type Draft = { content: unknown; saved_at: string | null };
      const [published, draft] = await Promise.all([
        readPublished(organization, report, signal),
        api.get<Draft>(draftPath(organization, report), { signal }),
      ]);
      const { content, saved_at: savedAt } = draft;
      if (content === null || savedAt === null) return { published, draft: undefined };
      return { published, draft: { content: readDraft(content), savedAt } };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** Whether the reader has a draft of the report that is not published. */
export function useHasDraft(organization: string, report: string): boolean {
  const { data } = useQuery({
    queryKey: ['own-draft', organization, report],
    queryFn: ({ signal }) =>
      api.get<{ saved_at: string | null }>(draftPath(organization, report), { signal }),
    select: (draft) => draft.saved_at !== null,
  });
  return data ?? false;
}

/** Who else edits it, asked for again and again. */
export function useDrafters(organization: string, report: string) {
  return useQuery({
    queryKey: [...reportKey(organization, report), 'drafters'],
    queryFn: async ({ signal }) => {
      type List = { _embedded: { drafts: Drafter[] } };
      const path = `${reportPath(organization, report)}/drafts`;
      return (await api.get<List>(path, { signal }))._embedded.drafts;
    },
    refetchInterval: 20_000,
  });
}

/** Keeps the draft; answers the version that is published now. */
export async function saveDraft(
  organization: string,
  report: string,
  content: DraftContent,
): Promise<number> {
  const saved = await api.send<{ version: number }>('PUT', draftPath(organization, report), {
    draft: { base_version: content.base.version, content },
  });
  return saved.version;
}

export async function discardDraft(organization: string, report: string): Promise<void> {
  await api.send('DELETE', draftPath(organization, report));
}

/** Puts the content in the place of the one that has this ETag. @throws RollcallError 412 where it is another by now. */
export async function publish(
  organization: string,
  report: string,
  content: EditedContent,
  etag: string,
): Promise<void> {
  await api.putTagged(contentPath(organization, report), { content: toPublish(content) }, etag);
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
  const path = `/api/${organization}/data_sources/${dataSource}/query`;
  return api.send<Tried>('POST', path, { query: { ...query, keep: true } }, { signal });
}
