import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { beginReport, newReportToken, nothingPublished } from '../api/unpublished-reports.ts';
import { TextField } from '../parts/field.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { words } from '../words.ts';
import { newReportWords as texts } from './manage-words.ts';
import { SpaceChoice } from './space-choice.tsx';

/** Asks what a new report is called and where it is to be, and opens its editor. */
export default function NewReportDialog({
  organization,
  space: first,
  onClose,
}: {
  organization: string;
  /** The space that the reader looks at, if it is one. */
  space?: string | undefined;
  onClose: () => void;
}) {
  const navigate = useNavigate();
  const [token] = useState(newReportToken);
  const [name, setName] = useState('');
  const [space, setSpace] = useState(first ?? null);
  const begin = async () => {
    const called = name.trim();
    // Without a word there is nothing to keep yet.
    if (called) {
      const content = { ...nothingPublished.content, name: called };
      await beginReport(organization, { token, space_token: space, content });
    }
    await navigate({
      to: '/$organization/drafts/$draft',
      params: { organization, draft: token },
      search: called ? {} : { begin: true, ...(space !== null && { space }) },
    });
  };
  return (
    <FormDialog title={texts.title} isOpen submit={texts.submit} onClose={onClose} onSubmit={begin}>
      <TextField
        label={texts.name}
        placeholder={words.untitled}
        maxLength={255}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <SpaceChoice organization={organization} space={space} onChoose={setSpace} />
      <p className="faint">{texts.hint}</p>
    </FormDialog>
  );
}
