import { init } from 'echarts';
import { expect, test } from 'vitest';
import { type ChartType, chartTypes, lookOf } from '../../../src/charts/chart-types.ts';
import { drawPicture } from '../../../src/charts/draw/draw-picture.ts';
import type { Cell, Picture } from '../../../src/charts/picture.ts';
import {
  numberedPicture,
  pointsPicture,
  seriesPicture,
  sheetOf,
} from '../../support/chart-pictures.ts';

const drawnTypes = chartTypes.filter((type) =>
  ['series', 'slices', 'points'].includes(lookOf(type).shape),
);

/** The picture as the library draws it. */
function svgOf(picture: Picture, type: ChartType, width: number): string {
  const drawing = drawPicture(picture, type, sheetOf(width));
  if ('nothing' in drawing) throw new Error(drawing.nothing);
  const size = { width, height: drawing.height };
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption(drawing.options);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** Gaps, series with places of their own, and values of every size. */
function roughPicture(type: ChartType): Picture {
  if (lookOf(type).shape === 'points')
    return pointsPicture([{ points: [[0, 0, null]] }, { others: 3, points: [[1e12, 1e-9, 'a']] }]);
  const days = ['2024-01-01', '2024-01-02', '2024-03-01', '2025-01-01'];
  const sizes: Cell[] = [0, null, 1e15, '12345678901234567890'];
  return seriesPicture(
    days,
    [
      { value: null, values: sizes },
      { value: 'own', at: [3], values: [1e-9] },
      { others: 5, values: [null, null, null, null] },
    ],
    { x: { kind: 'date' } },
  );
}

test.each(drawnTypes)('%s is drawn by the library, whatever its values are', (type) => {
  for (const picture of [numberedPicture(type, 12, 3), roughPicture(type)]) {
    const svg = svgOf(picture, type, 390);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg).toContain('<text');
  }
});

test('bars have the sizes of their values', () => {
  const svg = svgOf(seriesPicture(['a', 'b'], [{ values: [10, 20] }]), 'bar', 700);
  const bars = [
    ...svg.matchAll(/<path d="M[\d.]+ ([\d.]+)l[\d.]+ 0l0 (-?[\d.]+)l[^"]*" fill="#0072b2"/g),
  ];
  const heights = bars.map(([, , height]) => Math.abs(Number(height)));
  expect(heights).toHaveLength(2);
  expect(Number(heights[1]) / Number(heights[0])).toBeCloseTo(2, 1);
});
