import { Link, useNavigate } from '@tanstack/react-router';
import { DropdownMenu } from 'radix-ui';
import { lazy, Suspense, useState } from 'react';
import { duplicateReport, type Report, setArchived } from '../../api/reports.ts';
import { cancelRun, downloadAddress, type Format, type Run } from '../../api/runs.ts';
import { useSession } from '../../api/session.ts';
import type { Space } from '../../api/spaces.ts';
import type { ChangeKind } from '../../manage/change-dialog.tsx';
import { changeReports } from '../../manage/change-reports.ts';
import { manageWords as texts } from '../../manage/manage-words.ts';
import { attempt } from '../../parts/attempt.ts';
import { Button } from '../../parts/button.tsx';
import menu from '../../parts/menu.module.css';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import { RUN_FORM } from './run-form.tsx';

// Dialogs are large, and the report does not wait for them.
const ChangeDialog = lazy(() => import('../../manage/change-dialog.tsx'));
const ShareDialog = lazy(() => import('../../manage/share-dialog.tsx'));

const formats: readonly Format[] = ['csv', 'json', 'parquet'];

/** What can be done with a report. */
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
  const navigate = useNavigate();
  const mayManage = useMayManage(report, space);
  const [asked, setAsked] = useState<ChangeKind | 'share'>();
  const [isBusy, setBusy] = useState(false);
  const { token, archived } = report;
  const act = async (work: () => Promise<unknown>) => {
    setBusy(true);
    await attempt(work);
    setBusy(false);
  };
  const archive = (next: boolean) =>
    act(async () => {
      await setArchived(organization, token, next);
      say(next ? words.report.isArchived : words.report.isBack, {
        label: words.undo,
        act: () => void act(() => setArchived(organization, token, !next)),
      });
    });
  const remove = () =>
    act(async () => {
      await changeReports(organization, [{ report: token, deleted: true }], texts.deleted);
      await navigate({ to: '/$organization', params: { organization } });
    });
  const duplicate = () =>
    act(async () => {
      const copy = await duplicateReport(organization, token);
      await navigate({
        to: '/$organization/reports/$report',
        params: { organization, report: copy },
      });
      say(texts.duplicated);
    });
  const items: [label: string, act: () => void, isOffered: boolean][] = [
    [texts.rename, onRename, !archived],
    [`${texts.kinds.move}…`, () => setAsked('move'), !archived],
    [texts.duplicate, () => void duplicate(), true],
    [`${texts.kinds.owner}…`, () => setAsked('owner'), mayManage],
  ];
  const lastItems: typeof items = [
    [archived ? words.report.unarchive : words.report.archive, () => archive(!archived), mayManage],
    [texts.kinds.delete, () => void remove(), mayManage],
  ];
  const offered = (list: typeof items) =>
    list
      .filter(([, , isOffered]) => isOffered)
      .map(([label, onSelect]) => (
        <DropdownMenu.Item key={label} className={menu.item} onSelect={onSelect}>
          {label}
        </DropdownMenu.Item>
      ));

  return (
    <div className="actions">
      {current?.state === 'enqueued' ? (
        <Button
          isBusy={isBusy}
          onClick={() => act(() => cancelRun(organization, token, current.token))}
        >
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
      <Button onClick={() => setAsked('share')}>{texts.share}</Button>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <Button aria-label={words.report.more}>⋯</Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className={menu.menu} align="end" sideOffset={4}>
            {shown?.state === 'succeeded' &&
              formats.map((format) => (
                <DropdownMenu.Item key={format} asChild className={menu.item}>
                  <a href={downloadAddress(organization, token, shown.token, format)} download>
                    {words.report.download[format]}
                  </a>
                </DropdownMenu.Item>
              ))}
            {shown?.state === 'succeeded' && <DropdownMenu.Separator className={menu.line} />}
            {offered(items)}
            {mayManage && <DropdownMenu.Separator className={menu.line} />}
            {offered(lastItems)}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <Suspense>
        {asked === 'share' && (
          <ShareDialog
            organization={organization}
            report={report}
            space={space}
            onClose={() => setAsked(undefined)}
          />
        )}
        {asked !== undefined && asked !== 'share' && (
          <ChangeDialog
            organization={organization}
            kind={asked}
            what={texts.named(report.name ?? words.untitled)}
            onClose={() => setAsked(undefined)}
            onChange={async (toChange) => {
              const done = asked === 'move' ? texts.moved : texts.ownerChanged;
              await changeReports(organization, [toChange(token)], done);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

/** Whether the reader may take a report from others: an admin, who made it, and in whose personal space it lies. */
function useMayManage({ _links }: Report, space: Space | undefined): boolean {
  const { data: state } = useSession();
  const member = state?.session?.member;
  if (member === undefined) return false;
  const isOwner = _links.creator?.href.split('/').at(-1) === member.token;
  return member.role === 'admin' || isOwner || space?.isOwn === true;
}
