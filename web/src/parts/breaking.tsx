import { Fragment } from 'react';

/** A long word, such as an address, that may go on in the next line before each of its marks. */
export function Breaking({ text }: { text: string }) {
  return text.split(/(?=[@._])/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text never move.
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
