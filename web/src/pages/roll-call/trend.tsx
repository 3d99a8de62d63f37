import { type Day, useTrend } from '../../api/roll-call.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { figure, writtenDay } from '../../reader.ts';
import { words } from '../../words.ts';
import styles from './roll-call-page.module.css';

const WIDTH = 600;
const HEIGHT = 72;

const share = ({ answering, reports }: Day) => (reports === 0 ? 1 : answering / reports);

/** How many answered on other days: a line, and the same numbers in a table. */
export function Trend({ organization }: { organization: string }) {
  const trend = useTrend(organization);
  return (
    <section className="section">
      <h2>{words.rollCall.trend}</h2>
      <Loaded query={trend}>
        {(days) =>
          days.length < 2 ? (
            <p className="faint">{words.rollCall.noTrend}</p>
          ) : (
            <>
              <Line days={days} />
              <details className={styles.numbers}>
                <summary>{words.showNumbers}</summary>
                <Numbers days={days} />
              </details>
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function Line({ days }: { days: readonly Day[] }) {
  const first = days[0] as Day;
  const last = days.at(-1) as Day;
  const shares = days.map(share);
  const low = Math.min(...shares, 1 - 0.05);
  const point = (value: number, index: number) => {
    const x = (index / (days.length - 1)) * WIDTH;
    const y = 4 + (1 - (value - low) / (1 - low)) * (HEIGHT - 8);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  return (
    <figure className={styles.trend}>
      <figcaption>
        {words.rollCall.trendSays(share(last), share(first), writtenDay(first.day))}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2={WIDTH} y1="4" y2="4" className={styles.ground} />
        <line x1="0" x2={WIDTH} y1={HEIGHT - 4} y2={HEIGHT - 4} className={styles.ground} />
        <polyline points={shares.map(point).join(' ')} className={styles.line} />
      </svg>
      <div className={styles.scale} aria-hidden="true">
        <span>{words.percent(1)}</span>
        <span>{words.percent(low)}</span>
      </div>
      <div className={styles.ends} aria-hidden="true">
        <span>{writtenDay(first.day)}</span>
        <span>{writtenDay(last.day)}</span>
      </div>
    </figure>
  );
}

function Numbers({ days }: { days: readonly Day[] }) {
  return (
    <table className="things">
      <thead>
        <tr>
          <th scope="col">{words.rollCall.day}</th>
          <th scope="col" className="number">
            {words.places.reports}
          </th>
          {(['answering', 'failing', 'stale', 'never_ran'] as const).map((state) => (
            <th key={state} scope="col" className="number">
              {words.rollCall.states[state]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.toReversed().map((day) => (
          <tr key={day.day}>
            <td>{writtenDay(day.day)}</td>
            {[day.reports, day.answering, day.failing, day.stale, day.never_ran].map(
              (count, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place.
                <td key={index} className="number figure">
                  {figure(count)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
