import { type FormEvent, useState } from 'react';
import { isStatus } from '../../api/client.ts';
import { signIn } from '../../api/session.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { Failure } from '../../parts/notice.tsx';
import { words } from '../../words.ts';

export function PasswordForm({ onSignedIn }: { onSignedIn: () => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [organization, setOrganization] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await signIn(email, password, organization);
      onSignedIn();
    } catch (error) {
      // The address is a member of several organizations: only then is it asked which.
      if (isStatus(error, 409)) setOrganization('');
      setFailure(error);
      setBusy(false);
    }
  };

  return (
    <form className="stack" onSubmit={submit}>
      <TextField
        label={words.signIn.email}
        type="email"
        autoFocus
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label={words.signIn.password}
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {organization !== undefined && (
        <TextField
          label={words.signIn.organization}
          required
          value={organization}
          onChange={(event) => setOrganization(event.target.value)}
        />
      )}
      {failure !== undefined && <Failure error={failure} />}
      <Button kind="main" type="submit" isBusy={isBusy}>
        {words.signIn.submit}
      </Button>
    </form>
  );
}
