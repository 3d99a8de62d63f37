import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { deleteSpace, type Space, spaceLabel } from '../../api/spaces.ts';
import { Button } from '../../parts/button.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import SpaceDialog from '../../parts/space-dialog.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';

/** What can be done with a space itself. */
export default function SpaceActions({
  organization,
  space,
}: {
  organization: string;
  space: Space;
}) {
  const navigate = useNavigate();
  const [asked, setAsked] = useState<'change' | 'delete'>();
  const close = () => setAsked(undefined);
  const remove = async () => {
    await deleteSpace(organization, space.token);
    say(words.spaces.deleted);
    await navigate({ to: '/$organization', params: { organization }, replace: true });
  };
  return (
    <>
      <Button onClick={() => setAsked('change')}>{words.edit}</Button>
      <Button onClick={() => setAsked('delete')}>{words.delete}</Button>
      {asked === 'change' && (
        <SpaceDialog organization={organization} space={space} onClose={close} />
      )}
      {asked === 'delete' && (
        <FormDialog
          title={words.spaces.deleteTitle(spaceLabel(space))}
          isOpen
          kind="danger"
          submit={words.delete}
          onClose={close}
          onSubmit={remove}
        >
          <p>{words.spaces.deleteHint}</p>
        </FormDialog>
      )}
    </>
  );
}
