import { useNavigate } from '@tanstack/react-router';
import { useReport } from '../../api/reports.ts';
import { useSpace } from '../../api/spaces.ts';
import { ownAddress } from '../../base-path.ts';
import { ReportMenu } from '../../manage/report-menu.tsx';

/** What can be done with the published report while it is edited. */
export default function EditorMenu({
  organization,
  report: token,
  onRename,
}: {
  organization: string;
  report: string;
  onRename: () => void;
}) {
  const navigate = useNavigate();
  const { data: report } = useReport(organization, token);
  const { data: space } = useSpace(organization, report?.space_token ?? undefined);
  if (report === undefined) return null;
  const page = `/${organization}/reports/${encodeURIComponent(token)}`;
  return (
    <ReportMenu
      organization={organization}
      report={report}
      space={space}
      linkOf={() => ownAddress(page)}
      onRename={onRename}
      // An archived report is not edited.
      onArchived={() => {
        const params = { organization, report: token };
        void navigate({ to: '/$organization/reports/$report', params });
      }}
    />
  );
}
