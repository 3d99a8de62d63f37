import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Space as SentSpace } from '../../../src/spaces/space-schema.ts';
import { words } from '../words.ts';
import { call } from './call.ts';
import { queryClient } from './client.ts';
import { useSession } from './session.ts';

export type Space = Pick<SentSpace, 'token' | 'name' | 'description' | 'space_type'> & {
  isPersonal: boolean;
  /** Whether it is the reader's own personal space. */
  isOwn: boolean;
  /** Whether the reader may change and delete it. */
  isChangeable: boolean;
};

export type SpaceFields = { name: string; description: string | null };

const keyOf = (organization: string) => ['spaces', organization];
const namedKeyOf = (organization: string) => [...keyOf(organization), 'named'];
const FRESH_MS = 60_000;

/**
 * The first spaces with these words in their names, and how many there are: the reader's own, those used last, then the
 * others. With words an admin finds everybody's personal spaces, too. There may be thousands, so they are never all read.
 */
export function useSpaces(organization: string, typed = '') {
  const toShown = useToSpace();
  const q = typed.trim();
  return useQuery({
    queryKey: [...namedKeyOf(organization), q],
    queryFn: ({ signal }) => {
      const query = { order_by: 'recent', ...(q && { q, filter: 'all' }) };
      return call('GET /api/:organization/spaces', { params: { organization }, query, signal });
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
    select: ({ _embedded: { spaces }, pagination }) => ({
      spaces: spaces.map(toShown),
      count: pagination.total_count,
    }),
  });
}

/** One space. */
export function useSpace(organization: string, token: string | undefined) {
  const toShown = useToSpace();
  return useQuery({
    queryKey: [...keyOf(organization), 'one', token],
    queryFn: ({ signal }) => {
      const params = { organization, token: String(token) };
      return call('GET /api/:organization/spaces/:token', { params, signal });
    },
    enabled: token !== undefined,
    staleTime: FRESH_MS,
    select: toShown,
  });
}

function useToSpace() {
  const { data: state } = useSession();
  const member = state?.session?.member;
  return (space: SentSpace) => toSpace(space, member);
}

function toSpace(
  { _links, ...space }: SentSpace,
  member: { token: string; role: string } | undefined,
): Space {
  const isReader = (link: { href: string } | undefined) =>
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

/** Makes a shared space; answers its token. */
export async function createSpace(organization: string, space: SpaceFields): Promise<string> {
  const params = { organization };
  const { token } = await call('POST /api/:organization/spaces', { params, body: { space } });
  await refresh(organization);
  return token;
}

export async function changeSpace(organization: string, token: string, space: SpaceFields) {
  await call('PATCH /api/:organization/spaces/:token', {
    params: { organization, token },
    body: { space },
  });
  await refresh(organization);
}

export async function deleteSpace(organization: string, token: string): Promise<void> {
  await call('DELETE /api/:organization/spaces/:token', { params: { organization, token } });
  // Not the space itself, which may still be shown until the page is left.
  await refresh(organization, namedKeyOf(organization));
}

/** Lists and the roll call name the space of each report. */
async function refresh(organization: string, spaces = keyOf(organization)): Promise<void> {
  await Promise.all(
    [spaces, ['reports', organization], ['roll-call', organization]].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}
