import { useNavigate } from '@tanstack/react-router';
import { Dialog } from 'radix-ui';
import { useDeferredValue, useState } from 'react';
import { isReading } from '../api/reading.ts';
import { useFoundReports } from '../api/report-list.ts';
import { attempt } from '../parts/attempt.ts';
import dialog from '../parts/dialog.module.css';
import { findOpener, returnFocus } from '../parts/opener.ts';
import { OptionList, useOptionList } from '../parts/option-list.tsx';
import { words } from '../words.ts';
import styles from './command-palette.module.css';
import { type CommandGroup, type FrameDialog, narrowed, useCommands } from './use-commands.ts';

const MOST_REPORTS = 8;

/** A field and below it what its words lead to: the arrows choose, Enter does it. */
export default function CommandPalette({
  organization,
  onOpen,
  onClose,
}: {
  organization: string;
  onOpen: (dialog: FrameDialog) => void;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const [opener] = useState(findOpener);
  const found = useReportCommands(organization, useDeferredValue(typed.trim()));
  const groups = [...narrowed(useCommands(organization, typed, onOpen), typed), ...found.groups];
  const { field, press, restart, list } = useOptionList(
    groups.map(({ label, commands }) => ({ label, options: commands })),
    (command) => {
      onClose();
      void attempt(async () => command.act());
    },
  );

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={dialog.veil} />
        <Dialog.Content
          className={styles.palette}
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus(opener);
          }}
        >
          <Dialog.Title className="out-of-sight">{words.commands.title}</Dialog.Title>
          <input
            {...field}
            className={styles.field}
            aria-label={words.commands.field}
            placeholder={words.commands.field}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              restart();
            }}
            onKeyDown={(event) => press(event) && event.preventDefault()}
          />
          <OptionList list={list} label={words.commands.title} className={styles.list} />
          {(groups.length === 0 || found.percentRead !== undefined) && (
            <p className={styles.none} role="status">
              {found.percentRead === undefined
                ? words.commands.none
                : words.reports.reading(found.percentRead)}
            </p>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The reports that the typed words find, each as a command that opens it; while reports are still being read, how far that is. */
function useReportCommands(
  organization: string,
  q: string,
): { groups: CommandGroup[]; percentRead?: number } {
  const navigate = useNavigate();
  const { data } = useFoundReports(organization, q, MOST_REPORTS);
  if (q === '' || data === undefined) return { groups: [] };
  if (isReading(data)) return { groups: [], percentRead: data.percent_read };
  const { reports } = data._embedded;
  if (reports.length === 0) return { groups: [] };
  const commands = reports.map(({ token, name, space_name }) => ({
    id: `report-${token}`,
    label: name ?? words.untitled,
    ...(space_name ? { hint: space_name } : {}),
    act: () =>
      navigate({
        to: '/$organization/reports/$report',
        params: { organization, report: token },
      }),
  }));
  return { groups: [{ label: words.places.reports, commands }] };
}
