import type { Paper } from './paper.ts';
import { cutter, LEGEND_ROW, legendRows } from './texts.ts';
import { escaped } from './tooltip.ts';

const WIDEST_NAME = 200;
export const LEGEND_TOP = 4;

/** A legend above the chart, in as many rows as its names need; one that is pointed at highlights its series. */
export function legendOf(names: readonly string[], width: number, paper: Paper) {
  const room = Math.min(WIDEST_NAME, width - 40);
  const cut = cutter(names, room);
  const rows = legendRows(names.map(cut), width - 8);
  return {
    height: rows * LEGEND_ROW,
    legend: {
      type: 'plain',
      show: true,
      top: LEGEND_TOP,
      left: 0,
      right: 0,
      padding: 0,
      itemGap: 12,
      itemWidth: 12,
      itemHeight: 10,
      data: [...names],
      formatter: cut,
      textStyle: { color: paper.ink, fontSize: 12, lineHeight: LEGEND_ROW - 6 },
      inactiveColor: paper.rule,
      tooltip: { show: true, formatter: ({ name }: { name: string }) => escaped(name) },
    },
  };
}
