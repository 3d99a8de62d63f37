import { useDeletedReports } from '../../api/reports.ts';
import { changeReports } from '../../manage/change-reports.ts';
import { manageWords as texts } from '../../manage/manage-words.ts';
import { attempt } from '../../parts/attempt.ts';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Time } from '../../parts/time.tsx';
import { words } from '../../words.ts';

/** The reports that were deleted lately and that the reader may restore. */
export default function DeletedReports({ organization }: { organization: string }) {
  const deleted = useDeletedReports(organization);
  const restore = (report: string) =>
    attempt(() => changeReports(organization, [{ report, deleted: false }], texts.restored));
  return (
    <Loaded query={deleted}>
      {(list) =>
        list.length === 0 ? (
          <p className="faint">{texts.noneDeleted}</p>
        ) : (
          <table className="things">
            <thead>
              <tr>
                <th scope="col">{words.reports.name}</th>
                <th scope="col">{texts.deletedAt}</th>
                <th scope="col" className="spare">
                  {texts.deletedBy}
                </th>
                <th scope="col" className="spare">
                  {texts.restorableUntil}
                </th>
                <th scope="col">
                  <span className="out-of-sight">{words.actions}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.map((report) => (
                <tr key={report.token}>
                  <td>{report.name ?? words.untitled}</td>
                  <td>
                    <Time at={report.deleted_at} />
                  </td>
                  <td className="spare faint">{report.deleted_by_email}</td>
                  <td className="spare">
                    <Time at={report.restorable_until} />
                  </td>
                  <td>
                    <Button onClick={() => restore(report.token)}>{texts.restore}</Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Loaded>
  );
}
