import { useEffect, useSyncExternalStore } from 'react';
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

/** Where it is said. It is there from the start, so that screen readers tell what appears in it. */
export function ToastPlace() {
  const shown = useSyncExternalStore(subscribe, () => said);
  return (
    <div className={styles.place} role="status">
      {shown.map((one) => (
        <Toast key={one.id} {...one} />
      ))}
    </div>
  );
}

function Toast({ id, text, undo }: Said) {
  useEffect(() => {
    const timer = setTimeout(() => close(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id]);
  const act = () => {
    close(id);
    undo?.act();
  };
  return (
    <div className={styles.toast}>
      <span>{text}</span>
      {undo && (
        <button type="button" className={styles.undo} onClick={act}>
          {undo.label}
        </button>
      )}
    </div>
  );
}
