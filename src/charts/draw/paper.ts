/** What a chart is drawn with: colors, and the font. */
export type Paper = {
  ink: string;
  faint: string;
  rule: string;
  /** The background. */
  paper: string;
  /** Of series; eight, which color-blind readers can tell apart. */
  colors: readonly string[];
  /** Of what is left over. */
  neutral: string;
  font: string;
};

/** Okabe and Ito's colors; yellow is darker, to be seen on paper. */
export const palettes = {
  light: {
    colors: [
      '#0072b2',
      '#d55e00',
      '#009e73',
      '#cc79a7',
      '#b58900',
      '#56b4e9',
      '#7a3e9d',
      '#8c3b1b',
    ],
    neutral: '#a3a19b',
  },
  dark: {
    colors: [
      '#56b4e9',
      '#e69f00',
      '#35c09a',
      '#e39bc3',
      '#f0e442',
      '#8fa8ff',
      '#c9a0f0',
      '#ef8a62',
    ],
    neutral: '#77746d',
  },
} as const;

const dashes = ['solid', 'dashed', 'dotted'] as const;
const symbols = ['circle', 'triangle', 'rect'] as const;
const decals = [
  undefined,
  { dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 },
  { dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4 },
];

/** How one series differs from the others: by color, and past the last color by dashes, a pattern and a symbol too. */
export type Style = {
  color: string;
  dash: (typeof dashes)[number];
  symbol: (typeof symbols)[number];
  decal: object | undefined;
};

export function styleOf(index: number, isOthers: boolean, paper: Paper): Style {
  if (isOthers) {
    return { color: paper.neutral, dash: 'solid', symbol: 'circle', decal: undefined };
  }
  const round = Math.floor(index / paper.colors.length) % dashes.length;
  const decal = decals[round];
  return {
    color: paper.colors[index % paper.colors.length] ?? paper.ink,
    dash: dashes[round] ?? 'solid',
    symbol: symbols[round] ?? 'circle',
    decal: decal && { ...decal, color: paper.paper, symbol: 'rect' },
  };
}
