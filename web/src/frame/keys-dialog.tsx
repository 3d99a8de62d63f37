import { ownAddress } from '../base-path.ts';
import { Dialog } from '../parts/dialog.tsx';
import { words } from '../words.ts';
import styles from './command-palette.module.css';

/** Every key that the pages know. */
export default function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={words.keys.title} isOpen onClose={onClose}>
      <dl className={styles.keys}>
        {words.keys.all.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key} className={styles.key}>
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.reference}>
        <a href={ownAddress('/docs')}>{words.apiReference}</a>
      </p>
    </Dialog>
  );
}
