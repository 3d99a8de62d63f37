/**
 * Text as Rollcall takes, keeps and cuts it. Half of a character (a surrogate without the other half) cannot be written as
 * UTF-8, and many readers refuse a whole document for one; PostgreSQL takes no U+0000.
 */

/** How long a text may be, in characters: the same wherever it comes in. */
export const MAX_LENGTH = {
  name: 255,
  token: 255,
  email: 254,
  description: 4096,
  sql: 1_000_000,
} as const;

/** What text has to be, to end a sentence that names one that is not. */
export const ACCEPTED_TEXT = 'text of whole characters, without U+0000';

/** The first thing in a text that is no character to keep: U+0000, or half of one; undefined where there is none. */
export function badCharacter(text: string): string | undefined {
  if (text.isWellFormed() && !text.includes('\0')) return undefined;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code === 0 || isSurrogate(code))
      return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  }
  return undefined;
}

/** A text that cannot be kept, and where it stands in what was given: `report.name`, `options.0`; empty for the whole. */
export type BadText = { path: string; text: string; character: string };

/** The first text in a JSON value that cannot be kept, names of fields included. */
export function findBadText(given: unknown): BadText | undefined {
  const left: { value: unknown; path: string }[] = [{ value: given, path: '' }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, path } = next;
    if (typeof value === 'string') {
      const character = badCharacter(value);
      if (character !== undefined) return { path, text: value, character };
    } else if (typeof value === 'object' && value !== null) {
      const below = Object.entries(value).map(([name, value]) => ({
        name,
        value: value as unknown,
        path: path === '' ? name : `${path}.${name}`,
      }));
      for (const { name } of below) {
        const character = badCharacter(name);
        if (character !== undefined) return { path, text: name, character };
      }
      left.push(...below.reverse());
    }
  }
  return undefined;
}

/** How many characters a text has: an emoji outside the first 65,536 is one. */
export function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Whether a text is longer than this many characters. */
export function isLonger(text: string, most: number): boolean {
  return text.length > most && characterCount(text) > most;
}

/** What others say (an engine, a provider, a library), as it can be kept: what is no character becomes U+FFFD. */
export function cleaned(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The beginning of a text, of `most` UTF-16 units at most. It ends between what people take for characters: no flag, no
 * family and no accented letter is cut apart, where it is not longer than that by itself.
 */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  // What lies far behind the cut says nothing about it.
  const end = graphemes.segment(text.slice(0, most + 64)).containing(most)?.index ?? 0;
  if (end > 0) return text.slice(0, end);
  return text.slice(0, isLowSurrogate(text.charCodeAt(most)) ? Math.max(0, most - 1) : most);
}

/** The same, with an ellipsis where something was cut off. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${cut(text, most)}…` : text;
}

const isSurrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;
const isLowSurrogate = (code: number) => code >= 0xdc00 && code <= 0xdfff;
