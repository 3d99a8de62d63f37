import { Link } from '@tanstack/react-router';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { type Report, setArchived } from '../../api/reports.ts';
import { cancelRun, downloadAddress, type Format, type Run } from '../../api/runs.ts';
import { attempt } from '../../parts/attempt.ts';
import { Button } from '../../parts/button.tsx';
import { copyText } from '../../parts/copy-text.ts';
import menu from '../../parts/menu.module.css';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import { RUN_FORM } from './run-form.tsx';

const formats: readonly Format[] = ['csv', 'json', 'parquet'];

/** What can be done with a report. */
export function ReportActions({
  organization,
  report,
  current,
  shown,
  isStarting,
}: {
  organization: string;
  report: Report;
  /** The run that the page is about, which may be under way. */
  current: Run | undefined;
  /** The run whose results are on the page. */
  shown: Run | undefined;
  isStarting: boolean;
}) {
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
  const share = async () => {
    const link = new URL(window.location.href);
    link.searchParams.delete('panel');
    say((await copyText(link.href)) ? words.report.linkCopied : words.report.linkToCopy(link.href));
  };

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
            <DropdownMenu.Item className={menu.item} onSelect={share}>
              {words.report.copyLink}
            </DropdownMenu.Item>
            <DropdownMenu.Separator className={menu.line} />
            <DropdownMenu.Item className={menu.item} onSelect={() => archive(!archived)}>
              {archived ? words.report.unarchive : words.report.archive}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </div>
  );
}
