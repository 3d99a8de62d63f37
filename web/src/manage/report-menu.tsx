import { useNavigate } from '@tanstack/react-router';
import { DropdownMenu } from 'radix-ui';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { duplicateReport, type Report, setArchived } from '../api/reports.ts';
import { useSession } from '../api/session.ts';
import type { Space } from '../api/spaces.ts';
import { attempt } from '../parts/attempt.ts';
import { Button } from '../parts/button.tsx';
import menu from '../parts/menu.module.css';
import { say } from '../parts/toast.tsx';
import { words } from '../words.ts';
import type { ChangeKind } from './change-dialog.tsx';
import { changeReports } from './change-reports.ts';
import { manageWords as texts } from './manage-words.ts';

// Dialogs are large, and the page does not wait for them.
const ChangeDialog = lazy(() => import('./change-dialog.tsx'));
const ShareDialog = lazy(() => import('./share-dialog.tsx'));

/** Shares a report, and in a menu what else can be done with it: as much as the reader may do. */
export function ReportMenu({
  organization,
  report,
  space,
  linkOf,
  onRename,
  onArchived,
  children,
}: {
  organization: string;
  report: Report;
  /** Where it lies, as soon as that is known. */
  space: Space | undefined;
  /** The address that is shared. */
  linkOf: () => string;
  onRename: () => void;
  onArchived?: () => void;
  /** What the menu begins with. */
  children?: ReactNode;
}) {
  const navigate = useNavigate();
  const mayManage = useMayManage(report, space);
  const [asked, setAsked] = useState<ChangeKind | 'share'>();
  const { token, archived } = report;
  const archive = (next: boolean) =>
    attempt(async () => {
      await setArchived(organization, token, next);
      say(next ? words.report.isArchived : words.report.isUnarchived, {
        label: words.undo,
        act: () => void attempt(() => setArchived(organization, token, !next)),
      });
      if (next) onArchived?.();
    });
  const remove = () =>
    attempt(async () => {
      await changeReports(organization, [{ report: token, deleted: true }], texts.deleted);
      await navigate({ to: '/$organization', params: { organization } });
    });
  const duplicate = () =>
    attempt(async () => {
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
    <>
      <Button onClick={() => setAsked('share')}>{texts.share}</Button>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <Button aria-label={words.report.more}>⋯</Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className={menu.menu} align="end" sideOffset={4}>
            {children && (
              <>
                {children}
                <DropdownMenu.Separator className={menu.line} />
              </>
            )}
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
            link={linkOf()}
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
    </>
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
