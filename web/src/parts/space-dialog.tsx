import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { changeSpace, createSpace, type Space } from '../api/spaces.ts';
import { words } from '../words.ts';
import { TextField } from './field.tsx';
import { FormDialog } from './form-dialog.tsx';
import { say } from './toast.tsx';

/** Makes a space and opens it, or changes the one that is given. */
export default function SpaceDialog({
  organization,
  space,
  onClose,
}: {
  organization: string;
  space?: Space;
  onClose: () => void;
}) {
  const navigate = useNavigate();
  const [name, setName] = useState(space?.name ?? '');
  const [description, setDescription] = useState(space?.description ?? '');
  const submit = async () => {
    const fields = { name, description: description || null };
    if (space) {
      await changeSpace(organization, space.token, fields);
      say(words.saved);
      return;
    }
    const token = await createSpace(organization, fields);
    await navigate({ to: '/$organization', params: { organization }, search: { space: token } });
  };
  return (
    <FormDialog
      title={space ? words.spaces.change : words.spaces.new}
      isOpen
      submit={space ? words.save : words.spaces.create}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField
        label={words.name}
        required
        maxLength={255}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={words.description}
        hint={words.spaces.descriptionHint}
        maxLength={4096}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
    </FormDialog>
  );
}
