import type { Look } from '../chart-types.ts';
import { distinct, measureWriter } from '../names.ts';
import { placeNames } from '../numbers-of.ts';
import type { SeriesPicture } from '../picture.ts';
import { legendOf } from './legend.ts';
import { styleOf } from './paper.ts';
import { type Drawing, NO_ROWS, NO_VALUES, type Sheet, USUAL_HEIGHT } from './sheet.ts';
import { cutTo } from './texts.ts';
import { tooltip, tooltipHtml } from './tooltip.ts';

/** Below this width there is no room for labels beside a circle. */
const NARROW = 480;

/** Parts of a whole. */
export function drawSlices(
  { x, measures, series }: SeriesPicture,
  look: Look,
  sheet: Sheet,
): Drawing {
  const { paper, writers, width } = sheet;
  const [one] = series;
  if (one === undefined || x.values.length === 0) return { nothing: NO_ROWS };
  const names = distinct(placeNames(x, writers));
  const slices = one.values.flatMap((value, index) => {
    const place = one.at?.[index] ?? index;
    const number = Number(value ?? Number.NaN);
    return Number.isFinite(number) ? [{ place, value, number }] : [];
  });
  const total = slices.reduce((sum, { number }) => sum + number, 0);
  if (slices.length === 0) return { nothing: NO_VALUES };
  if (total === 0) return { nothing: 'All values are 0.' };
  const write = measureWriter(measures[one.measure], writers);
  const shares = new Map(
    slices.map(({ place, number }) => [names[place] ?? '', writers.percent(number / total)]),
  );
  const isOthers = (place: number) => x.others !== undefined && place === x.values.length - 1;
  const isNarrow = width < NARROW;
  const labeled = slices.map(({ place }) => names[place] ?? '');
  const withShare = (name: string, room: number) =>
    `${cutTo(name, room)}  ${shares.get(name) ?? ''}`;
  const legend = isNarrow ? legendOf(labeled, width, paper) : undefined;
  return {
    height: USUAL_HEIGHT + (legend ? legend.height + 20 : 0),
    options: {
      ...(legend && {
        legend: { ...legend.legend, formatter: (name: string) => withShare(name, width - 120) },
      }),
      tooltip: {
        ...tooltip(paper, 'item'),
        formatter: ({ dataIndex, marker }: { dataIndex: number; marker: string }) => {
          const slice = slices[dataIndex];
          if (slice === undefined) return '';
          const name = names[slice.place] ?? '';
          const text = `${write(slice.value)} (${shares.get(name)})`;
          return tooltipHtml('', [{ marker, name, text }]);
        },
      },
      series: [
        {
          type: 'pie',
          radius: look.isRing ? ['45%', '72%'] : ['0%', '72%'],
          ...(legend && { top: legend.height + 20 }),
          stillShowZeroSum: false,
          avoidLabelOverlap: true,
          data: slices.map(({ place, number }) => {
            const { color, decal } = styleOf(place, isOthers(place), paper);
            return { name: names[place], value: number, itemStyle: { color, decal } };
          }),
          label: {
            show: !isNarrow,
            color: paper.ink,
            formatter: ({ name }: { name: string }) => withShare(name, width / 4 - 16),
          },
          labelLine: { show: !isNarrow, lineStyle: { color: paper.rule } },
          labelLayout: { hideOverlap: true },
          itemStyle: { borderColor: paper.paper, borderWidth: 1 },
          emphasis: { focus: 'self', scale: false },
        },
      ],
    },
  };
}
