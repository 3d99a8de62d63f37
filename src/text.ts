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
  const code = /[\0\p{Cs}]/u.exec(text)?.[0].charCodeAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A text that cannot be kept, and where it stands in what was given: `report.name`, `options.0`; empty for the whole. */
export type BadText = { path: string; text: string; character: string };

/** A list or an object on the way to a value. */
type Place = { value: object; name: string | number; within: Place | undefined };

/** The first text in a JSON value that cannot be kept, names of fields included. */
export function findBadText(given: unknown): BadText | undefined {
  const top: Place = { value: [given], name: '', within: undefined };
  const left = [top];
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    const { value } = place;
    // By their numbers where they have some: bodies of a megabyte have hundreds of thousands of values.
    const names = Array.isArray(value) ? undefined : Object.keys(value);
    const items = names ? Object.values(value) : (value as unknown[]);
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      const name = names ? (names[index] as string) : index;
      if (typeof name === 'string' && badCharacter(name) !== undefined) return badText(name, place);
      if (typeof item === 'string' && badCharacter(item) !== undefined)
        return badText(item, { value, name, within: place });
      if (typeof item === 'object' && item !== null)
        left.push({ value: item, name, within: place });
    }
  }
  return undefined;
}

function badText(text: string, at: Place): BadText {
  const names: (string | number)[] = [];
  // What stands at the top is in a list of ours, where it has the number 0.
  for (let place = at; place.within?.within !== undefined; place = place.within)
    names.push(place.name);
  return { path: names.reverse().join('.'), text, character: badCharacter(text) as string };
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

/** A text by what people take for characters. */
export function graphemesOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

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

const isLowSurrogate = (code: number) => code >= 0xdc00 && code <= 0xdfff;
