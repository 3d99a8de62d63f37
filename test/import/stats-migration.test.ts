import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { getPosition } from '../../src/inventory/row-store.ts';
import { openImportPlace, report, stats } from '../support/import-place.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { putSchedule } from '../support/schedules.ts';
import { makeBasic } from '../support/workplace.ts';

// It is of a time when no store was distributed.
test.skipIf(inject('isCitus'))(
  'reports that came without stats before every report had some get them, with what was counted',
  async () => {
    const place = await openImportPlace();
    const { database, organization } = place;
    const authorization = await makeBasic(database, organization);
    const [slot = 0] = await putRows(database, organization, lists.reports, [
      report(1),
      report(2, { token: 'odd "token"' }),
      report(3),
    ]);
    await putRows(database, organization, lists.report_stats, [stats(3, 9)]);
    const nextAt = '2027-01-01T00:00:00.000Z';
    await putSchedule(database, organization, { reportSlot: slot, nextAt });
    const views = `/api/here/reports/${reportRow(1).token}/views`;
    await place.send({ method: 'POST', url: views, headers: { authorization } });
    const before = await getPosition(database, organization.id);

    const store = place.config.databaseUrl === undefined ? 'sqlite' : 'postgres';
    const statementsOf = (name: string) => {
      const path = `../../migrations/${store}/${name}.sql`;
      const sql = readFileSync(new URL(path, import.meta.url), 'utf8');
      return sql.split(/;\n/).filter((text) => text.trim() !== '');
    };
    const counting = statementsOf('013-damage-and-undone-imports').filter((one) =>
      /^\s*update/.test(one),
    );
    await database.transaction(async (store) => {
      for (const statement of [...statementsOf('010-stats-of-every-report'), ...counting])
        await store.run(statement);
    });

    const listed = await place.list('report_stats');
    expect(listed).toMatchObject([
      { report_id: 3, view_count: 9 },
      { report_id: 1, active_schedules_count: 1, view_count: 1, total_views_count: 1 },
      { report_id: 2, report_token: 'odd "token"', active_schedules_count: 0, editors_emails: [] },
    ]);
    expect(Object.keys(listed[1] ?? {})).toEqual(lists.report_stats.fields.map(({ name }) => name));
    expect(await getPosition(database, organization.id)).toBe(before + 2);
  },
);
