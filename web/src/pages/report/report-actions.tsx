import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Report } from '../../api/reports.ts';
import { cancelRun, type Run } from '../../api/runs.ts';
import type { Space } from '../../api/spaces.ts';
import { ReportMenu } from '../../manage/report-menu.tsx';
import { attempt } from '../../parts/attempt.ts';
import { Button } from '../../parts/button.tsx';
import { words } from '../../words.ts';
import { DownloadItems } from './downloads.tsx';
import { RUN_FORM } from './run-form.tsx';

/** What can be done with a report and with the run that the page shows. */
export function ReportActions({
  organization,
  report,
  space,
  current,
  shown,
  isStarting,
  onRename,
}: {
  organization: string;
  report: Report;
  /** Where it lies, as soon as that is known. */
  space: Space | undefined;
  /** The run that the page is about, which may be under way. */
  current: Run | undefined;
  /** The run whose results are on the page. */
  shown: Run | undefined;
  isStarting: boolean;
  onRename: () => void;
}) {
  const [isBusy, setBusy] = useState(false);
  const { token, archived } = report;
  const cancel = async (run: string) => {
    setBusy(true);
    await attempt(() => cancelRun(organization, token, run));
    setBusy(false);
  };

  return (
    <div className="actions">
      {current?.state === 'enqueued' ? (
        <Button isBusy={isBusy} onClick={() => cancel(current.token)}>
          {words.report.cancel}
        </Button>
      ) : (
        !archived &&
        report.query_count > 0 && (
          <Button kind="main" type="submit" form={RUN_FORM} isBusy={isStarting}>
            {words.report.run}
          </Button>
        )
      )}
      {!archived && (
        <Link
          to="/$organization/reports/$report/edit"
          params={{ organization, report: token }}
          className="button-link"
        >
          {words.edit}
        </Link>
      )}
      <ReportMenu
        organization={organization}
        report={report}
        space={space}
        linkOf={linkToPage}
        onRename={onRename}
      >
        {shown?.state === 'succeeded' && (
          <DownloadItems organization={organization} report={token} run={shown} />
        )}
      </ReportMenu>
    </div>
  );
}

/** The address of the report as it is shown, without what stands open beside it. */
function linkToPage(): string {
  const link = new URL(window.location.href);
  link.searchParams.delete('panel');
  return link.href;
}
