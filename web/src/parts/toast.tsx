import { useEffect, useState, useSyncExternalStore } from 'react';
import { isWriting } from './is-writing.ts';
import { returnFocus } from './opener.ts';
import styles from './toast.module.css';

type Said = { id: number; text: string; undo?: { label: string; act: () => void } };

/** Long enough to read it and to change one's mind. */
const SHOWN_MS = 8000;

let said: readonly Said[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Said[]): void {
  said = next;
  for (const listener of listeners) listener();
}

/** Says for a few seconds that something was done, with the way back where there is one. */
export function say(text: string, undo?: Said['undo']): void {
  change([...said, { id: ++lastId, text, ...(undo ? { undo } : {}) }]);
}

function close(id: number): void {
  change(said.filter((one) => one.id !== id));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where it is said. It is there from the start, so that screen readers tell what appears in it. `z` takes the last back. */
export function ToastPlace() {
  const shown = useSyncExternalStore(subscribe, () => said);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const last = said.findLast(({ undo }) => undo);
      if (event.key !== 'z' || isWriting(event) || !last) return;
      event.preventDefault();
      take(last);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  return (
    <div className={styles.place} role="status">
      {shown.map((one) => (
        <Toast key={one.id} {...one} />
      ))}
    </div>
  );
}

function take({ id, undo }: Said): void {
  close(id);
  undo?.act();
}

/** It stays while the pointer or the focus is on it. */
function Toast(one: Said) {
  const { id, text, undo } = one;
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => close(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, isHeld]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices the pointer and the focus.
    <div
      className={styles.toast}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{text}</span>
      {undo && (
        <button
          type="button"
          className={styles.undo}
          aria-keyshortcuts="z"
          onClick={() => {
            take(one);
            setTimeout(returnFocus);
          }}
        >
          {undo.label}
        </button>
      )}
    </div>
  );
}
