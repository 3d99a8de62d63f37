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
import { TextField } from '../../parts/field.tsx';
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
  const [name, setName] = useState('');
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
                    {settingsWords.member}
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
      <FormDialog
        title={settingsWords.createToken}
        isOpen={isMaking}
        onClose={() => setMaking(false)}
        submit={settingsWords.createToken}
        onSubmit={async () => {
          setMade(await createToken(organization, kind, name));
          setName('');
        }}
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
      </FormDialog>
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
