import { useNavigate } from '@tanstack/react-router';
import { signOut, useSession } from '../api/session.ts';
import { spaceLabel, useSpaces } from '../api/spaces.ts';
import { ownAddress } from '../base-path.ts';
import { matchesAllWords } from '../parts/matches-all-words.ts';
import { useDebounced } from '../parts/use-debounced.ts';
import { chooseTheme, type Theme } from '../theme.ts';
import { words } from '../words.ts';
import { places } from './places.tsx';

/** What floats over every page. */
export type FrameDialog = 'commands' | 'keys' | 'new-report' | 'new-space';

/** Something that the command menu does. */
export type Command = { id: string; label: string; hint?: string; act: () => unknown };
export type CommandGroup = { label: string; commands: Command[] };

const themes: readonly Theme[] = ['auto', 'light', 'dark'];

/** Every place and action, and the spaces that are called as was typed; what is for admins alone only for them. */
export function useCommands(
  organization: string,
  typed: string,
  onOpen: (dialog: FrameDialog) => void,
): CommandGroup[] {
  const navigate = useNavigate();
  const { data: state } = useSession();
  const { data: first } = useSpaces(organization);
  const { data: found } = useSpaces(organization, useDebounced(typed));
  const params = { organization };
  const settings = [
    { to: '/$organization/settings/members', label: words.settings.members },
    ...(state?.session?.member.role === 'admin'
      ? ([
          { to: '/$organization/settings/tokens', label: words.settings.tokens },
          { to: '/$organization/settings/audit', label: words.settings.audit },
        ] as const)
      : []),
  ] as const;
  // What is at hand answers at once, and has the reader's own space, which is not called by its name.
  const spaces = new Map(
    [...(first?.spaces ?? []), ...(found?.spaces ?? [])].map((space) => [space.token, space]),
  );
  const leave = async () => {
    await signOut();
    await navigate({ to: '/sign-in' });
  };
  return [
    {
      label: words.commands.places,
      commands: [
        ...places.map(({ id, to, label }) => ({ id, label, act: () => navigate({ to, params }) })),
        ...settings.map(({ to, label }) => ({
          id: to,
          label,
          hint: words.places.settings,
          act: () => navigate({ to, params }),
        })),
        {
          id: 'docs',
          label: words.apiReference,
          act: () => window.location.assign(ownAddress('/docs')),
        },
      ],
    },
    {
      label: words.commands.actions,
      commands: [
        { id: 'new-report', label: words.reports.new, act: () => onOpen('new-report') },
        { id: 'new-space', label: words.spaces.new, act: () => onOpen('new-space') },
        { id: 'keys', label: words.keys.title, hint: '?', act: () => onOpen('keys') },
        ...themes.map((theme) => ({
          id: `theme-${theme}`,
          label: `${words.theme.label}: ${words.theme[theme]}`,
          act: () => chooseTheme(theme),
        })),
        { id: 'sign-out', label: words.signOut, act: leave },
      ],
    },
    {
      label: words.places.spaces,
      commands: [...spaces.values()].map((space) => ({
        id: `space-${space.token}`,
        label: spaceLabel(space),
        ...(space.isOwn && space.name ? { hint: space.name } : {}),
        act: () => navigate({ to: '/$organization', params, search: { space: space.token } }),
      })),
    },
  ];
}

/** The commands with every word that was typed; a group that has none is left out. */
export function narrowed(groups: readonly CommandGroup[], typed: string): CommandGroup[] {
  return groups
    .map(({ label, commands }) => ({
      label,
      commands: commands.filter((command) =>
        matchesAllWords(`${command.label} ${command.hint ?? ''}`, typed),
      ),
    }))
    .filter(({ commands }) => commands.length > 0);
}
