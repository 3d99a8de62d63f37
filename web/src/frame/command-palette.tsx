import { useNavigate } from '@tanstack/react-router';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import { isReading } from '../api/reading.ts';
import { useFoundReports } from '../api/report-list.ts';
import { attempt } from '../parts/attempt.ts';
import dialog from '../parts/dialog.module.css';
import { words } from '../words.ts';
import styles from './command-palette.module.css';
import {
  type Command,
  type CommandGroup,
  type FrameDialog,
  narrowed,
  useCommands,
} from './use-commands.ts';

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
  const id = useId();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const found = useReportCommands(organization, useDeferredValue(typed.trim()));
  const groups = [...narrowed(useCommands(organization, typed, onOpen), typed), ...found.groups];
  const commands = groups.flatMap((group) => group.commands);
  const current = commands[Math.min(chosen, commands.length - 1)];

  useEffect(() => {
    // Not by the id of the element: useId has marks that a selector would have to quote.
    const option = current && list.current?.querySelector('[aria-selected="true"]');
    option?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const act = async (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    await attempt(async () => command.act());
  };
  const press = (event: KeyboardEvent) => {
    const last = commands.length - 1;
    const at = Math.min(chosen, last);
    const moves: Record<string, number> = {
      ArrowDown: at >= last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
    };
    const next = moves[event.key];
    if (next !== undefined) setChosen(next);
    else if (event.key === 'Enter') void act(current);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={dialog.veil} />
        <Dialog.Content className={styles.palette} aria-describedby={undefined}>
          <Dialog.Title className="out-of-sight">{words.commands.title}</Dialog.Title>
          <input
            className={styles.field}
            role="combobox"
            aria-label={words.commands.field}
            aria-expanded={commands.length > 0}
            aria-controls={`${id}-list`}
            aria-activedescendant={current && `${id}-${current.id}`}
            aria-autocomplete="list"
            autoComplete="off"
            spellCheck={false}
            placeholder={words.commands.field}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setChosen(0);
            }}
            onKeyDown={press}
          />
          <div
            ref={list}
            id={`${id}-list`}
            role="listbox"
            aria-label={words.commands.title}
            tabIndex={-1}
            className={styles.list}
          >
            {groups.map((group) => (
              // biome-ignore lint/a11y/useSemanticElements: a listbox has groups, not field sets.
              <div key={group.label} role="group" aria-labelledby={`${id}-${group.label}`}>
                <p id={`${id}-${group.label}`} className={styles.group}>
                  {group.label}
                </p>
                {group.commands.map((command) => (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field.
                  <div
                    key={command.id}
                    id={`${id}-${command.id}`}
                    role="option"
                    tabIndex={-1}
                    aria-selected={command === current}
                    className={styles.option}
                    onMouseMove={() => setChosen(commands.indexOf(command))}
                    onClick={() => act(command)}
                  >
                    <span>{command.label}</span>
                    {command.hint && <span className="faint">{command.hint}</span>}
                  </div>
                ))}
              </div>
            ))}
          </div>
          {(commands.length === 0 || found.percentRead !== undefined) && (
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
