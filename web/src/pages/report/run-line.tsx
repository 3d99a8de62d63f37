import type { ReactNode } from 'react';
import type { Run } from '../../api/runs.ts';
import { Time } from '../../parts/time.tsx';
import { words } from '../../words.ts';
import styles from './report-page.module.css';
import { saidValues } from './run-values.ts';

/** The values that a run had; nothing where it had none. */
export function RunValues({ run }: { run: Run }) {
  const values = saidValues(run);
  if (values.length === 0) return null;
  return (
    <span className={styles.values}>
      {values.map(({ label, text }) => (
        <span key={label}>
          <span className="faint">{label}</span> {text}
        </span>
      ))}
    </span>
  );
}

/** When a run ended, with which values, and who ran it. */
export function RunLine({
  label,
  run,
  children,
}: {
  label: string;
  run: Run;
  children?: ReactNode;
}) {
  return (
    <p className={styles.runLine}>
      <span>
        {label} <Time at={run.completed_at ?? run.created_at} />
      </span>
      <RunValues run={run} />
      <span className="faint">{runBy(run)}</span>
      {children}
    </p>
  );
}

/** Who ran it: a member, or a schedule of one. */
export function runBy({ executed_by_email: email, _links: links }: Run): string {
  return links.report_schedule ? words.report.bySchedule(email) : words.report.byHand(email);
}
