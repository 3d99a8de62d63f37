import { type Paper, palettes } from '../../../src/charts/draw/paper.ts';

/** What the page looks like now, for what draws on a canvas. */
export function readPaper(element: HTMLElement): Paper {
  const style = getComputedStyle(element);
  // A custom property is text; a color that is used is one color, whatever the theme.
  const probe = document.createElement('span');
  element.append(probe);
  const color = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const isDark = style.colorScheme.includes('dark')
    ? !style.colorScheme.includes('light') || matchMedia('(prefers-color-scheme: dark)').matches
    : false;
  const paper = {
    ink: color('--ink'),
    faint: color('--faint'),
    rule: color('--rule'),
    paper: color('--paper'),
    font: 'Inter Variable, system-ui, sans-serif',
    ...palettes[isDark ? 'dark' : 'light'],
  };
  probe.remove();
  return paper;
}
