/** Okabe and Ito's colours, which colour-blind readers can tell apart; yellow is darker, to be seen on paper. */
const palette = {
  light: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b58900', '#56b4e9', '#5c5a55', '#8c3b1b'],
  dark: ['#56b4e9', '#e69f00', '#35c09a', '#e39bc3', '#f0e442', '#8fb8ff', '#b9b4a9', '#ef8a62'],
};

/** What the page looks like now, for what draws on a canvas. */
export type Paper = { ink: string; faint: string; rule: string; paper: string; colours: string[] };

export function readPaper(element: HTMLElement): Paper {
  const style = getComputedStyle(element);
  // A custom property is text; a colour that is used is one colour, whatever the theme.
  const probe = document.createElement('span');
  element.append(probe);
  const colour = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const isDark = style.colorScheme.includes('dark')
    ? !style.colorScheme.includes('light') || matchMedia('(prefers-color-scheme: dark)').matches
    : false;
  const paper = {
    ink: colour('--ink'),
    faint: colour('--faint'),
    rule: colour('--rule'),
    paper: colour('--paper'),
    colours: isDark ? palette.dark : palette.light,
  };
  probe.remove();
  return paper;
}
