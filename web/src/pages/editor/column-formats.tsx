import { planPicture } from '../../../../src/charts/plan-picture.ts';
import type { EditedChart } from '../../api/edited-content.ts';
import { type Column, kindOf, placesOf } from '../../results/columns.ts';
import type { Format, Formats } from '../../results/format.ts';
import { partsOf } from './chart-parts.ts';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';

const MOST_DECIMALS = 10;
const numberStyles = ['number', 'plain', 'percent', 'short'] as const;
const dateStyles = ['iso', 'short', 'medium', 'long', 'month', 'quarter', 'year'] as const;

type FormatChange = { [Field in keyof Format]?: Format[Field] | undefined };

/** What the columns of a chart are called, and how their numbers and dates are written. */
export function ColumnFormats({
  chart,
  columns,
  onChange,
}: {
  chart: EditedChart;
  columns: readonly Column[];
  onChange: (formats: Formats | undefined) => void;
}) {
  const formats = chart.spec?.formats ?? {};
  const names = namesIn(chart, columns);
  const change = (name: string, fields: FormatChange) => {
    const format = given({ ...formats[name], ...fields });
    const { [name]: _, ...others } = formats;
    const next = Object.keys(format).length === 0 ? others : { ...formats, [name]: format };
    onChange(Object.keys(next).length === 0 ? undefined : next);
  };
  const said = editorWords.format;
  return (
    <details className={styles.formats}>
      <summary>{editorWords.formats}</summary>
      {names.length === 0 ? (
        <p className="faint">{editorWords.noFormats}</p>
      ) : (
        <table className="things">
          <thead>
            <tr>
              <th scope="col">{said.column}</th>
              <th scope="col">{said.name}</th>
              <th scope="col">{said.style}</th>
              <th scope="col">{said.decimals}</th>
              <th scope="col">{said.prefix}</th>
              <th scope="col">{said.suffix}</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <FormatRow
                key={name}
                name={name}
                format={formats[name] ?? {}}
                column={columns.find((one) => one.name === name)}
                onChange={(fields) => change(name, fields)}
              />
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

function FormatRow({
  name,
  format,
  column,
  onChange,
}: {
  name: string;
  format: Format;
  /** The column in the result; what the result does not have may have been a number. */
  column: Column | undefined;
  onChange: (change: FormatChange) => void;
}) {
  const said = editorWords.format;
  const kind = column === undefined ? 'number' : kindOf(column);
  const text = (
    field: 'title' | 'prefix' | 'suffix' | 'date_pattern',
    label: string,
    maxLength: number,
    placeholder?: string,
  ) => (
    <input
      aria-label={said.of(label, name)}
      maxLength={maxLength}
      placeholder={placeholder}
      value={format[field] ?? ''}
      onChange={({ target }) => onChange({ [field]: target.value })}
    />
  );
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{text('title', said.name, 255, name)}</td>
      {kind === 'number' ? (
        <>
          <td>
            <select
              aria-label={said.of(said.style, name)}
              value={format.style ?? ''}
              onChange={({ target }) =>
                onChange({ style: numberStyles.find((style) => style === target.value) })
              }
            >
              <option value="">{said.styles.none}</option>
              {numberStyles.map((style) => (
                <option key={style} value={style}>
                  {said.styles[style]}
                </option>
              ))}
            </select>
          </td>
          <td>
            <input
              type="number"
              aria-label={said.of(said.decimals, name)}
              min={0}
              max={MOST_DECIMALS}
              value={format.decimals ?? ''}
              onChange={({ target }) => onChange({ decimals: decimalsIn(target.value) })}
            />
          </td>
          <td>{text('prefix', said.prefix, 16)}</td>
          <td>{text('suffix', said.suffix, 16)}</td>
        </>
      ) : kind === 'text' ? (
        <td colSpan={4} className="faint">
          {said.noNumber}
        </td>
      ) : (
        <>
          <td>
            <select
              aria-label={said.of(said.dateStyle, name)}
              value={format.date_style ?? ''}
              onChange={({ target }) =>
                onChange({ date_style: dateStyles.find((style) => style === target.value) })
              }
            >
              <option value="">{said.dateStyles.none}</option>
              {dateStyles.map((style) => (
                <option key={style} value={style}>
                  {said.dateStyles[style]}
                </option>
              ))}
            </select>
          </td>
          <td colSpan={2}>{text('date_pattern', said.pattern, 64, 'd MMM yyyy')}</td>
          <td>
            {column?.type === 'TIMESTAMP WITH TIME ZONE' && (
              <select
                aria-label={said.of(said.timeZone, name)}
                value={format.time_zone ?? ''}
                onChange={({ target }) => onChange({ time_zone: target.value })}
              >
                <option value="">UTC</option>
                {Intl.supportedValuesOf('timeZone').map((zone) => (
                  <option key={zone}>{zone}</option>
                ))}
              </select>
            )}
          </td>
        </>
      )}
    </tr>
  );
}

/** The columns that the chart shows, and others that have a format already. */
function namesIn({ chart_type: type, spec }: EditedChart, columns: readonly Column[]): string[] {
  const plan = planPicture({ type, spec }, columns);
  const isTable = partsOf(type ?? 'table').includes('columns');
  const table = isTable
    ? placesOf(columns, spec?.columns ?? []).map((place) => columns[place]?.name)
    : [];
  const drawn =
    'refused' in plan
      ? [spec?.x, ...(spec?.y ?? []), ...(spec?.y2 ?? []), spec?.series]
      : [plan.x?.column, ...plan.measures.map(({ column }) => column), plan.series, plan.label];
  const names = [...drawn, ...table, ...Object.keys(spec?.formats ?? {})];
  return [...new Set(names)].filter((name) => name !== undefined);
}

function decimalsIn(text: string): number | undefined {
  const digits = Math.trunc(Number(text));
  if (text.trim() === '' || Number.isNaN(digits)) return undefined;
  return Math.min(Math.max(digits, 0), MOST_DECIMALS);
}

/** A format without what says nothing. */
function given(format: FormatChange): Format {
  const said = Object.entries(format).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(said) as Format;
}
