import { type Column, type Rows, saidNumber } from '../results/columns.ts';
import { words } from '../words.ts';
import styles from './chart.module.css';
import { type Picture, plotOf } from './picture.ts';

/** A row for each series, a column for each value of `x`. */
export function PivotTable({
  picture,
  columns,
  rows,
}: {
  picture: Picture;
  columns: readonly Column[];
  rows: Rows;
}) {
  const { categories, series } = plotOf(picture, columns, rows);
  return (
    <div className={styles.pivot}>
      <table className="things">
        <thead>
          <tr>
            <th scope="col">{picture.series ?? ''}</th>
            {categories.map((category) => (
              <th key={String(category)} scope="col" className="number">
                {String(category ?? words.emptyCell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, index) => (
                <td key={String(categories[index])} className="number figure">
                  {value === null ? words.emptyCell : saidNumber(value, '')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
