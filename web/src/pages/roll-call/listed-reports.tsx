import { Link } from '@tanstack/react-router';
import type { CalledReport, ListName } from '../../api/roll-call.ts';
import type { Selected } from '../../manage/bulk-bar.tsx';
import { classes } from '../../parts/classes.ts';
import { Time } from '../../parts/time.tsx';
import { words } from '../../words.ts';
import { AnswerMark } from './answer-mark.tsx';
import styles from './roll-call-page.module.css';

/** A page of a list; rows can be selected. */
export function ListedReports({
  organization,
  list,
  reports,
  selected,
  onSelect,
}: {
  organization: string;
  list: ListName;
  reports: readonly CalledReport[];
  selected: Selected;
  onSelect: (selected: Selected) => void;
}) {
  const isSelected = ({ token }: CalledReport) => selected === 'all' || selected.has(token);
  const areAll = reports.length > 0 && reports.every(isSelected);
  const turn = (some: readonly CalledReport[], isOn: boolean) => {
    const next = new Set(selected === 'all' ? reports.map(({ token }) => token) : selected);
    for (const { token } of some) isOn ? next.add(token) : next.delete(token);
    onSelect(next);
  };
  return (
    <table className="things">
      <thead>
        <tr>
          <th scope="col" className={styles.check}>
            <input
              type="checkbox"
              aria-label={words.rollCall.selectPage}
              checked={areAll}
              onChange={({ target }) => turn(reports, target.checked)}
            />
          </th>
          <th scope="col">{words.reports.name}</th>
          <th scope="col">{words.reports.state}</th>
          <th scope="col" className="spare">
            {words.reports.space}
          </th>
          <th scope="col" className="spare">
            {words.reports.owner}
          </th>
          <th scope="col" className="spare">
            {words.rollCall.lastSuccess}
          </th>
          <th scope="col" className="spare">
            {words.reports.viewed}
          </th>
        </tr>
      </thead>
      <tbody>
        {reports.map((report, index) => (
          <tr
            key={report.token}
            className={classes(
              isSelected(report) && styles.selected,
              // Those with one SQL stand beside each other.
              list === 'duplicates' &&
                index > 0 &&
                reports[index - 1]?.same_sql !== report.same_sql &&
                styles.begins,
            )}
          >
            <td className={styles.check}>
              <input
                type="checkbox"
                aria-label={words.select(report.name ?? words.untitled)}
                checked={isSelected(report)}
                onChange={({ target }) => turn([report], target.checked)}
              />
            </td>
            <td>
              <Link
                to="/$organization/reports/$report"
                params={{ organization, report: report.token }}
                className={styles.name}
              >
                {report.name ?? words.untitled}
              </Link>
            </td>
            <td>
              <AnswerMark answer={report.state} />
            </td>
            <td className="spare faint">{report.space_name}</td>
            <td className="spare faint" title={report.creator_email ?? undefined}>
              {report.creator_email?.split('@')[0]}
              {report.owner_left && <em className={styles.left}> {words.rollCall.hasLeft}</em>}
            </td>
            <td className="spare">
              <Time at={report.last_successfully_run_at} />
            </td>
            <td className="spare">
              <Time at={report.last_viewed_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
