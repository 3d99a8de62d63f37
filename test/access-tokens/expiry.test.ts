import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseExpiry } from '../../src/access-tokens/access-token.ts';

test.each([
  ['2026-10-02T21:00Z', '2026-10-02T21:00:00.000Z'],
  ['2026-10-02T21:00:00Z', '2026-10-02T21:00:00.000Z'],
  ['2026-10-02T21:00:00+0000', '2026-10-02T21:00:00.000Z'],
  ['2027-11-24T22:58:47+0000', '2027-11-24T22:58:47.000Z'],
  ['2026-10-02T21:00:30.584520+00:00', '2026-10-02T21:00:30.584Z'],
  ['2026-10-02T21:00:30.5Z', '2026-10-02T21:00:30.500Z'],
  ['2026-10-02T21:00:30.123456789Z', '2026-10-02T21:00:30.123Z'],
  ['2026-10-02T21:00+02:00', '2026-10-02T19:00:00.000Z'],
  ['2026-10-02T21:00-0730', '2026-10-03T04:30:00.000Z'],
  ['2028-02-29T00:00Z', '2028-02-29T00:00:00.000Z'],
  ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
])('%s means %s', (text, time) => {
  expect(parseExpiry(text)).toBe(time);
});

test.each([
  '',
  'never',
  '2026',
  '2026-10-02',
  '2026-10-02T21:00',
  '2026-10-02T21:00:00',
  '2026-10-02 21:00:00Z',
  '2026-10-02T21Z',
  '2026-10-02T21:00:00.Z',
  '2026-10-02T21:00:00 Z',
  '2026-10-02T21:00:00z',
  '2026-10-02t21:00:00Z',
  '2026-10-02T21:00:00+00',
  '2026-10-02T21:00:00+00:00:00',
  '2026-10-02T21:00:00GMT',
  '2026-13-01T00:00Z',
  '2026-00-10T00:00Z',
  '2026-02-29T00:00Z',
  '2026-06-31T00:00Z',
  '2026-01-00T00:00Z',
  '2026-01-32T00:00Z',
  '2026-01-01T25:00Z',
  '2026-01-01T00:60Z',
  '2026-01-01T00:00:60Z',
  '2026-01-01T00:00+25:00',
  '+012026-01-01T00:00Z',
  '12026-01-01T00:00Z',
  '9999-12-31T23:59-01:00',
  '0000-01-01T00:00+01:00',
  '1795467600',
  'Fri, 02 Oct 2026 21:00:00 GMT',
  ' 2026-10-02T21:00Z',
  '2026-10-02T21:00Z\n',
  '２０２６-10-02T21:00Z',
])('"%s" is no time of expiry', (text) => {
  expect(parseExpiry(text)).toBeUndefined();
});

test('any text is either a time in the wire’s form or none', () => {
  const digits = (most: number) =>
    fc.integer({ min: 0, max: most }).map((n) => `${n}`.padStart(2, '0'));
  const looksLikeTime = fc
    .tuple(
      fc.integer({ min: 0, max: 9999 }).map((year) => `${year}`.padStart(4, '0')),
      digits(14),
      digits(33),
      digits(26),
      digits(61),
      fc.constantFrom('', ':00', ':59', ':61', ':30.5', ':00.1234567'),
      fc.constantFrom('Z', '+00:00', '+0000', '-2359', '+2400', '+99:99', ''),
    )
    .map(([year, month, day, hour, minute, rest, zone]) => {
      return `${year}-${month}-${day}T${hour}:${minute}${rest}${zone}`;
    });
  fc.assert(
    fc.property(fc.oneof(looksLikeTime, fc.string()), (text) => {
      const time = parseExpiry(text);
      if (time === undefined) return;
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(parseExpiry(time)).toBe(time);
    }),
    { numRuns: 5_000 },
  );
});

test('every time that can be written is read back as itself', () => {
  const inFourDigits = {
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
  };
  fc.assert(
    fc.property(fc.date({ ...inFourDigits, noInvalidDate: true }), (date) => {
      expect(parseExpiry(date.toISOString())).toBe(date.toISOString());
    }),
    { numRuns: 2_000 },
  );
});
