import { useState } from 'react';
import { ownAddress } from '../../base-path.ts';
import { TextField } from '../../parts/field.tsx';
import { words } from '../../words.ts';
import styles from './sign-in-page.module.css';

/** Signs in with the company account; a member of several organizations names one. */
export function OidcSignIn({
  page,
  asksOrganization,
}: {
  page: string | undefined;
  asksOrganization: boolean;
}) {
  const [organization, setOrganization] = useState('');
  const query = new URLSearchParams();
  if (organization) query.set('organization', organization);
  if (page) query.set('page', page);
  return (
    <>
      {asksOrganization && (
        <TextField
          label={words.signIn.organization}
          value={organization}
          onChange={(event) => setOrganization(event.target.value.trim())}
        />
      )}
      <a className={styles.other} href={ownAddress(`/auth/oidc/start?${query}`)}>
        {words.signIn.other}
      </a>
    </>
  );
}
