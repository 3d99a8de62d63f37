import type { Answer } from '../../api/roll-call.ts';
import { words } from '../../words.ts';
import styles from './roll-call-page.module.css';

const shapes: Record<Answer, React.ReactNode> = {
  answering: <rect x="1" y="1" width="10" height="10" fill="var(--edge)" />,
  failing: <path d="M6 0.5 12 11H0z" fill="var(--alert)" />,
  stale: (
    <>
      <path d="M1 1 11 11H1z" fill="var(--ink)" />
      <rect x="1.5" y="1.5" width="9" height="9" fill="none" stroke="var(--ink)" />
    </>
  ),
  never_ran: <rect x="1.5" y="1.5" width="9" height="9" fill="none" stroke="var(--ink)" />,
};

/** The state of a report by the shape that its cell has, and by its word. */
export function AnswerMark({ answer }: { answer: Answer }) {
  return (
    <span className={styles.answer}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        {shapes[answer]}
      </svg>
      {words.rollCall.states[answer]}
    </span>
  );
}
