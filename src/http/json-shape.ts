import { ApiError } from '../errors.ts';

/** Deeper than any report, and shallow enough for whatever reads JSON. */
const MAX_LEVELS = 100;
/** More than a report of 160 queries and 500 charts has; so many are read in a few milliseconds. */
const MAX_VALUES = 20_000;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Refuses JSON that would take long to read: what takes time is not its size but how many values it has. To be called
 * before anything reads it; whether it is JSON at all is not judged here.
 *
 * @throws ApiError bad_request
 */
export function requireShape(json: Uint8Array): void {
  let levels = 0;
  let values = 1;
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case QUOTE:
        at = endOfText(json, at);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        values++;
        if (++levels > MAX_LEVELS) throw refusal(`is nested deeper than ${MAX_LEVELS} levels`);
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        levels--;
        break;
      case COMMA:
        values++;
        break;
    }
    if (values > MAX_VALUES) throw refusal(`has more than ${MAX_VALUES} values`);
  }
}

/** Where the text that begins here has its last quote. */
function endOfText(json: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}

function refusal(what: string): ApiError {
  return new ApiError('bad_request', `The body ${what}.`, 'Send less at a time.');
}
