import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../../api/session.ts';
import {
  type CreatedAccessToken,
  createToken,
  revokeToken,
  type TokenKind,
  useTokens,
} from '../../api/settings.ts';
import { Breaking } from '../../parts/breaking.tsx';
import { Button } from '../../parts/button.tsx';
import { CopyField } from '../../parts/copy-field.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { Time } from '../../parts/time.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import { settingsWords } from './settings-words.ts';

/** Everybody has own API tokens; those that list the inventory are the admins'. */
export function TokensSettings() {
  usePageTitle(words.settings.tokens);
  const { data: state } = useSession();
  return (
    <>
      {state?.session?.member.role === 'admin' && <Tokens kind="signature_tokens" />}
      <Tokens kind="api_tokens" />
    </>
  );
}

function Tokens({ kind }: { kind: TokenKind }) {
  const { organization } = useParams({ from: '/$organization' });
  const tokens = useTokens(organization, kind);
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<CreatedAccessToken>();
  const [leaving, setLeaving] = useState<{ token: string; name: string }>();
  const said = settingsWords.kinds[kind];

  return (
    <section className="section">
      <div className="page-head">
        <h2>{said.title}</h2>
        <Button onClick={() => setMaking(true)}>{settingsWords.createToken}</Button>
      </div>
      <p className="faint">{said.hint}</p>
      <Loaded query={tokens}>
        {(list) =>
          list.length === 0 ? null : (
            <table className="things">
              <thead>
                <tr>
                  <th scope="col">{words.name}</th>
                  <th scope="col" className="spare">
                    {settingsWords.token}
                  </th>
                  <th scope="col" className="spare">
                    {words.reports.owner}
                  </th>
                  <th scope="col">{settingsWords.lastUsed}</th>
                  <th scope="col" className="spare">
                    {settingsWords.expires}
                  </th>
                  <th scope="col">
                    <span className="out-of-sight">{words.actions}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {list.map((one) => (
                  <tr key={one.token}>
                    <td>{one.name}</td>
                    <td className="spare figure">{one.token}</td>
                    <td className="spare">
                      <Breaking text={one.member ?? settingsWords.ofOrganization} />
                    </td>
                    <td>
                      <Time at={one.last_used_at} />
                    </td>
                    <td className="spare">
                      <Time at={one.expires_at} isAhead />
                    </td>
                    <td className="number">
                      <Button kind="bare" onClick={() => setLeaving(one)}>
                        {settingsWords.revoke}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {isMaking && (
        <NewTokenDialog
          organization={organization}
          kind={kind}
          onClose={() => setMaking(false)}
          onCreated={setMade}
        />
      )}
      {leaving && (
        <FormDialog
          title={settingsWords.revokeTitle(leaving.name)}
          isOpen
          kind="danger"
          submit={settingsWords.revoke}
          onClose={() => setLeaving(undefined)}
          onSubmit={async () => {
            await revokeToken(organization, kind, leaving.token);
            say(settingsWords.revoked);
          }}
        >
          <p>{settingsWords.revokeHint}</p>
        </FormDialog>
      )}
      <Dialog
        title={settingsWords.createdTitle}
        isOpen={made !== undefined}
        onClose={() => setMade(undefined)}
      >
        {made && (
          <div className="stack">
            <p>{settingsWords.createdHint}</p>
            <CopyField label={settingsWords.token} text={made.token} />
            <CopyField label={settingsWords.secret} text={made.secret} />
            <CopyField label={settingsWords.header} text={`Authorization: ${made.authorization}`} />
          </div>
        )}
      </Dialog>
    </section>
  );
}

const lifetimes = (['never', '30', '90', '365', 'date'] as const).map((value) => ({
  value,
  label: settingsWords.lifetimes[value],
}));
type Lifetime = (typeof lifetimes)[number]['value'];

function NewTokenDialog({
  organization,
  kind,
  onClose,
  onCreated,
}: {
  organization: string;
  kind: TokenKind;
  onClose: () => void;
  onCreated: (token: CreatedAccessToken) => void;
}) {
  const [name, setName] = useState('');
  const [lifetime, setLifetime] = useState<Lifetime>('never');
  const [date, setDate] = useState('');
  return (
    <FormDialog
      title={settingsWords.createToken}
      isOpen
      onClose={onClose}
      submit={settingsWords.createToken}
      onSubmit={async () =>
        onCreated(await createToken(organization, kind, name, expiryOf(lifetime, date)))
      }
    >
      <TextField
        label={words.name}
        hint={settingsWords.tokenNameHint}
        required
        minLength={4}
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField
        label={settingsWords.expires}
        value={lifetime}
        options={lifetimes}
        onChange={setLifetime}
      />
      {lifetime === 'date' && (
        <TextField
          label={settingsWords.lastDay}
          type="date"
          required
          max="9999-12-31"
          value={date}
          onChange={(event) => setDate(event.target.value)}
        />
      )}
    </FormDialog>
  );
}

/** When a token ends: never, so many days from now, or with the end of a day where the reader is. */
function expiryOf(lifetime: Lifetime, date: string): string | undefined {
  if (lifetime === 'never') return undefined;
  const end = lifetime === 'date' ? new Date(`${date}T00:00`) : new Date();
  end.setDate(end.getDate() + (lifetime === 'date' ? 1 : Number(lifetime)));
  return end.toISOString();
}
