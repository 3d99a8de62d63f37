import type { ComponentPropsWithRef } from 'react';
import styles from './button.module.css';
import { classes } from './classes.ts';

type ButtonProps = ComponentPropsWithRef<'button'> & {
  /** `main` for the one thing that a page is for, `danger` where something is lost, `bare` beside text. */
  kind?: 'plain' | 'main' | 'danger' | 'bare';
  isBusy?: boolean;
};

export function Button({ kind = 'plain', isBusy = false, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classes(styles.button, styles[kind], className)}
      aria-busy={isBusy || undefined}
      {...rest}
      disabled={rest.disabled || isBusy}
    />
  );
}
