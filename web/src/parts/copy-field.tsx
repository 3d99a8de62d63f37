import { useRef, useState } from 'react';
import { words } from '../words.ts';
import { Button } from './button.tsx';
import styles from './copy-field.module.css';
import { copyText } from './copy-text.ts';

/** Something to be copied: a link, a secret, a line for a shell. */
export function CopyField({ label, text }: { label: string; text: string }) {
  const [state, setState] = useState<'copied' | 'selected'>();
  const shown = useRef<HTMLElement>(null);
  const copy = async () => {
    const isCopied = await copyText(text);
    setState(isCopied ? 'copied' : 'selected');
    if (!isCopied && shown.current) window.getSelection()?.selectAllChildren(shown.current);
  };
  return (
    <div>
      <p className={styles.label}>{label}</p>
      <div className={styles.field}>
        <code ref={shown} className={styles.text}>
          {text}
        </code>
        <Button onClick={copy}>{state === 'copied' ? words.copied : words.copy}</Button>
      </div>
      <p className={styles.hint} role="status">
        {state === 'selected' && words.copyByHand}
      </p>
    </div>
  );
}
