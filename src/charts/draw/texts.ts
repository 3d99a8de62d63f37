import { graphemesOf } from '../../text.ts';

/** So wide is a character of the interface's font at 12 px, on average. */
const CHARACTER = 6.6;
/** The same of Chinese, Japanese and Korean characters, and of emoji. */
const WIDE_CHARACTER = 12.5;

const PLAIN = /^[\u0020-\u024f]*$/;
const WIDE =
  /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]/u;

/** About how wide a text is at 12 px. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length * CHARACTER;
  return graphemesOf(text).reduce((width, one) => width + widthOfOne(one), 0);
}

const widthOfOne = (grapheme: string) => (WIDE.test(grapheme) ? WIDE_CHARACTER : CHARACTER);

/** A text that is cut at its end to fit, between characters as people see them. */
export function cutTo(text: string, width: number): string {
  const room = Math.max(3 * CHARACTER, width) + 0.01 * CHARACTER;
  if (widthOf(text) <= room) return text;
  const graphemes = graphemesOf(text);
  const head = graphemes.slice(0, countFitting(graphemes, room - CHARACTER));
  return `${head.join('').trimEnd()}…`;
}

/** How many characters there is room for. */
function countFitting(graphemes: readonly string[], room: number): number {
  let used = 0;
  const count = graphemes.findIndex((one) => {
    used += widthOfOne(one);
    return used > room;
  });
  return count < 0 ? graphemes.length : count;
}

/**
 * What cuts texts to a width: at their end, and texts that would be the same then in their middle.
 *
 * @returns what writes each of them.
 */
export function cutter(texts: readonly string[], width: number): (text: string) => string {
  const seen = new Map<string, number>();
  for (const text of new Set(texts)) {
    const cut = cutTo(text, width);
    seen.set(cut, (seen.get(cut) ?? 0) + 1);
  }
  return (text) => {
    const cut = cutTo(text, width);
    return (seen.get(cut) ?? 0) > 1 ? cutInside(text, width) : cut;
  };
}

function cutInside(text: string, width: number): string {
  const room = Math.max(5 * CHARACTER, width) + 0.01 * CHARACTER;
  if (widthOf(text) <= room) return text;
  const graphemes = graphemesOf(text);
  const half = (room - CHARACTER) / 2;
  const tail = countFitting(graphemes.toReversed(), half + CHARACTER / 2);
  const head = graphemes.slice(0, countFitting(graphemes, half));
  return `${head.join('').trimEnd()}…${graphemes.slice(-tail).join('').trimStart()}`;
}

/** How the labels of places along x are shown. */
export type Labels = {
  /** The widest that a label may be; what is longer is cut at its end. */
  width: number;
  /** Degrees. */
  rotate: number;
  /** One label for so many places. */
  every: number;
};

const GAP = 12;
const LINE = 16;
const MOST_TURNED = 110;
const MOST_LEVEL = 140;

/**
 * Shows as many labels as there is room for: level ones, else turned ones, else some. Labels that follow from others,
 * such as dates, are left out before they are turned.
 */
export function fitLabels(labels: readonly string[], room: number, isRegular: boolean): Labels {
  const each = room / Math.max(1, labels.length);
  const longest = labels.reduce((most, label) => Math.max(most, widthOf(label)), 0);
  const level = Math.min(longest, MOST_LEVEL);
  if (level + GAP <= each) return { width: level + GAP, rotate: 0, every: 1 };
  // Two of three characters still tell what it is.
  if (!isRegular && longest * 0.67 + GAP <= each) return { width: each - GAP, rotate: 0, every: 1 };
  if (isRegular) return { width: level, rotate: 0, every: Math.ceil((level + GAP) / each) };
  return { width: MOST_TURNED, rotate: 45, every: Math.max(1, Math.ceil(LINE / each)) };
}

/** So high are the rows of a legend with these names, each beside its mark. */
export const LEGEND_ROW = 20;
const MARK = 32;

export function legendRows(names: readonly string[], width: number): number {
  let rows = 1;
  let used = 0;
  for (const name of names) {
    const own = Math.min(width, widthOf(name) + MARK);
    if (used > 0 && used + own > width) {
      rows += 1;
      used = 0;
    }
    used += own;
  }
  return rows;
}
