import type { Writers } from '../writers.ts';
import type { Paper } from './paper.ts';

/** What a drawing is made with: `width` is in pixels. */
export type Sheet = { paper: Paper; writers: Writers; width: number };

/** Options for ECharts, and the height in pixels that they need; or a sentence why there is nothing to see. */
export type Drawing = { options: Record<string, unknown>; height: number } | { nothing: string };

/** The height of charts whose content asks for no other. */
export const USUAL_HEIGHT = 320;

export const NO_ROWS = 'No rows';
export const NO_VALUES = 'The result has no values to draw.';
/** Of bars, shares and slices: there would be nothing to see. */
export const ALL_ZERO = 'All values are 0.';
