import { useState } from 'react';
import type { Report } from '../api/reports.ts';
import { useSession } from '../api/session.ts';
import { type Space, spaceLabel } from '../api/spaces.ts';
import { Button } from '../parts/button.tsx';
import { CopyField } from '../parts/copy-field.tsx';
import { copyText } from '../parts/copy-text.ts';
import { Dialog } from '../parts/dialog.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { SpacePicker } from '../parts/pickers.tsx';
import { words } from '../words.ts';
import { changeReports } from './change-reports.ts';
import { manageWords as texts } from './manage-words.ts';

/** Says who sees a report, and moves it to where others do, or gives the link to it. */
export default function ShareDialog({
  organization,
  report,
  space,
  link,
  onClose,
}: {
  organization: string;
  report: Report;
  space: Space | undefined;
  /** The address of the report. */
  link: string;
  onClose: () => void;
}) {
  const [chosen, setChosen] = useState({ value: '', label: '' });
  const { data: state } = useSession();
  const title = texts.shareTitle(report.name ?? words.untitled);
  const seenBy = sayWhoSees(report, space, state?.session?.organization.name ?? organization);
  if (report.shared) {
    return (
      <Dialog title={title} isOpen onClose={onClose}>
        <div className="stack">
          <p>{seenBy}</p>
          <CopyField label={texts.link} text={link} />
          <div className="actions end">
            <Button kind="main" onClick={onClose}>
              {words.close}
            </Button>
          </div>
        </div>
      </Dialog>
    );
  }
  return (
    <FormDialog
      title={title}
      isOpen
      submit={texts.moveAndCopy}
      onClose={onClose}
      onSubmit={async () => {
        const change = { report: report.token, space_token: chosen.value };
        await changeReports(organization, [change], texts.moved);
        await copyText(link);
      }}
    >
      <p>
        {seenBy} {texts.moveToShare}
      </p>
      <SpacePicker
        organization={organization}
        shown={chosen.label}
        onChoose={(to, label) => setChosen({ value: to?.token ?? '', label })}
      />
      <CopyField label={texts.link} text={link} />
    </FormDialog>
  );
}

function sayWhoSees({ shared }: Report, space: Space | undefined, organization: string): string {
  const name = space ? spaceLabel(space) : words.untitled;
  if (shared) return texts.seenByAll(organization, name);
  return space && !space.isOwn ? texts.seenByOwner(name) : texts.seenByYou;
}
