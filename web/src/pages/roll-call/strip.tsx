import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { RollCall, RollCallSpace } from '../../api/roll-call.ts';
import { words } from '../../words.ts';
import { AnswerMark } from './answer-mark.tsx';
import { pitchFor } from './draw-cells.ts';
import { useInks } from './inks.ts';
import styles from './roll-call-page.module.css';
import { SpaceStrip } from './space-strip.tsx';

type Group = Pick<RollCallSpace, 'token' | 'reports' | 'answering' | 'cells'> & { label: string };

/** The roll at a glance: a cell for every report, by space, shaded by its state. */
export function Strip({ organization, rollCall }: { organization: string; rollCall: RollCall }) {
  const inks = useInks();
  const groups = useMemo(() => groupsOf(rollCall.spaces), [rollCall]);
  const pitch = pitchFor(rollCall.reports);
  return (
    <section className={styles.strip} aria-label={words.rollCall.strip}>
      <Legend />
      {groups.map((group) => (
        <div key={group.token ?? group.label} className={styles.group}>
          <p className={styles.groupName}>
            {group.token === null ? (
              group.label
            ) : (
              <Link
                to="/$organization"
                params={{ organization }}
                search={{ space: group.token }}
                className={styles.spaceLink}
              >
                {group.label}
              </Link>
            )}{' '}
            <span className="faint">{words.rollCall.part(group.answering, group.reports)}</span>
          </p>
          <SpaceStrip
            organization={organization}
            label={words.rollCall.spaceAnswers(group.label, group.answering, group.reports)}
            cells={group.cells}
            pitch={pitch}
            inks={inks}
          />
        </div>
      ))}
      {rollCall.cells_left_out > 0 && (
        <p className="faint">{words.rollCall.leftOut(rollCall.cells_left_out)}</p>
      )}
    </section>
  );
}

/** Each shared space by itself; the personal ones, which may be as many as there are people, together. */
function groupsOf(spaces: readonly RollCallSpace[]): Group[] {
  const personal = spaces.filter((space) => space.personal);
  const groups: Group[] = spaces
    .filter((space) => !space.personal)
    .map((space) => ({
      ...space,
      label: space.token === null ? words.rollCall.noSpace : (space.name ?? words.untitled),
    }));
  if (personal.length === 0) return groups;
  const sum = (count: (space: RollCallSpace) => number) =>
    personal.reduce((total, space) => total + count(space), 0);
  const together: Group = {
    token: null,
    label: words.rollCall.personalSpaces,
    reports: sum(({ reports }) => reports),
    answering: sum(({ answering }) => answering),
    cells: {
      tokens: personal.flatMap(({ cells }) => cells.tokens),
      names: personal.flatMap(({ cells }) => cells.names),
      states: personal.map(({ cells }) => cells.states).join(''),
    },
  };
  return [...groups, together];
}

function Legend() {
  return (
    <ul className={styles.legend}>
      {(['answering', 'failing', 'stale', 'never_ran'] as const).map((answer) => (
        <li key={answer}>
          <AnswerMark answer={answer} />
        </li>
      ))}
    </ul>
  );
}
