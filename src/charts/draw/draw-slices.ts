import type { Look } from '../chart-types.ts';
import { distinct, isolated, measureWriter } from '../names.ts';
import { placeNames } from '../numbers-of.ts';
import type { SeriesPicture } from '../picture.ts';
import { legendOf } from './legend.ts';
import { styleOf } from './paper.ts';
import { ALL_ZERO, type Drawing, NO_ROWS, NO_VALUES, type Sheet, USUAL_HEIGHT } from './sheet.ts';
import { cutter, LEGEND_ROW } from './texts.ts';
import { tooltip, tooltipHtml } from './tooltip.ts';

/** Below this width there is no room beside a circle. */
const NARROW = 480;
/** A few slices, none of them thin, have their labels beside them; others are listed. */
const MOST_LABELED = 6;
const LEAST_LABELED = 0.04;
/** Of the circle, in percent of the half of the drawing. */
const RADIUS = 72;
/** The line from a slice to its label, and a share. */
const BESIDE_NAME = 90;
/** In the legend, a mark and a share. */
const BESIDE_ENTRY = 80;

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
  if (total === 0) return { nothing: ALL_ZERO };
  const write = measureWriter(measures[one.measure], writers);
  const shares = new Map(
    slices.map(({ place, number }) => [names[place] ?? '', writers.percent(number / total)]),
  );
  const isOthers = (place: number) => x.others !== undefined && place === x.values.length - 1;
  const labeled = slices.map(({ place }) => names[place] ?? '');
  const least = Math.min(...slices.map(({ number }) => number / total));
  const isLabeled = width >= NARROW && slices.length <= MOST_LABELED && least >= LEAST_LABELED;
  const isBelow = width < NARROW;
  const legend = legendOf(labeled, width, paper);
  const radius = (RADIUS / 200) * Math.min(width, USUAL_HEIGHT);
  const height = isBelow ? slices.length * LEGEND_ROW + 16 : 0;
  const beside = width / 2 - (isLabeled ? radius + BESIDE_NAME : BESIDE_ENTRY);
  const cut = cutter(labeled, isBelow ? width - 110 : beside);
  const withShare = (name: string) => `${isolated(cut(name))}  ${shares.get(name) ?? ''}`;
  return {
    height: USUAL_HEIGHT + height,
    options: {
      ...(!isLabeled && {
        legend: {
          ...legend.legend,
          orient: 'vertical',
          itemGap: 6,
          ...(isBelow ? { top: USUAL_HEIGHT - 16 } : { top: 'middle', left: '54%' }),
          formatter: withShare,
        },
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
          radius: [look.isRing ? '45%' : '0%', `${RADIUS}%`],
          center: [isLabeled || isBelow ? '50%' : '27%', '50%'],
          ...(isBelow && { bottom: height }),
          stillShowZeroSum: false,
          avoidLabelOverlap: true,
          data: slices.map(({ place, number }) => {
            const { color, decal } = styleOf(place, isOthers(place), paper);
            return { name: names[place], value: number, itemStyle: { color, decal } };
          }),
          label: {
            show: isLabeled,
            color: paper.ink,
            formatter: ({ name }: { name: string }) => withShare(name),
          },
          labelLine: { show: isLabeled, lineStyle: { color: paper.rule } },
          labelLayout: { hideOverlap: true },
          itemStyle: { borderColor: paper.paper, borderWidth: 1 },
          emphasis: { focus: 'self', scale: false },
        },
      ],
    },
  };
}
