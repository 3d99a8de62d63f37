import { shortened } from '../../text.ts';

/** More of a value says nothing more. */
const SHOWN_CHARACTERS = 40;

/** What a result says of a column whose values it cannot hold as the data source has them. */
export function keptAsText(what: string): string {
  return `${what} values are kept as text.`;
}

/** What it says of a column that one value did not fit. */
export function didNotFit(value: string, declared: string, type: string): string {
  const kept = type === 'VARCHAR' ? 'text' : type;
  return `Kept as ${kept}: ${shortened(value, SHOWN_CHARACTERS)} does not fit ${declared}.`;
}

/** What it says of a column whose cells a preview does not show whole. */
export function cellsCut(characters: number): string {
  return `Cells of more than ${characters} characters are truncated in the preview; downloads are complete.`;
}
