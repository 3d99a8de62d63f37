import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useSession } from '../../api/session.ts';
import { Notice } from '../../parts/notice.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { words } from '../../words.ts';
import { LinkForm } from './link-form.tsx';
import { OidcSignIn } from './oidc-sign-in.tsx';
import { PasswordForm } from './password-form.tsx';
import { refusals } from './refusal-words.ts';
import styles from './sign-in-page.module.css';

/** Signs in by password, by the company's account, or by a link, which stands behind the # so that no log has it. */
export function SignInPage() {
  usePageTitle(words.signIn.title);
  const navigate = useNavigate();
  const { next, error } = useSearch({ from: '/sign-in' });
  const { data: state } = useSession();
  const [, link] = /^#link=([0-9a-f]{64})$/.exec(window.location.hash) ?? [];
  const goOn = () => navigate({ href: next ?? '/', replace: true });
  const isSignedIn = state?.session && next !== undefined && !link && !error;
  useEffect(() => {
    // In another tab, where the session had ended, too.
    if (isSignedIn) void navigate({ href: next, replace: true });
  }, [isSignedIn, next, navigate]);

  return (
    <main className={styles.sheet}>
      <p className={styles.product}>{words.product}</p>
      {link ? (
        <LinkForm link={link} session={state?.session} onSignedIn={goOn} />
      ) : (
        <>
          <h1>{words.signIn.title}</h1>
          {error && (
            <Notice kind="alert" title={refusals[error].title}>
              <p>{refusals[error].hint}</p>
            </Notice>
          )}
          <PasswordForm onSignedIn={goOn} />
          {state?.methods.includes('oidc') && (
            <OidcSignIn page={next} asksOrganization={error === 'several_organizations'} />
          )}
          <p className={styles.help}>{words.signIn.noLink}</p>
        </>
      )}
    </main>
  );
}
