import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { RollCall, RollCallSpace } from '../../api/roll-call.ts';
import { words } from '../../words.ts';
import { AnswerMark } from './answer-mark.tsx';
import { CellStrip } from './cell-strip.tsx';
import { pitchFor } from './draw-cells.ts';
import { useInks } from './inks.ts';
import styles from './roll-call-page.module.css';
import { joined, type StripCells } from './strip-cells.ts';

/** More spaces than these are not each given a line and a name: their cells stand in one strip. */
const MOST_LINES = 40;

type Group = Pick<RollCallSpace, 'token' | 'reports' | 'answering'> & {
  label: string;
  cells: StripCells;
};

/** The roll at a glance: a cell for every report, by space, shaded by its state. */
export function Strip({ organization, rollCall }: { organization: string; rollCall: RollCall }) {
  const inks = useInks();
  const groups = useMemo(() => groupsOf(rollCall.spaces), [rollCall]);
  const all = useMemo(
    () => (groups.length > MOST_LINES ? joined(groups.map(({ cells }) => cells)) : undefined),
    [groups],
  );
  const look = { organization, inks, pitch: pitchFor(rollCall.reports) };
  const { answering, reports, cells_left_out: leftOut } = rollCall;
  return (
    <div className={styles.strip}>
      <Legend />
      {all ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
        <section className={styles.box} tabIndex={0} aria-label={words.rollCall.strip}>
          <CellStrip
            {...look}
            label={words.rollCall.spaceAnswers(words.reports.allSpaces, answering, reports)}
            cells={all}
          />
        </section>
      ) : (
        groups.map(({ token, label, cells, ...counts }) => (
          <div key={token ?? label} className={styles.group}>
            <p className={styles.groupName}>
              {token === null ? (
                label
              ) : (
                <Link
                  to="/$organization"
                  params={{ organization }}
                  search={{ space: token }}
                  className={styles.spaceLink}
                >
                  {label}
                </Link>
              )}{' '}
              <span className="faint">{words.rollCall.part(counts.answering, counts.reports)}</span>
            </p>
            <CellStrip
              {...look}
              label={words.rollCall.spaceAnswers(label, counts.answering, counts.reports)}
              cells={cells}
            />
          </div>
        ))
      )}
      {leftOut > 0 && <p className="faint">{words.rollCall.leftOut(leftOut)}</p>}
    </div>
  );
}

/** Each shared space by itself; the personal ones, which may be as many as there are people, together. */
function groupsOf(spaces: readonly RollCallSpace[]): Group[] {
  const groups = spaces.map(({ token, name, ...space }) => {
    const label = token === null ? words.rollCall.noSpace : (name ?? words.untitled);
    return { ...space, token, label, cells: { ...space.cells, spaces: [label] } };
  });
  const personal = groups.filter((group) => group.personal);
  const shared = groups.filter((group) => !group.personal);
  if (personal.length === 0) return shared;
  const together = {
    token: null,
    label: words.rollCall.personalSpaces,
    reports: personal.reduce((sum, { reports }) => sum + reports, 0),
    answering: personal.reduce((sum, { answering }) => sum + answering, 0),
    cells: joined(personal.map(({ cells }) => cells)),
  };
  return [...shared, together];
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
