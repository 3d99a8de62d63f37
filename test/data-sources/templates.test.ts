import { expect, onTestFinished, test } from 'vitest';
import { TemplateThread } from '../../src/data-sources/templates/templates.ts';
import { openReport } from '../support/edited-report.ts';
import { longestTurnOf, MOST_READINGS } from '../support/event-loop.ts';

function openThread(options?: ConstructorParameters<typeof TemplateThread>[0]): TemplateThread {
  const thread = new TemplateThread(options);
  onTestFinished(() => thread.close());
  return thread;
}

const form = (yaml: string) => `select 1\n{% form %}\n${yaml}\n{% endform %}`;
const asked = (text: string, given: Record<string, unknown> = {}) =>
  ({ text, given, adapter: 'duckdb', nowMs: 0 }) as const;

/** Texts that take a library long, or that it may refuse to read or to write. */
const hostile: [string, string][] = [
  [
    'loops in loops',
    '{% for a in (1..100000) %}{% for b in (1..100000) %}{% endfor %}{% endfor %}',
  ],
  ['a loop that puts out', '{% for a in (1..10000000) %}select {{ a }},{% endfor %}'],
  [
    'a text that doubles',
    `{% assign t = 'aaaaaaaa' %}${'{% assign t = t | append: t %}'.repeat(60)}select '{{ t }}'`,
  ],
  [
    'a list that doubles',
    `{% assign t = 'a,b,c' | split: ',' %}${'{% assign t = t | concat: t %}'.repeat(60)}select {{ t | join: ',' }}`,
  ],
  ['many parts of a long text', `${`${'x'.repeat(50)}{{ a }}`.repeat(2_000)}`],
  ['deep conditions', `${'{% if true %}'.repeat(990)}select 1${'{% endif %}'.repeat(990)}`],
  ['deep brackets', `select {{ ${'a['.repeat(100_000)}${']'.repeat(100_000)} }}`],
  ['many filters', `select {{ 'a' ${"| replace: 'a', 'aa'".repeat(1_000)} }}`],
  ['an alias to nothing', form('region: *x')],
  ['an alias to itself', form('region: &a\n  type: *a')],
  ['a list within itself', form('region:\n  type: &a [*a]')],
  [
    'aliases of aliases',
    form(
      `a: &a [x, x, x]\n${Array.from({ length: 30 }, (_, n) => `${'b'.repeat(n + 1)}: &${'b'.repeat(n + 1)} [${n ? `*${'b'.repeat(n)}` : '*a'}, ${n ? `*${'b'.repeat(n)}` : '*a'}]`).join('\n')}`,
    ),
  ],
  ['deep lists', form(`a: ${'['.repeat(3_000)}${']'.repeat(3_000)}`)],
  ['deep mappings', form(Array.from({ length: 300 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'))],
  ['keys that are no text', form('? [a, b]\n: type: text')],
  ['a set', form('a: !!set {x, y}')],
  ['bytes', form('a: !!binary aGVsbG8=')],
  ['an unknown tag', form('a: !nonsense {type: text}')],
  ['many fields', form(Array.from({ length: 900 }, (_, n) => `a${n}: {}`).join('\n'))],
  ['many options', form(`a:\n  type: multiselect\n  options: [${'1,'.repeat(9_000)}1]`)],
  ['no number', form('a:\n  type: number\n  default: .nan')],
  ['a number without an end', form('a:\n  type: number\n  default: .inf')],
  ['a key of objects', form('__proto__: {type: text}\nconstructor: {}')],
  ['several documents', form('a: {}\n---\nb: {}\n...')],
  ['a day that is none', form('a:\n  type: date\n  default: 2026-02-30')],
  ['a date that is none', "select {{ 'x' | date: '%Y' }} {{ 1e400 | date: '%s' }}"],
  [
    'numbers that are none',
    "select {{ 1 | divided_by: 0 }} {{ 'a' | times: 'b' }} {{ 9e307 | times: 100 }}",
  ],
  ['a long quoted text', `select '${"''".repeat(400_000)}{{ a }}'`],
  ['comments in comments', `select ${'/*'.repeat(300_000)} {{ 1 }}`],
  ['dollars', `select ${'$a$ '.repeat(20_000)} {{ 1 }}`],
  ['many values', `select ${'{{ a }},'.repeat(1_990)} 1`],
];

test('whatever stands in a query is an answer, and takes no time of the server', {
  timeout: 300_000,
}, async () => {
  const thread = openThread({ longestMs: 200 });
  const take = (text: string) => thread.carryOut(1, 'try', asked(text, { a: 'x'.repeat(1_000) }));
  await take('select 1');
  const odd: string[] = [];
  for (const [what, text] of hostile) {
    const readings = await longestTurnOf(async () => {
      const answer = await take(text);
      // Nothing where it took too long, which is for the machine to say.
      if (answer?.bound || answer?.refusal || answer === undefined) return;
      if (!answer.failure?.message) odd.push(`${what}: ${JSON.stringify(answer)}`);
    }, 2);
    if (readings > MOST_READINGS) odd.push(`${what}: ${readings} readings`);
  }
  expect(odd).toEqual([]);
});

test('what takes too long is stopped, and the next is read all the same', async () => {
  const thread = openThread({ longestMs: 200 });
  // The language has limits of its own for what is rendered, and none for what is read.
  const endless = `${'x'.repeat(480)}{{ a }}`.repeat(2_000);
  expect(await thread.carryOut(1, 'try', asked(endless))).toBeUndefined();
  const answer = await thread.carryOut(1, 'try', asked('select {{ a }}', { a: 7 }));
  expect(answer?.bound?.values).toEqual([7]);
});

test('organizations take turns: one that asks a lot keeps another from waiting for all of it', async () => {
  const thread = openThread();
  const order: number[] = [];
  const take = async (organizationId: number) => {
    await thread.carryOut(organizationId, 'try', asked('select 1'));
    order.push(organizationId);
  };
  await Promise.all([take(1), take(1), take(1), take(1), take(2)]);
  expect(order.indexOf(2)).toBeLessThan(3);
  await thread.close();
  await expect(take(1)).rejects.toThrow('closed');
});

test('an alias in a form was a 500 for whoever tried, ran or scheduled the query', async () => {
  const { as, report, addQuery } = await openReport();
  const query = { raw_query: form('region: *x') };
  await addQuery({ name: 'Alias', ...query });
  const tried = await as.ana('POST', '/api/acme/data_sources/c93d5b1a7e20/query', { query });
  expect(tried.json()).toMatchObject({
    state: 'failed',
    error_code: 'template_error',
    error_line: 2,
  });
  expect(tried.json().error_message).toContain('Unresolved alias');
  expect((await as.ana('POST', `${report}/runs`, {})).statusCode).toBe(202);
  const schedule = { report_schedule: { cron: { freq: 'daily' }, params: { region: 'north' } } };
  expect((await as.ana('POST', `${report}/schedules`, schedule)).statusCode).toBe(201);
});
