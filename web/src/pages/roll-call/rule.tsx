import { useState } from 'react';
import { changeRule } from '../../api/roll-call.ts';
import { useSession } from '../../api/session.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import styles from './roll-call-page.module.css';

/** When a report answers, said; admins may change it. */
export function Rule({ organization, days }: { organization: string; days: number }) {
  const { data: state } = useSession();
  const [isOpen, setOpen] = useState(false);
  const [given, setGiven] = useState('');
  const isAdmin = state?.session?.member.role === 'admin';
  const open = () => {
    setGiven(String(days));
    setOpen(true);
  };
  return (
    <p className={styles.rule}>
      {words.rollCall.rule(days)}
      {isAdmin && (
        <>
          {' '}
          <Button kind="bare" className={styles.changeRule} onClick={open}>
            {words.rollCall.changeRule}
          </Button>
          <FormDialog
            title={words.rollCall.ruleTitle}
            isOpen={isOpen}
            submit={words.save}
            onClose={() => setOpen(false)}
            onSubmit={async () => {
              await changeRule(organization, Number(given));
              say(words.rollCall.ruleChanged);
            }}
          >
            <TextField
              label={words.rollCall.days}
              hint={words.rollCall.daysHint}
              type="number"
              min={1}
              max={3650}
              required
              value={given}
              onChange={(event) => setGiven(event.target.value)}
            />
          </FormDialog>
        </>
      )}
    </p>
  );
}
