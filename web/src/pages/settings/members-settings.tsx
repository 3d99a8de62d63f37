import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../../api/session.ts';
import {
  changeRole,
  type Invitation,
  invite,
  makeSignInLink,
  type Role,
  removeMember,
  unlinkMember,
  useLinkedMembers,
  useMembers,
} from '../../api/settings.ts';
import { attempt } from '../../parts/attempt.ts';
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

const roles: readonly { value: Role; label: string }[] = [
  { value: 'member', label: settingsWords.roles.member },
  { value: 'admin', label: settingsWords.roles.admin },
];

export function MembersSettings() {
  usePageTitle(words.settings.members);
  const { organization } = useParams({ from: '/$organization' });
  const { data: state } = useSession();
  const isAdmin = state?.session?.member.role === 'admin';
  const members = useMembers(organization);
  const { data: linked } = useLinkedMembers(organization, isAdmin);
  const [isInviting, setInviting] = useState(false);
  const [leaving, setLeaving] = useState<{ token: string; email: string }>();
  const [unlinking, setUnlinking] = useState<{ token: string; email: string }>();
  const [link, setLink] = useState<Invitation>();

  return (
    <section className="stack">
      {isAdmin && (
        <div className="actions">
          <Button kind="main" onClick={() => setInviting(true)}>
            {settingsWords.invite}
          </Button>
        </div>
      )}
      <Loaded query={members}>
        {(list) => (
          <table className="things">
            <thead>
              <tr>
                <th scope="col">{settingsWords.member}</th>
                <th scope="col">{settingsWords.role}</th>
                <th scope="col" className="spare">
                  {settingsWords.joined}
                </th>
                <th scope="col">
                  <span className="out-of-sight">{words.actions}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.map(({ token, email, admin, activated_at: joined }) => (
                <tr key={token}>
                  <td>
                    <Breaking text={email ?? words.untitled} />
                  </td>
                  <td>
                    {isAdmin ? (
                      <SelectField
                        label={settingsWords.roleOf(email ?? token)}
                        isCompact
                        value={admin ? 'admin' : 'member'}
                        options={roles}
                        onChange={(role) =>
                          attempt(async () => {
                            await changeRole(organization, token, role);
                            say(words.saved);
                          })
                        }
                      />
                    ) : (
                      settingsWords.roles[admin ? 'admin' : 'member']
                    )}
                  </td>
                  <td className="spare">
                    <Time at={joined} />
                  </td>
                  <td className="number">
                    {isAdmin && (
                      <>
                        <Button
                          kind="bare"
                          onClick={() =>
                            attempt(async () => setLink(await makeSignInLink(organization, token)))
                          }
                        >
                          {settingsWords.createLink}
                        </Button>
                        {linked?.has(token) && (
                          <Button
                            kind="bare"
                            onClick={() => setUnlinking({ token, email: email ?? token })}
                          >
                            {settingsWords.unlink}
                          </Button>
                        )}
                        <Button
                          kind="bare"
                          onClick={() => setLeaving({ token, email: email ?? token })}
                        >
                          {settingsWords.remove}
                        </Button>
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
      {isInviting && (
        <InviteDialog
          organization={organization}
          onClose={() => setInviting(false)}
          onInvited={setLink}
        />
      )}
      {leaving && (
        <FormDialog
          title={settingsWords.removeTitle(leaving.email)}
          isOpen
          kind="danger"
          submit={settingsWords.remove}
          onClose={() => setLeaving(undefined)}
          onSubmit={async () => {
            await removeMember(organization, leaving.token);
            say(settingsWords.removed);
          }}
        >
          <p>{settingsWords.removeHint}</p>
        </FormDialog>
      )}
      {unlinking && (
        <FormDialog
          title={settingsWords.unlinkTitle(unlinking.email)}
          isOpen
          kind="danger"
          submit={settingsWords.unlink}
          onClose={() => setUnlinking(undefined)}
          onSubmit={async () => {
            await unlinkMember(organization, unlinking.token);
            say(settingsWords.unlinked);
          }}
        >
          <p>{settingsWords.unlinkHint}</p>
        </FormDialog>
      )}
      <Dialog
        title={settingsWords.linkTitle}
        isOpen={link !== undefined}
        onClose={() => setLink(undefined)}
      >
        {link && (
          <div className="stack">
            <p>{settingsWords.linkHint(link.email)}</p>
            <CopyField label={settingsWords.link} text={link.link} />
          </div>
        )}
      </Dialog>
    </section>
  );
}

function InviteDialog({
  organization,
  onClose,
  onInvited,
}: {
  organization: string;
  onClose: () => void;
  onInvited: (invitation: Invitation) => void;
}) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('member');
  return (
    <FormDialog
      title={settingsWords.invite}
      isOpen
      onClose={onClose}
      submit={settingsWords.invite}
      onSubmit={async () => onInvited(await invite(organization, email, role))}
    >
      <TextField
        label={words.signIn.email}
        type="email"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <SelectField label={settingsWords.role} value={role} options={roles} onChange={setRole} />
    </FormDialog>
  );
}
