import { measureTitle } from '../measure-title.ts';
import {
  groupNames,
  measureWriter,
  momentZone,
  oneLine,
  splitTitle,
  tickWriter,
  valuesAlong,
  xTitle,
  xWriter,
} from '../names.ts';
import type { Cell, PointsPicture } from '../picture.ts';
import { positionOf } from '../positions.ts';
import { gridOf, numberAxis, onlyDay, scaleAlong, stepOf, titleAbove, titleBelow } from './axes.ts';
import { LEGEND_TOP, legendOf } from './legend.ts';
import { styleOf } from './paper.ts';
import { type Drawing, NO_ROWS, NO_VALUES, type Sheet, USUAL_HEIGHT } from './sheet.ts';
import { tooltip, tooltipHtml } from './tooltip.ts';

const MANY = 500;
const TOP = 28;

/** Numbers against numbers. */
export function drawPoints(picture: PointsPicture, sheet: Sheet): Drawing {
  const { x, measures, groups } = picture;
  const { paper, writers, width } = sheet;
  const [measure] = measures;
  if (measure === undefined || groups.length === 0) return { nothing: NO_ROWS };
  const drawn = groups.map(({ points }) => points.flatMap((point) => placed(point, picture)));
  const all = drawn.flat();
  if (all.length === 0) return { nothing: NO_VALUES };
  const names = groupNames(picture, writers);
  const split = splitTitle(picture, writers);
  const [across, up] = [all.map(({ at }) => at[0]), all.map(({ at }) => at[1])];
  const legend = names.length > 1 ? legendOf(names, width, paper) : undefined;
  const writeX = xWriter(
    x,
    all.map(({ cells }) => cells[0] ?? null),
    writers,
  );
  const writeY = measureWriter(measure, writers);
  const zone = momentZone(x, valuesAlong(picture), writers);
  const day = onlyDay(x, across, writers, zone);
  const titles = { x: xTitle(picture, writers, day), y: measureTitle(measure, writers) };
  return {
    height: USUAL_HEIGHT + (legend?.height ?? 0),
    options: {
      grid: gridOf({ top: (legend ? LEGEND_TOP + legend.height : 0) + TOP, right: 16 }),
      ...(legend && { legend: legend.legend }),
      tooltip: {
        ...tooltip(paper, 'item'),
        formatter: ({ seriesIndex, dataIndex, marker }: Pointed) => {
          const [left = null, top = null, label] = drawn[seriesIndex]?.[dataIndex]?.cells ?? [];
          const name = label === undefined || label === null ? '' : oneLine(label);
          const text = names[seriesIndex] ?? '';
          const group =
            names.length > 1 ? [{ marker, ...(split !== '' && { name: split }), text }] : [];
          return tooltipHtml(name, [
            ...group,
            { name: titles.x, text: writeX(left) },
            { name: titles.y, text: writeY(top) },
          ]);
        },
      },
      xAxis: { ...scaleAlong(x, across, sheet, zone), ...titleBelow(titles.x, sheet) },
      yAxis: {
        ...numberAxis(up, tickWriter(measure, writers, stepOf(up)), paper),
        ...titleAbove(titles.y, 'left', width - 48, paper),
        scale: true,
      },
      series: groups.map(({ others }, index) => {
        const { color, symbol } = styleOf(index, others !== undefined, paper);
        return {
          type: 'scatter',
          name: names[index],
          color,
          symbol,
          symbolSize: all.length > MANY ? 4 : 7,
          itemStyle: { color, opacity: 0.75 },
          data: (drawn[index] ?? []).map(({ at }) => at),
          ...(others !== undefined && { z: 1 }),
          emphasis: { focus: 'series' },
          blur: { itemStyle: { opacity: 0.15 } },
        };
      }),
    },
  };
}

type Pointed = { seriesIndex: number; dataIndex: number; marker: string };

/** A point with its place on both axes; none if it has no place. */
function placed(cells: Cell[], { x }: PointsPicture): { at: [number, number]; cells: Cell[] }[] {
  const [left = null, top = null] = cells;
  const across = positionOf(left, x);
  const up = top === null ? Number.NaN : Number(top);
  return across === undefined || !Number.isFinite(up) ? [] : [{ at: [across, up], cells }];
}
