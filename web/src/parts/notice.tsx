import type { ReactNode } from 'react';
import { told } from '../api/client.ts';
import styles from './notice.module.css';

/** Says what happened, what is safe, and what to do. */
export function Notice({
  title,
  children,
  kind = 'plain',
}: {
  title: string;
  children?: ReactNode;
  kind?: 'plain' | 'alert';
}) {
  return (
    <div
      className={`${styles.notice} ${styles[kind]}`}
      role={kind === 'alert' ? 'alert' : 'status'}
    >
      <p className={styles.title}>{title}</p>
      {children && <div className={styles.more}>{children}</div>}
    </div>
  );
}

/** A failure in the server's own words. */
export function Failure({ error, children }: { error: unknown; children?: ReactNode }) {
  const { message, hint } = told(error);
  return (
    // Clients of Mode look for lower case; a sentence on a page begins with a capital.
    <Notice kind="alert" title={message.charAt(0).toUpperCase() + message.slice(1)}>
      {hint && <p>{hint}</p>}
      {children}
    </Notice>
  );
}
