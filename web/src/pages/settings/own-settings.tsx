import { type FormEvent, useState } from 'react';
import { useSession } from '../../api/session.ts';
import { changePassword, endOwnSession, useOwnSessions } from '../../api/settings.ts';
import { attempt } from '../../parts/attempt.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Failure } from '../../parts/notice.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { Time } from '../../parts/time.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import { settingsWords } from './settings-words.ts';

export function OwnSettings() {
  usePageTitle(words.places.settings);
  const { data: state } = useSession();
  const member = state?.session?.member;
  if (member === undefined) return null;
  return (
    <>
      <section className="narrow">
        <h2>{member.has_password ? settingsWords.changePassword : settingsWords.setPassword}</h2>
        <PasswordForm email={member.email} hasPassword={member.has_password} />
      </section>
      <section className="section">
        <h2>{settingsWords.sessions}</h2>
        <Sessions />
      </section>
    </>
  );
}

function PasswordForm({ email, hasPassword }: { email: string; hasPassword: boolean }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await changePassword(hasPassword ? current : undefined, next);
      setCurrent('');
      setNext('');
      say(words.saved);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="stack" onSubmit={submit}>
      <input type="hidden" autoComplete="username" value={email} readOnly />
      {hasPassword && (
        <TextField
          label={settingsWords.currentPassword}
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
      )}
      <TextField
        label={settingsWords.newPassword}
        hint={settingsWords.passwordHint}
        type="password"
        autoComplete="new-password"
        required
        value={next}
        onChange={(event) => setNext(event.target.value)}
      />
      {failure !== undefined && <Failure error={failure} />}
      <div className="actions">
        <Button kind="main" type="submit" isBusy={isBusy}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}

function Sessions() {
  const sessions = useOwnSessions();
  return (
    <Loaded query={sessions}>
      {(list) => (
        <table className="things">
          <thead>
            <tr>
              <th scope="col">{settingsWords.browser}</th>
              <th scope="col" className="spare">
                {settingsWords.address}
              </th>
              <th scope="col">{settingsWords.lastSeen}</th>
              <th scope="col">
                <span className="out-of-sight">{words.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.map((session) => (
              <tr key={session.token}>
                <td>{browserOf(session.user_agent)}</td>
                <td className="spare figure">{session.address}</td>
                <td>
                  <Time at={session.last_seen_at} />
                </td>
                <td className="number">
                  {session.current ? (
                    <span className="faint">{settingsWords.current}</span>
                  ) : (
                    <Button kind="bare" onClick={() => attempt(() => endOwnSession(session.token))}>
                      {settingsWords.end}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Loaded>
  );
}

/** What a browser calls itself, as people call it. */
function browserOf(userAgent: string | null): string {
  if (userAgent === null) return settingsWords.unknownBrowser;
  const [, browser] = /(Firefox|Edg|OPR|Chrome|Safari|curl)\b/.exec(userAgent) ?? [];
  const [, system] = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(userAgent) ?? [];
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera' };
  return [browser && (names[browser] ?? browser), system].filter(Boolean).join(', ') || userAgent;
}
