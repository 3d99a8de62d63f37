import { useQuery } from '@tanstack/react-query';
import { words } from '../words.ts';
import { api, queryClient } from './client.ts';
import { useSession } from './session.ts';

type Link = { href: string };

type SentSpace = {
  token: string;
  name: string | null;
  description: string | null;
  space_type: string | null;
  _links: { creator?: Link; owner?: Link };
};

export type Space = Omit<SentSpace, '_links'> & {
  isPersonal: boolean;
  /** Whether it is the reader's own personal space. */
  isOwn: boolean;
  /** Whether the reader may change and delete it. */
  isChangeable: boolean;
};

export type SpaceFields = { name: string; description: string | null };

type SpaceList = { _embedded: { spaces: SentSpace[] }; pagination: { total_pages: number } };

const pathOf = (organization: string) => `/api/${organization}/spaces`;
const keyOf = (organization: string) => ['spaces', organization];

/** Every space that the reader may see, in the order of the list. */
export function useSpaces(organization: string) {
  const { data: state } = useSession();
  const member = state?.session?.member;
  return useQuery({
    queryKey: keyOf(organization),
    queryFn: ({ signal }) => readSpaces(organization, signal),
    staleTime: 60_000,
    select: (spaces) => spaces.map((space) => toSpace(space, member)),
  });
}

function toSpace(
  { _links, ...space }: SentSpace,
  member: { token: string; role: string } | undefined,
): Space {
  const isReader = (link: Link | undefined) =>
    member !== undefined && link?.href.split('/').at(-1) === member.token;
  const isOwn = isReader(_links.owner);
  return {
    ...space,
    isPersonal: space.space_type === 'private',
    isOwn,
    isChangeable: isOwn || isReader(_links.creator) || member?.role === 'admin',
  };
}

/** What a space is called; the reader's own is simply theirs. */
export function spaceLabel({ isOwn, name }: Pick<Space, 'isOwn' | 'name'>): string {
  return isOwn ? words.ownSpace : (name ?? words.untitled);
}

/** Page after page, so that where there are many the browser has connections left for what the reader waits for. */
async function readSpaces(organization: string, signal: AbortSignal): Promise<SentSpace[]> {
  const spaces: SentSpace[] = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const query = { filter: 'all', page };
    const list = await api.get<SpaceList>(pathOf(organization), { query, signal });
    spaces.push(...list._embedded.spaces);
    pages = list.pagination.total_pages;
  }
  return spaces;
}

/** Makes a shared space; answers its token. */
export async function createSpace(organization: string, space: SpaceFields): Promise<string> {
  const { token } = await api.send<SentSpace>('POST', pathOf(organization), { space });
  await refresh(organization);
  return token;
}

export async function changeSpace(organization: string, token: string, space: SpaceFields) {
  await api.send('PATCH', `${pathOf(organization)}/${encodeURIComponent(token)}`, { space });
  await refresh(organization);
}

export async function deleteSpace(organization: string, token: string): Promise<void> {
  await api.send('DELETE', `${pathOf(organization)}/${encodeURIComponent(token)}`);
  await refresh(organization);
}

/** Lists and the roll call name the space of each report. */
async function refresh(organization: string): Promise<void> {
  await Promise.all(
    ['spaces', 'reports', 'roll-call'].map((kind) =>
      queryClient.invalidateQueries({ queryKey: [kind, organization] }),
    ),
  );
}
