import { useState } from 'react';
import { useAddresses } from '../api/settings.ts';
import { type Space, spaceLabel } from '../api/spaces.ts';
import { words } from '../words.ts';
import { ChoiceField } from './choice-field.tsx';
import { matchesAllWords } from './matches-all-words.ts';
import { useFoundSpaces } from './use-found-spaces.ts';

/** More than these are found by a few more letters. */
const MOST = 30;

/** A choice of one space: the reader's last ones, and as one types whatever the server finds. */
export function SpacePicker({
  organization,
  shown,
  hasOwn = false,
  onChoose,
}: Picker & {
  /** Whether the reader's own space can be chosen before there is one. */
  hasOwn?: boolean;
  onChoose: (space: Pick<Space, 'token'> | undefined, label: string) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const found = useFoundSpaces(organization, typed ?? '');
  const spaces = found.map((space) => ({ value: space.token, label: spaceLabel(space) }));
  if (hasOwn && !found.some(({ isOwn }) => isOwn) && matchesAllWords(words.ownSpace, typed ?? ''))
    spaces.unshift({ value: '', label: words.ownSpace });
  return (
    <ChoiceField
      label={words.reports.space}
      shown={shown ?? ''}
      typed={typed}
      options={spaces}
      onType={setTyped}
      onChoose={({ value, label }) => onChoose(value ? { token: value } : undefined, label)}
    />
  );
}

/** A choice of one member, by address. The addresses are read when the first choice begins. */
export function MemberPicker({
  organization,
  shown,
  isActive,
  onChoose,
}: Picker & {
  /** Only those who can sign in. */
  isActive?: boolean;
  onChoose: (email: string) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const { data: addresses = [] } = useAddresses(organization, typed !== undefined);
  const found = addresses
    .filter((one) => (one.isActive || !isActive) && matchesAllWords(one.email, typed ?? ''))
    .slice(0, MOST)
    .map(({ email }) => ({ value: email, label: email }));
  return (
    <ChoiceField
      label={words.reports.owner}
      shown={shown ?? ''}
      typed={typed}
      options={found}
      onType={setTyped}
      onChoose={({ value }) => onChoose(value)}
    />
  );
}

type Picker = {
  organization: string;
  /** What is chosen now, as it is called. */
  shown: string | undefined;
};
