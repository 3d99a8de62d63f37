import type { Format } from '../../../src/charts/chart-spec.ts';
import { type Digits, numberWriter as writerOf } from '../../../src/charts/number-writer.ts';
import { timeWriter as timeWriterOf } from '../../../src/charts/time-writer.ts';
import { readerLocales } from '../reader.ts';

export type { Format };

/** By the name of the column. */
export type Formats = Readonly<Record<string, Format>>;

export function titleOf(column: string, formats: Formats): string {
  return formats[column]?.title || column;
}

/** What writes the numbers of a column as the reader does. */
export function numberWriter(
  column: string,
  format: Format | undefined,
): (value: Digits) => string {
  return writerOf(column, format, readerLocales);
}

/** What writes the dates or times of a column of this type as the reader does. */
export function timeWriter(type: string, format: Format | undefined): (text: string) => string {
  return timeWriterOf(type, format, readerLocales);
}
