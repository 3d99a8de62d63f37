import { useState } from 'react';
import { words } from '../words.ts';
import { Button } from './button.tsx';
import styles from './copy-field.module.css';

/** Something to be copied: a link, a secret, a line for a shell. */
export function CopyField({ label, text }: { label: string; text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div>
      <p className={styles.label}>{label}</p>
      <div className={styles.field}>
        <code className={styles.text}>{text}</code>
        <Button onClick={copy}>{isCopied ? words.copied : words.copy}</Button>
      </div>
    </div>
  );
}
