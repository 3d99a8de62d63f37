import { cleaned } from '../text.ts';

/** What is wrong with the text of a query, for whoever wrote it: `line` counts from 1 in that text. */
export class QueryTemplateError extends Error {
  override readonly name = 'QueryTemplateError';
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(cleaned(message)); // Liquid cuts what it quotes, in the middle of a character too
    this.line = line;
  }
}
