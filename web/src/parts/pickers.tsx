import { useState } from 'react';
import { useAddresses } from '../api/settings.ts';
import { type Space, spaceLabel, useSpaces } from '../api/spaces.ts';
import { words } from '../words.ts';
import { type Choice, ChoiceField } from './choice-field.tsx';
import { holdsWords } from './holds-words.ts';
import { useSettled } from './use-settled.ts';

/** More than these are found by a few more letters. */
const MOST = 30;

/** A choice of one space: the reader's last ones, and as one types whatever the server finds. */
export function SpacePicker({
  organization,
  shown,
  all,
  onChoose,
}: Picker & { onChoose: (space: Pick<Space, 'token'> | undefined, label: string) => void }) {
  const [typed, setTyped] = useState<string>();
  const { data } = useSpaces(organization, useSettled(typed ?? ''));
  const spaces = (data?.spaces ?? []).map((space) => ({
    value: space.token,
    label: spaceLabel(space),
  }));
  return (
    <ChoiceField
      label={words.reports.space}
      isCompact={all !== undefined}
      shown={shown || (all ?? '')}
      typed={typed}
      options={[...choiceOfAll(all, typed), ...spaces]}
      onType={setTyped}
      onChoose={({ value, label }) => onChoose(value ? { token: value } : undefined, label)}
    />
  );
}

/** A choice of one member, by address. The addresses are read when the first choice begins. */
export function MemberPicker({
  organization,
  shown,
  all,
  isActive,
  onChoose,
}: Picker & {
  /** Only those who can sign in. */
  isActive?: boolean;
  onChoose: (email: string | undefined) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const { data: addresses = [] } = useAddresses(organization, typed !== undefined);
  const found = addresses
    .filter((one) => (one.isActive || !isActive) && holdsWords(one.email, typed ?? ''))
    .slice(0, MOST)
    .map(({ email }) => ({ value: email, label: email }));
  return (
    <ChoiceField
      label={words.reports.owner}
      isCompact={all !== undefined}
      shown={shown || (all ?? '')}
      typed={typed}
      options={[...choiceOfAll(all, typed), ...found]}
      onType={setTyped}
      onChoose={({ value }) => onChoose(value || undefined)}
    />
  );
}

type Picker = {
  organization: string;
  /** What is chosen now, as it is called. */
  shown: string | undefined;
  /** What it is called to choose none; absent where there has to be a choice. */
  all?: string;
};

/** Who types looks for one. */
const choiceOfAll = (all: string | undefined, typed: string | undefined): Choice[] =>
  all === undefined || typed?.trim() ? [] : [{ value: '', label: all }];
