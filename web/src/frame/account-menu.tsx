import { useNavigate } from '@tanstack/react-router';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { type Session, signOut } from '../api/session.ts';
import { ownAddress } from '../base-path.ts';
import { attempt } from '../parts/attempt.ts';
import menu from '../parts/menu.module.css';
import { chooseTheme, chosenTheme, type Theme } from '../theme.ts';
import { words } from '../words.ts';
import styles from './account-menu.module.css';

const themes: readonly Theme[] = ['auto', 'light', 'dark'];

/** Who is signed in, and what is theirs alone: the theme, and the way out. */
export default function AccountMenu({
  session,
  onCommands,
}: {
  session: Session;
  onCommands: () => void;
}) {
  const navigate = useNavigate();
  const [theme, setTheme] = useState(chosenTheme);
  const leave = () =>
    attempt(async () => {
      await signOut();
      await navigate({ to: '/sign-in' });
    });
  const choose = (chosen: string) => {
    chooseTheme(chosen as Theme);
    setTheme(chosen as Theme);
  };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={styles.who}>
        <span className="out-of-sight">{words.account}</span>
        <span className={styles.initial} aria-hidden="true">
          {initialOf(session.member.email)}
        </span>
        <span className={styles.email}>{session.member.email}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu.menu} side="top" align="start" sideOffset={4}>
          <DropdownMenu.Label className={menu.label}>{words.theme.label}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={theme} onValueChange={choose}>
            {themes.map((one) => (
              <DropdownMenu.RadioItem key={one} value={one} className={menu.item}>
                {words.theme[one]}
                <DropdownMenu.ItemIndicator className={menu.chosen}>✓</DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className={menu.line} />
          <DropdownMenu.Item className={menu.item} onSelect={onCommands}>
            {words.commands.open}
          </DropdownMenu.Item>
          <DropdownMenu.Item asChild className={menu.item}>
            <a href={ownAddress('/docs')}>{words.apiReference}</a>
          </DropdownMenu.Item>
          <DropdownMenu.Item className={menu.item} onSelect={leave}>
            {words.signOut}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** The first letter as people see it, which may be more than one character of Unicode. */
function initialOf(email: string): string {
  const [first] = new Intl.Segmenter().segment(email);
  return first?.segment.toUpperCase() ?? '';
}
