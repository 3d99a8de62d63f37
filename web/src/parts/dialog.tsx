import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { words } from '../words.ts';
import { classes } from './classes.ts';
import styles from './dialog.module.css';

/** A sheet over the page, for one thing to be done or left. */
export function Dialog({
  title,
  isOpen,
  isWide = false,
  onClose,
  children,
}: {
  title: string;
  isOpen: boolean;
  /** For what stands side by side. */
  isWide?: boolean | undefined;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles.veil} />
        <Radix.Content
          className={classes(styles.sheet, isWide && styles.wide)}
          aria-describedby={undefined}
        >
          <Radix.Title className={styles.title}>{title}</Radix.Title>
          {children}
          <Radix.Close className={styles.close} aria-label={words.close}>
            ×
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
