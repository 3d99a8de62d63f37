import { expect } from 'vitest';
import { testWith } from '../support/machine-tools.ts';
import { makeReport, openSignedIn } from '../support/open-web.ts';

const test = testWith('chromium');

test('a parameter with 40 options is a list with a search, and not a screen of boxes', async () => {
  const options = Array.from({ length: 40 }, (_, index) => `      - [Region ${index}, r${index}]`);
  const report = await makeReport('Forty options', {
    queries: [
      {
        name: 'Regions',
        raw_query: [
          'select * from (values {{ regions }}) t(region)',
          '{% form %}',
          'regions:',
          '  type: multiselect',
          '  label: Regions',
          '  default: [r3]',
          '  options:',
          ...options,
          '{% endform %}',
        ].join('\n'),
        charts: [],
      },
    ],
  });
  const { page, open } = await openSignedIn('chooser@acme.example');
  await open(`/acme/reports/${report}`);
  const list = page.getByRole('group', { name: 'Regions' });
  await list.getByText('1 of 40 selected: Region 3').waitFor();
  expect((await list.boundingBox())?.height).toBeLessThan(300);

  const search = list.getByRole('searchbox', { name: 'Search Regions' });
  await search.fill('region 39');
  await expect.poll(() => list.getByRole('checkbox').count()).toBe(1);
  await search.press('Enter');
  await list.getByRole('checkbox', { name: 'Region 39' }).check();
  await list.getByText('2 of 40 selected: Region 3, Region 39').waitFor();
  await search.fill('nowhere');
  await list.getByText('No matches').waitFor();
  await search.fill('');
  await expect.poll(() => list.getByRole('checkbox').count()).toBe(40);
  expect(await list.getByRole('checkbox', { name: 'Region 3', exact: true }).isChecked()).toBe(
    true,
  );
  expect(await page.getByText('has never run').count()).toBe(1);
});
