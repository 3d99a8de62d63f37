import { useQuery } from '@tanstack/react-query';
import { api } from './client.ts';

export type Space = {
  token: string;
  name: string | null;
  description: string | null;
  space_type: string;
  /** Whether it is the reader's own personal space. */
  is_own: boolean;
};

type SpaceList = { _embedded: { spaces: Space[] }; pagination: { total_pages: number } };

/** Every space that the reader may see, in the order of the list. */
export function useSpaces(organization: string) {
  return useQuery({
    queryKey: ['spaces', organization],
    queryFn: ({ signal }) => readSpaces(organization, signal),
    staleTime: 60_000,
  });
}

async function readSpaces(organization: string, signal: AbortSignal): Promise<Space[]> {
  const spaces: Space[] = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const query = { filter: 'all', page };
    const list = await api.get<SpaceList>(`/api/${organization}/spaces`, { query, signal });
    spaces.push(...list._embedded.spaces);
    pages = list.pagination.total_pages;
  }
  return spaces;
}
