/** The languages of the reader's browser, by whose rules numbers and dates are written. */
export const readerLocales: string[] = navigator.languages.filter((language) => {
  try {
    return Intl.getCanonicalLocales(language).length > 0;
  } catch {
    return false;
  }
});

const whole = new Intl.NumberFormat(readerLocales);

/** How many there are of something, with marks at the thousands. */
export function figure(number: number): string {
  return whole.format(number);
}

const days = new Intl.DateTimeFormat(readerLocales, { dateStyle: 'medium', timeZone: 'UTC' });

/** A day such as 2026-01-31. */
export function writtenDay(day: string): string {
  return days.format(Date.parse(day));
}
