import { useSchedules } from '../../api/schedules.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { words } from '../../words.ts';

/** That the report no longer runs by itself, because the owner of a schedule was removed; and the way to take it over. */
export function StoppedSchedules({
  organization,
  report,
  onShow,
}: {
  organization: string;
  report: string;
  onShow: () => void;
}) {
  const { data: schedules = [] } = useSchedules(organization, report);
  const count = schedules.filter((schedule) => schedule.stopped_at !== null).length;
  if (count === 0) return null;
  return (
    <Notice title={words.schedules.stoppedTitle(count)}>
      <p>{words.schedules.stoppedHint(count)}</p>
      <Button onClick={onShow}>{words.schedules.showStopped}</Button>
    </Notice>
  );
}
