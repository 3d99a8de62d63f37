import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { listDocuments, readDocument } from '../support/documents.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const documents = [...listDocuments(), 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];
const sources = globSync('src/**/*.ts', { cwd: root });

/** Phrases that read like a translation, each with what to write instead. */
const habits: [RegExp, string][] = [
  [/\bwhoever\b/i, 'everyone who, the member who'],
  [/\bsomebody\b/i, 'someone, another member'],
  [/\bof who\b/i, 'of the member who'],
  [/\banew\b|\bmade again\b/i, 'again, recreated'],
  [/\bby now\b/i, 'leave it out'],
  [/\bbesides\b(?!,)/i, 'too, also'],
  [/\bis called so\b|\bwhat is called\b/i, 'is named'],
  [/\bwhat became of\b/i, 'the outcome of'],
  [/\bwhat stands in\b|\bstands? (?:in|for|under|beside|with)\b/i, 'is in, means'],
  [/\blies? (?:in|below|beside)\b/i, 'is in'],
  [/\bgoes on\b|\bgo on\b(?! to\b)/i, 'continues, resumes'],
  [/\bis gone\b|\bare gone\b/i, 'was deleted'],
  [/\bhangs? up\b/i, 'disconnects'],
  [/\bshuts? (?:out|\w+ out)\b/i, 'locks out, blocks'],
  [/\bis told\b|\bare told\b/i, 'gets, returns'],
  [/\bas it was before\b/i, 'undone, restored'],
  [/\ba word of other servers\b/i, 'For compatibility with Mode'],
  [/(?<!\b(?:there|that)) (?:is|are) no (?!longer|more\b)[a-z]/i, 'is not a'],
  [/\bclash(?:es)?\b/i, 'conflicts'],
  [
    /\b[Mm]ake an? (?:report|schedule|space|token|organization|query|chart|member|draft)\b/,
    'create a',
  ],
  [/\b(?:behaviour|colour|honour|favour|cancelled|cancelling|grey)\b/, 'American spelling'],
  [/\bwho asks\b|\bwho gets\b|\bwhose it is\b/i, 'the caller, the owner'],
  [/\bwhere (?:there is|it is) none\b/i, 'if there is none'],
  [/\bbelongs? into\b/i, 'belongs in'],
];

/** What is not how the texts of pages are written, each with what to write instead. */
const labelHabits: typeof habits = [
  [/^\w\S*(?: \S+)?\.$/, 'one or two words without a full stop'],
  [/^The (?:\S+ ){1,2}is \S+\.$/, 'what happened: "Schedule paused"'],
  [/^[A-Z][a-z]+ (?:an?|the) \S+$/, 'a button without an article'],
  [/^(?:They|There|Nobody|Nothing|None) \w/, 'a noun phrase, or what to do'],
  [/^(?:Who|Whose|To what|As |Of )/, 'a noun: Owner, Target, Custom, Row totals'],
  [/, too\b|\bby hand\b|\bby itself\b|\bfalls? due\b/i, 'also, manually, automatically, is due'],
  [/\bquarter of an hour\b|\bby the clocks\b|\bcalled\b/i, '15 minutes, time zone, named'],
  [/\b(?:lies|what (?:you|they|others) (?:have )?\w+ed)\b/i, 'is in, your changes'],
  [/\d %|\} %/, 'a percent sign without a space'],
];

/** A count of one with a plural: `1 reports`. */
const wrongPlural =
  /(?<![\d.,-])\b1 (?:reports|rows|runs|queries|charts|spaces|members|schedules|columns|changes|organizations|pages|days|hours|minutes|seconds)\b/;

type Piece = { where: string; text: string };

/** What a document says, line by line, without code. */
function proseOf(path: string): Piece[] {
  const text = readDocument(path).replaceAll(/^ *```.*?^ *```/gms, (code) =>
    code.replaceAll(/[^\n]/g, ''),
  );
  return text
    .split('\n')
    .map((line, index) => ({ where: `${path}:${index + 1}`, text: line }))
    .filter(({ text }) => text !== '');
}

/** The literals in a source, without comments. */
function literalsOf(path: string): Piece[] {
  const code = readDocument(path)
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/(?<=^|\s)(?:\/\/|-- ).*$/gm, '');
  return [...code.matchAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g)].map(
    ([text]) => ({ where: path, text }),
  );
}

/** The texts in a source: its literals with a space in them. */
const textsOf = (path: string) => literalsOf(path).filter(({ text }) => text.includes(' '));

const withoutCode = (text: string) => text.replaceAll(/`[^`]*`|\]\([^)]*\)/g, '``');

/** Each place in which a text has a habit, or a wrong plural, with what to write instead. */
function found(pieces: Piece[], shown: (text: string) => string, kept = habits): string[] {
  return pieces.flatMap(({ where, text }) => {
    const read = shown(text);
    const bad = kept.filter(([habit]) => habit.test(read)).map(([, instead]) => instead);
    if (wrongPlural.test(read)) bad.push('the singular after 1');
    return bad.map((instead) => `${where}: ${text.trim()} (write: ${instead})`);
  });
}

describe.each(documents)('%s', (path) => {
  test('is written in the words of the trade', () => {
    expect(found(proseOf(path), withoutCode)).toEqual([]);
  });

  test('has no line of prose with more than 120 characters', () => {
    const isProse = (line: string) => !/^\||^!\[|^\[[\w-]+\]: |^\s*- \[.*\]\(.*\)$/.test(line);
    const long = proseOf(path).filter(({ text }) => text.length > 120 && isProse(text));
    expect(long).toEqual([]);
  });
});

test('what the server, its commands and its reference say is written in the words of the trade', () => {
  expect(sources.length).toBeGreaterThan(300);
  expect(found(sources.flatMap(textsOf), (text) => text)).toEqual([]);
});

const pages = globSync('web/src/**/*.{ts,tsx}', { cwd: root });

test('so are the pages', () => {
  expect(pages.length).toBeGreaterThan(150);
  expect(found(pages.flatMap(textsOf), (text) => text)).toEqual([]);
});

test('the labels, buttons and confirmations of the pages are as the trade writes them', () => {
  const words = globSync('web/src/**/{words,*-words}.ts', { cwd: root });
  expect(words.length).toBeGreaterThan(5);
  const texts = words.flatMap(literalsOf);
  expect(found(texts, (text) => text.slice(1, -1), labelHabits)).toEqual([]);
});
