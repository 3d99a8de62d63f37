import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { words } from '../words.ts';
import { classes } from './classes.ts';
import styles from './dialog.module.css';
import { findOpener, returnFocus } from './opener.ts';

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
        <Sheet title={title} isWide={isWide}>
          {children}
        </Sheet>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Sheet({
  title,
  isWide,
  children,
}: {
  title: string;
  isWide: boolean;
  children: ReactNode;
}) {
  const [opener] = useState(findOpener);
  return (
    <Radix.Content
      className={classes(styles.sheet, isWide && styles.wide)}
      aria-describedby={undefined}
      onCloseAutoFocus={(event) => {
        // Radix knows only of triggers of its own, and these dialogs have none.
        event.preventDefault();
        returnFocus(opener);
      }}
    >
      <Radix.Title className={styles.title}>{title}</Radix.Title>
      {children}
      <Radix.Close className={styles.close} aria-label={words.close}>
        ×
      </Radix.Close>
    </Radix.Content>
  );
}
