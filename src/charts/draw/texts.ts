/** So wide is a character of the interface's font at 12 px, on average. */
const CHARACTER = 6.6;

/** About how wide a text is at 12 px. */
export const widthOf = (text: string) => text.length * CHARACTER;

/** A text that is cut at its end to fit. */
export function cutTo(text: string, width: number): string {
  const most = Math.max(3, Math.floor(width / CHARACTER + 0.01));
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
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
  const most = Math.max(5, Math.floor(width / CHARACTER));
  if (text.length <= most) return text;
  const tail = Math.ceil((most - 1) / 2);
  return `${text.slice(0, most - 1 - tail).trimEnd()}…${text.slice(-tail).trimStart()}`;
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
