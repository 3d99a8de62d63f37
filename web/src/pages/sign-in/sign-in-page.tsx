import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { signIn } from '../../api/session.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { Failure } from '../../parts/notice.tsx';
import { words } from '../../words.ts';
import styles from './sign-in-page.module.css';

export function SignInPage() {
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/sign-in' });
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await signIn({ email, password });
      await navigate({ href: next ?? '/' });
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };

  return (
    <main className={styles.sheet}>
      <p className={styles.product}>{words.product}</p>
      <h1>{words.signIn.title}</h1>
      <form className="stack" onSubmit={submit}>
        <TextField
          label={words.signIn.email}
          type="email"
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
        {failure !== undefined && <Failure error={failure} />}
        <Button kind="main" type="submit" isBusy={isBusy}>
          {words.signIn.submit}
        </Button>
      </form>
      <p className={styles.help}>{words.signIn.noLink}</p>
    </main>
  );
}
