import { type Space, spaceLabel, useSpaces } from '../api/spaces.ts';
import { matchesAllWords } from './matches-all-words.ts';
import { useDebounced } from './use-debounced.ts';

/**
 * The reader's last spaces, and as one types whatever the server finds. What was found for fewer letters is narrowed until
 * its answer is there, so that who is quick takes nothing that was not typed.
 */
export function useFoundSpaces(organization: string, typed: string): Space[] {
  const { data } = useSpaces(organization, useDebounced(typed));
  return (data?.spaces ?? []).filter((space) =>
    matchesAllWords(`${spaceLabel(space)} ${space.name ?? ''}`, typed),
  );
}
