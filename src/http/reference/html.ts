/** Text that is HTML already. Only `html` makes it, so whatever is not was never trusted. */
class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type { Html };

type Content = Html | string | number | undefined | readonly Content[];

/** HTML in which every value is escaped, unless it is HTML itself; nothing stands for undefined. */
export function html(literals: TemplateStringsArray, ...contents: Content[]): Html {
  return new Html(String.raw({ raw: literals }, ...contents.map(textOf)));
}

/** Prose with `code` in backticks and paragraphs between empty lines, which is all the Markdown that we write. */
export function prose(text: string): Html[] {
  return text.split(/\n\n+/).map((paragraph) => html`<p>${inline(paragraph)}</p>`);
}

/** One line of prose with `code` in backticks. */
export function inline(text: string): Content {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`));
}

function textOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'string' || typeof content === 'number') return escapeText(`${content}`);
  return content.map(textOf).join('');
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] as string);
}
