import { useQuery } from '@tanstack/react-query';
import { emptyFields, reportFields } from '../../../src/reports/content/content.ts';
import { call, getTagged, postTagged, putTagged } from './call.ts';
import { isStatus, queryClient } from './client.ts';
import {
  type Editable,
  type EditedContent,
  type OwnDraft,
  type Published,
  readContent,
  toPublish,
} from './edited-content.ts';
import { draftsKey } from './report-list.ts';

const refresh = (organization: string) =>
  queryClient.invalidateQueries({ queryKey: draftsKey(organization) });

/** What a new report begins from. */
export const nothingPublished: Published = {
  etag: '',
  version: 0,
  content: { ...emptyFields(reportFields), queries: [] },
};

/** A token for a new report. What is sent with it twice makes one report. */
export function newReportToken(): string {
  return [...crypto.getRandomValues(new Uint8Array(6))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

/** A new report as it was kept; `space` is where it is to be published. */
type Begun = { draft: OwnDraft; space: string | null | undefined; isPublished: boolean };

/**
 * What the editor of a new report begins with. It is read when one is opened, and then belongs to the editor.
 *
 * @param isBegun whether anything can be kept of it.
 */
export function useBegunReport(organization: string, token: string, isBegun: boolean) {
  return useQuery({
    queryKey: ['begun-report', organization, token],
    queryFn: ({ signal }) => (isBegun ? readBegun(organization, token, signal) : notBegun),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

const notBegun: Begun = {
  draft: { tag: '', kept: undefined },
  space: undefined,
  isPublished: false,
};

async function readBegun(
  organization: string,
  token: string,
  signal?: AbortSignal,
): Promise<Begun> {
  const params = { organization, token };
  try {
    const path = 'GET /api/:organization/unpublished_reports/:token';
    const { answer, etag } = await getTagged(path, { params, signal });
    const content = { ...readContent(answer.content), base: nothingPublished };
    const draft = { tag: etag ?? '', kept: { content, savedAt: answer.saved_at } };
    return { draft, space: answer.space_token, isPublished: false };
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
  }
  try {
    await call('GET /api/:organization/reports/:token', { params, signal });
    return { ...notBegun, isPublished: true };
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
    return notBegun;
  }
}

/** Keeps a new report under a token; answers its tag. */
export async function beginReport(
  organization: string,
  report: { token: string; space_token: string | null; content: EditedContent },
): Promise<string> {
  const { content, ...place } = report;
  const body = { unpublished_report: { ...place, content: toPublish(content) } };
  const path = 'POST /api/:organization/unpublished_reports';
  const { etag } = await postTagged(path, { params: { organization }, body });
  await refresh(organization);
  return etag ?? '';
}

/** Throws a report away that was never published; answers what brings it back. */
export async function discardReport(organization: string, token: string) {
  const params = { organization, token };
  const path = 'GET /api/:organization/unpublished_reports/:token';
  const { content, space_token } = await call(path, { params });
  await call('DELETE /api/:organization/unpublished_reports/:token', { params });
  await refresh(organization);
  return () => beginReport(organization, { token, space_token, content: readContent(content) });
}

/** A report that was never published as it is edited. Nothing is kept of it before a word is written. */
export function newReport(organization: string, token: string, space: string | null): Editable {
  const params = { organization, token };
  const saveDraft: Editable['saveDraft'] = async (content, tag) => {
    const begin = async () => ({
      version: 0,
      tag: await beginReport(organization, { token, space_token: space, content }),
    });
    if (tag === '') return begin();
    try {
      const body = { unpublished_report: { space_token: space, content: toPublish(content) } };
      const path = 'PUT /api/:organization/unpublished_reports/:token';
      const { etag } = await putTagged(path, { params, body }, tag);
      return { version: 0, tag: etag ?? '' };
    } catch (error) {
      // It was discarded elsewhere; who writes on keeps it.
      if (isStatus(error, 404)) return begin();
      throw error;
    }
  };
  return {
    organization,
    token,
    newIn: space,
    readDraft: async (signal) => (await readBegun(organization, token, signal)).draft,
    readPublished: async () => nothingPublished,
    saveDraft,
    async discardDraft(tag) {
      if (tag === '') return '';
      const path = 'DELETE /api/:organization/unpublished_reports/:token';
      try {
        await call(path, { params, ifMatch: tag });
      } catch (error) {
        if (!isStatus(error, 404)) throw error;
      }
      await refresh(organization);
      return '';
    },
    async publish(content, tag, into = space) {
      const { tag: saved } = await saveDraft(content, tag);
      const path = 'POST /api/:organization/unpublished_reports/:token/publish';
      const body = { report: { space_token: into } };
      const published = await call(path, { params, body, ifMatch: saved });
      await Promise.all(
        [draftsKey(organization), ['reports', organization], ['spaces', organization]].map(
          (queryKey) => queryClient.invalidateQueries({ queryKey }),
        ),
      );
      return published.token;
    },
  };
}
