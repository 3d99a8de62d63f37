import type { Column, Rows } from '../results/columns.ts';
import { numberWriter, titleOf } from '../results/format.ts';
import { words } from '../words.ts';
import styles from './chart.module.css';
import { categoryWriter, type Picture, plotOf } from './picture.ts';

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
  const writeCategory = categoryWriter(picture, columns);
  return (
    <div className={styles.pivot}>
      <table className="things">
        <thead>
          <tr>
            <th scope="col">{picture.series && titleOf(picture.series, picture.formats)}</th>
            {categories.map((category) => (
              <th key={String(category)} scope="col" className="number">
                {writeCategory(category)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.map(({ name, column, values }) => {
            const write = numberWriter(column, picture.formats[column]);
            return (
              <tr key={`${column} ${name}`}>
                <th scope="row">{name}</th>
                {values.map((value, index) => (
                  <td key={String(categories[index])} className="number figure">
                    {value === null ? words.emptyCell : write(value)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
