import { type Space, spaceLabel, useSpaces } from '../api/spaces.ts';
import { holdsWords } from './holds-words.ts';
import { useSettled } from './use-settled.ts';

/**
 * The reader's last spaces, and as one types whatever the server finds. What was found for fewer letters is narrowed until
 * its answer is there, so that who is quick takes nothing that was not typed.
 */
export function useFoundSpaces(organization: string, typed: string): Space[] {
  const { data } = useSpaces(organization, useSettled(typed));
  return (data?.spaces ?? []).filter((space) =>
    holdsWords(`${spaceLabel(space)} ${space.name ?? ''}`, typed),
  );
}
