import { describe, expect, test } from 'vitest';
import { changesBetween } from '../../src/reports/content/changes.ts';
import { emptyFields, queryFields, reportFields } from '../../src/reports/content/content.ts';
import { mergeContent, placedOver } from '../../src/reports/content/merge.ts';
import {
  type EditedContent,
  type EditedQuery,
  readContent,
  readDraft,
  toPublish,
} from '../../web/src/api/edited-content.ts';
import { lineAsWritten } from '../../web/src/pages/editor/error-place.ts';

const chart = (token: string, title = token) => ({
  key: token,
  token,
  chart_type: 'line',
  chart_title: title,
  spec: { x: 'month', y: ['revenue'] },
});
const query = (token: string, fields: Partial<EditedQuery> = {}): EditedQuery => ({
  ...emptyFields(queryFields),
  key: token,
  token,
  name: token,
  raw_query: `select '${token}'`,
  data_source_token: 'files',
  charts: [],
  ...fields,
});
const content = (queries: EditedQuery[], fields: Partial<EditedContent> = {}): EditedContent => ({
  ...emptyFields(reportFields),
  name: 'Revenue',
  queries,
  ...fields,
});

describe('what changed', () => {
  test('is nothing between equal contents, whatever their keys and the order of fields', () => {
    const before = content([query('a', { charts: [chart('c')] })]);
    const spec = { y: ['revenue'], x: 'month' };
    const after = content([
      query('a', { key: 'other', charts: [{ ...chart('c'), key: 'k', spec }] }),
    ]);
    expect(changesBetween(before, after)).toEqual([]);
  });

  test('is said of the report, its queries and their charts', () => {
    const before = content([query('a', { charts: [chart('c'), chart('d')] }), query('b')]);
    const { token: _, ...added } = query('new');
    const after = content(
      [query('a', { name: 'A', raw_query: 'select 2', charts: [chart('c', 'Title')] }), added],
      { name: 'Sales', description: 'Of all shops' },
    );
    const [a, b] = before.queries;
    const [isA, isNew] = after.queries;
    expect(changesBetween(before, after)).toEqual([
      { what: 'report', is: after, fields: ['name', 'description'] },
      { what: 'query', how: 'changed', was: a, is: isA, fields: ['name', 'raw_query'] },
      {
        ...{ what: 'chart', how: 'changed', was: a?.charts[0], is: isA?.charts[0] },
        ...{ fields: ['chart_title'], query: isA },
      },
      { what: 'chart', how: 'removed', is: a?.charts[1], query: isA },
      { what: 'query', how: 'added', is: isNew },
      { what: 'query', how: 'removed', is: b },
    ]);
  });
});

describe('the order of queries', () => {
  const [a, b, c] = [query('a'), query('b'), query('c')];
  const { token: _, ...fresh } = query('new');
  const namesOf = (one: EditedContent) => one.queries.map(({ name }) => name).join(' ');

  test('is changed by moving one, and not by taking one out or putting a new one at the end', () => {
    const order = { what: 'order' };
    const before = content([a, b, c]);
    expect(changesBetween(before, content([b, a, c]))).toEqual([order]);
    expect(changesBetween(before, content([fresh, a, b, c]))).toContainEqual(order);
    expect(changesBetween(before, content([a, c, fresh]))).not.toContainEqual(order);
  });

  test('is theirs where only they changed it, and otherwise mine', () => {
    const base = content([a, b, c]);
    const theirs = content([c, query('n'), b, a]);
    const merged = (mine: EditedQuery[]) =>
      namesOf(mergeContent({ base, theirs, mine: content(mine) }));
    expect(merged([a, b, c])).toBe('c n b a');
    expect(merged([a, b, c, fresh])).toBe('c n b a new');
    expect(merged([a, c, b])).toBe('a c b n');
    expect(merged([fresh, a, b, c])).toBe('new a b c n');
    expect(namesOf(placedOver(theirs, content([a, b, c])))).toBe('a b c');
  });
});

describe('what others published meanwhile', () => {
  const base = content([query('a', { charts: [chart('c')] }), query('b')]);

  test('comes in where I changed nothing, and mine stays where we both did', () => {
    const theirs = content(
      [query('a', { raw_query: 'theirs', charts: [chart('c', 'theirs')] }), query('b'), query('n')],
      { name: 'Theirs', description: 'theirs' },
    );
    const mine = content([query('a', { raw_query: 'mine', name: 'mine', charts: [chart('c')] })], {
      name: 'Mine',
    });
    const merged = mergeContent({ base, theirs, mine });
    expect(merged).toEqual(
      content(
        [
          query('a', { raw_query: 'mine', name: 'mine', charts: [chart('c', 'theirs')] }),
          query('n'),
        ],
        { name: 'Mine', description: 'theirs' },
      ),
    );
  });

  test('takes away what I did not change, and what I did is new', () => {
    const mine = content([query('a', { charts: [chart('c')] }), query('b', { raw_query: 'mine' })]);
    const merged = mergeContent({ base, theirs: content([]), mine });
    const { token: _, ...kept } = query('b', { raw_query: 'mine' });
    expect(merged.queries).toEqual([kept]);
  });

  test('brings back what I deleted where they changed it', () => {
    const changed = query('b', { raw_query: 'theirs' });
    const theirs = content([query('a', { charts: [chart('c')] }), changed]);
    expect(mergeContent({ base, theirs, mine: content([]) }).queries).toEqual([changed]);
  });

  test('is replaced where I say so, with what they deleted made anew', () => {
    const mine = content([query('a', { charts: [chart('c')] })]);
    const theirs = content([query('b'), query('n')]);
    expect(toPublish(placedOver(theirs, mine)).queries).toEqual([
      {
        name: 'a',
        raw_query: "select 'a'",
        data_source_token: 'files',
        charts: [{ chart_type: 'line', chart_title: 'c', spec: { x: 'month', y: ['revenue'] } }],
      },
    ]);
  });
});

describe('a draft', () => {
  test('is read as it was written', () => {
    const now = content([query('a', { charts: [chart('c')] })]);
    const draft = { ...now, base: { etag: '"1"', version: 3, content: now } };
    expect(readDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
  });

  test('that another program wrote is read as far as it goes', () => {
    const draft = readDraft({
      name: 'Weekly',
      queries: [{ raw_query: 'select 1' }, 7],
      charts: [],
    });
    expect(draft.base.etag).toBe('');
    expect(draft.name).toBe('Weekly');
    expect(draft.queries.map(({ raw_query }) => raw_query)).toEqual(['select 1']);
    expect(readContent(null).queries).toEqual([]);
  });
});

describe('the line of an error', () => {
  const form = '{% form %}\nleast:\n  type: text\n{% endform %}\n';
  test('is the one as written', () => {
    expect(lineAsWritten('select\n  nothing', 'select\n  nothing', 2)).toBe(2);
    expect(lineAsWritten('select {{', null, 1)).toBe(1);
    expect(lineAsWritten('select 1', 'select 1', null)).toBeUndefined();
  });

  test('is found where parameters moved it', () => {
    expect(lineAsWritten(`${form}select\n  nothing`, 'select\n  nothing', 2)).toBe(6);
    expect(lineAsWritten("select '{{ a }}'", "select 'b'", 1)).toBe(1);
    expect(lineAsWritten(`${form}{{ a }}`, 'b', 1)).toBeUndefined();
  });
});
