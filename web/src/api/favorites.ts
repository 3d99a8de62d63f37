import { useQuery } from '@tanstack/react-query';
import { call } from './call.ts';
import { queryClient } from './client.ts';

const keyOf = (organization: string, token: string) => ['favorite', organization, token];

/** Whether a report is one of the reader's favorites; undefined until that is known. */
export function useIsFavorite(organization: string, token: string): boolean | undefined {
  const { data } = useQuery({
    queryKey: keyOf(organization, token),
    queryFn: async ({ signal }) => {
      const params = { organization, token };
      const { favorite } = await call('GET /api/:organization/reports/:token/favorite', {
        params,
        signal,
      });
      return favorite;
    },
  });
  return data;
}

/** Adds a report to the reader's favorites, or removes it; the lists that are shown have it then. */
export async function setFavorite(
  organization: string,
  token: string,
  isFavorite: boolean,
): Promise<void> {
  const method = isFavorite ? 'PUT' : 'DELETE';
  const params = { organization, token };
  await call(`${method} /api/:organization/reports/:token/favorite`, { params });
  queryClient.setQueryData(keyOf(organization, token), isFavorite);
  await queryClient.invalidateQueries({ queryKey: ['reports', organization] });
}
