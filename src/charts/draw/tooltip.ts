import { isolated } from '../names.ts';
import type { Paper } from './paper.ts';

/** What a tooltip is, but for its text. */
export function tooltip(paper: Paper, trigger: 'axis' | 'item') {
  return {
    trigger,
    confine: true,
    backgroundColor: paper.paper,
    borderColor: paper.rule,
    borderWidth: 1,
    padding: [6, 10],
    textStyle: { color: paper.ink, fontSize: 12, fontFamily: paper.font },
    extraCssText: 'max-width: min(24rem, 90vw); white-space: normal; overflow-wrap: anywhere;',
  };
}

/** One line of a tooltip: a mark of the series, which the library made, and texts. */
export type Line = { marker?: string; name?: string; text: string };

/** The HTML of a tooltip. Texts come from data: none of them is ever HTML. */
export function tooltipHtml(title: string, lines: readonly Line[]): string {
  const written = lines.map(({ marker = '', name, text }) => {
    const before = name === undefined ? '' : `${escaped(isolated(name))}: `;
    return `${marker}${before}<b>${escaped(text)}</b>`;
  });
  return [...(title === '' ? [] : [escaped(title)]), ...written].join('<br>');
}

export function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
