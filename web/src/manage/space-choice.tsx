import { useState } from 'react';
import { useSession } from '../api/session.ts';
import { spaceLabel, useSpace } from '../api/spaces.ts';
import { SpacePicker } from '../parts/pickers.tsx';
import { words } from '../words.ts';
import { newReportWords as texts } from './manage-words.ts';

/** Which space a new report is published in, and who sees it there. */
export function SpaceChoice({
  organization,
  space,
  onChoose,
}: {
  organization: string;
  /** Its token; null for the reader's own. */
  space: string | null;
  onChoose: (space: string | null) => void;
}) {
  const { data: state } = useSession();
  const { data: chosen, isError } = useSpace(organization, space ?? undefined);
  const [label, setLabel] = useState('');
  const isPersonal = space === null || chosen?.isPersonal;
  const seenBy = isPersonal
    ? texts.seenByYou
    : texts.seenByAll(state?.session?.organization.name ?? organization);
  return (
    <>
      <SpacePicker
        organization={organization}
        hasOwn
        shown={space === null ? words.ownSpace : isError ? '' : chosen ? spaceLabel(chosen) : label}
        onChoose={(next, nextLabel) => {
          setLabel(nextLabel);
          onChoose(next?.token ?? null);
        }}
      />
      {isError ? <p role="alert">{texts.spaceDeleted}</p> : <p className="faint">{seenBy}</p>}
    </>
  );
}
