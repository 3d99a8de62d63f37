import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type Session, signInByLink } from '../../api/session.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { Failure, Notice } from '../../parts/notice.tsx';
import { words } from '../../words.ts';

/** A link is used up by signing in with it, so it waits until a button is pressed: mail scanners open links. */
export function LinkForm({
  link,
  session,
  onSignedIn,
}: {
  link: string;
  /** Of a reader who is signed in already, perhaps by this very link: it need not be used. */
  session: Session | null | undefined;
  onSignedIn: () => void;
}) {
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await signInByLink(link, password || undefined);
      onSignedIn();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };

  return (
    <>
      <h1>{words.signIn.linkTitle}</h1>
      {session && (
        <Notice title={words.signIn.signedInAs(session.member.email)}>
          <Link
            to="/$organization"
            params={{ organization: session.organization.username }}
            replace
            className="button-link"
          >
            {words.signIn.continueTo(session.organization.name)}
          </Link>
        </Notice>
      )}
      <form className="stack" onSubmit={submit}>
        <TextField
          label={words.signIn.choosePassword}
          hint={words.signIn.choosePasswordHint}
          type="password"
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {failure !== undefined && <Failure error={failure} />}
        <Button kind="main" type="submit" isBusy={isBusy}>
          {words.signIn.submit}
        </Button>
      </form>
    </>
  );
}
