import { expect, test } from 'vitest';
import { CommitMemo } from '../../src/database/commit-memo.ts';

test('an answer is known until anything is committed', () => {
  const answers = new CommitMemo<string, string>();
  answers.keep(1, 'question', 'answer');
  expect(answers.find(1, 'question')).toBe('answer');
  expect(answers.find(1, 'another')).toBeUndefined();
  expect(answers.find(2, 'question')).toBeUndefined();
  expect(answers.find(1, 'question')).toBeUndefined();
});

test('an answer that was asked for before a commit is not kept once the commit was seen', () => {
  const answers = new CommitMemo<string, string>();
  expect(answers.find(2, 'question')).toBeUndefined();
  answers.keep(1, 'question', 'old');
  expect(answers.find(1, 'question')).toBeUndefined();
  expect(answers.find(2, 'question')).toBeUndefined();
});

test('a question is asked once in each state, also where there is no answer', async () => {
  const answers = new CommitMemo<string, string | undefined>();
  const asked: number[] = [];
  const ask = (asOf: number | undefined) =>
    answers.get(asOf, 'question', async () => {
      asked.push(asOf ?? 0);
      return undefined;
    });
  for (const asOf of [1, 1, 2, 2, undefined, undefined]) expect(await ask(asOf)).toBeUndefined();
  expect(asked).toEqual([1, 2, 0, 0]);
});

test('an answer that failed is asked for again', async () => {
  const answers = new CommitMemo<string, string>();
  const failed = answers.get(1, 'question', () => Promise.reject(new Error('a reason')));
  await expect(failed).rejects.toThrow('a reason');
  expect(await answers.get(1, 'question', async () => 'answer')).toBe('answer');
});
