import { type Static, Type } from 'typebox';
import { closed } from '../http/schema-parts.ts';
import type { ChartSpec } from './chart-spec.ts';

const Encoded = Type.Array(
  closed({ formula: Type.String({ description: 'The column, in brackets.' }) }),
);

/** A chart in the words of other servers, which catalogs read: what `spec` says, said again. */
export const VegasView = closed(
  {
    title: Type.String(),
    chartType: Type.String(),
    encoding: closed({ x: Encoded, y: Encoded, y2: Encoded, color: Encoded }),
    fieldFormats: Type.Record(Type.String(), Type.Object({})),
    pivotTable: closed({
      columns: Type.Array(Type.String()),
      rows: Type.Array(Type.String()),
      values: Type.Array(Type.String()),
    }),
    format: Type.Object({}),
    colors: Type.Array(Type.String()),
  },
  { description: 'The same as `spec`, in Mode’s format. Read-only.' },
);

export function toVegasView({
  type,
  title,
  spec,
}: {
  type: string | null;
  title: string | null;
  spec: ChartSpec | null;
}): Static<typeof VegasView> {
  const { x, y = [], y2 = [], series, columns = [] } = spec ?? {};
  const given = (column: string | undefined) => (column === undefined ? [] : [column]);
  const formula = (column: string) => ({ formula: `[${column}]` });
  const isPivot = type === 'pivotTable';
  return {
    title: title ?? '',
    chartType: type ?? '',
    encoding: {
      x: given(x).map(formula),
      y: y.map(formula),
      y2: y2.map(formula),
      color: given(series).map(formula),
    },
    fieldFormats: Object.fromEntries(columns.map((column) => [`[${column}]`, {}])),
    pivotTable: {
      columns: isPivot ? given(x) : [],
      rows: isPivot ? given(series) : [],
      values: isPivot ? [...y] : [],
    },
    format: {},
    colors: [],
  };
}
