import { describe, expect, test } from 'vitest';
import { quoted } from '../src/errors.ts';
import { badCharacter, cleaned, cut, findBadText, isLonger, shortened } from '../src/text.ts';

const FAMILY = '👨‍👩‍👧‍👦';

describe('a text is cut', () => {
  test.each([
    ['as it is, where it is short enough', 'abc', 3, 'abc'],
    ['between the halves of no emoji', 'ab😀cd', 3, 'ab'],
    ['after an emoji that fits', 'ab😀cd', 4, 'ab😀'],
    ['within no flag', '🇩🇪🇫🇷', 6, '🇩🇪'],
    ['within no family', `x${FAMILY}`, 6, 'x'],
    ['within no letter with an accent of its own', 'ae\u0301b', 2, 'a'],
    ['between whole characters, where one is longer than all that fits', FAMILY, 4, '👨‍'],
  ])('%s', (_, text, most, kept) => {
    expect(cut(text, most)).toBe(kept);
  });

  test('at no half, wherever that is', () => {
    const text = `${FAMILY}a😀🇩🇪e\u0301`.repeat(30);
    for (let most = 0; most < text.length; most++) {
      const kept = cut(text, most);
      expect(kept.isWellFormed() && kept.length <= most && text.startsWith(kept)).toBe(true);
      expect(shortened(text, most)).toBe(`${kept}…`);
    }
  });

  test('in an error message, too', () => {
    expect(quoted(`${'x'.repeat(79)}😀y`)).toBe(`"${'x'.repeat(79)}…"`);
  });
});

test('what is no character is found, wherever it stands', () => {
  expect(badCharacter('all is well 😀')).toBeUndefined();
  expect(badCharacter('a\0')).toBe('U+0000');
  expect(badCharacter('a\ud83d')).toBe('U+D83D');
  expect(badCharacter('\ude00\ud83d')).toBe('U+DE00');
  expect(findBadText({ a: ['x', { b: 'y\0' }] })).toMatchObject({ path: 'a.1.b', text: 'y\0' });
  expect(findBadText({ a: { 'x\ud800': 1 } })).toMatchObject({ path: 'a', character: 'U+D800' });
  expect(findBadText({ a: [1, null, true, '😀'] })).toBeUndefined();
});

test('what others say becomes text that can be kept', () => {
  expect(cleaned('a\0b\ud83d 😀')).toBe('a\ufffdb\ufffd 😀');
});

test('a text has as many characters as a schema counts', () => {
  expect(isLonger('😀'.repeat(255), 255)).toBe(false);
  expect(isLonger('😀'.repeat(256), 255)).toBe(true);
});
