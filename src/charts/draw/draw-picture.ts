import { lookOf, notStacked } from '../chart-types.ts';
import type { Picture } from '../picture.ts';
import { drawPoints } from './draw-points.ts';
import { drawSeries } from './draw-series.ts';
import { drawSlices } from './draw-slices.ts';
import type { Drawing, Sheet } from './sheet.ts';

/** Draws a picture of values or points. Every number in the options is one of the picture's, or a share of their sum. */
export function drawPicture(picture: Picture, type: string | null, sheet: Sheet): Drawing {
  if (picture.kind !== 'series' && picture.kind !== 'points') {
    return { nothing: 'This chart is not drawn.' };
  }
  const { paper } = sheet;
  const isNotStacked = picture.notes.some(({ note }) => note === 'not_stacked');
  const look = isNotStacked ? notStacked : lookOf(type);
  const drawn =
    picture.kind === 'points'
      ? drawPoints(picture, sheet)
      : look.shape === 'slices'
        ? drawSlices(picture, look, sheet)
        : drawSeries(picture, look, sheet);
  if ('nothing' in drawn) return drawn;
  const common = {
    animation: false,
    useUTC: true,
    color: [...paper.colors],
    backgroundColor: 'transparent',
    textStyle: { fontFamily: paper.font, fontSize: 12, color: paper.ink },
  };
  return { ...drawn, options: { ...common, ...drawn.options } };
}
