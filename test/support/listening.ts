import { type ListName, lists } from '../../src/inventory/lists.ts';
import type { GivenRow } from '../../src/inventory/row.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { putRows } from './rows.ts';
import { makeBearer, makeOrganization, openWorkplace, type Workplace } from './workplace.ts';

/** A real server on a port of its own, with the organization acme and a signature token for it. */
export type Listening = Workplace & { url: string; acme: Organization; bearer: string };

export async function openListening(
  flags: Parameters<typeof openWorkplace>[0] = {},
): Promise<Listening> {
  const workplace = await openWorkplace(flags, { listening: true });
  const { server } = workplace;
  const url = server.server.listening
    ? server.listeningOrigin
    : await server.listen({ host: '127.0.0.1', port: 0 });
  const acme = await makeOrganization(workplace.database);
  const bearer = await makeBearer(workplace.database, acme);
  return { ...workplace, url, acme, bearer };
}

/** How many reports of `putInventory` are shared, and how many personal. */
export const SHARED = 2500;
export const PERSONAL = 120;

/**
 * An inventory with all six lists: a shared and a personal space, reports in both, one query and chart for each
 * report, its stats, and members.
 */
export async function putInventory({ database, acme }: Listening): Promise<void> {
  const space = (id: number, spaceType: string): GivenRow => ({
    id,
    token: `space${id}`,
    name: `Space ${id}`,
    space_type: spaceType,
    space_url: `/api/acme/spaces/space${id}`,
  });
  await putRows(database, acme, lists.spaces, [space(1, 'custom'), space(2, 'private')]);
  const members = [1, 2, 3].map((id) => ({
    id,
    token: `member${id}`,
    member_email: `${id}@acme.example`,
    activated_at: '2026-01-02T03:04:05Z',
  }));
  await putRows(database, acme, lists.members, members);
  await putReports(SHARED, 1, false);
  await putReports(PERSONAL, 2, true);

  async function putReports(count: number, spaceId: number, personal: boolean): Promise<void> {
    const numbers = Array.from({ length: count }, (_, index) => spaceId * 10_000 + index);
    const inSpace = { space_id: spaceId, space_token: `space${spaceId}` };
    const ofReport = (number: number) => ({ report_id: number, report_token: `report${number}` });
    const rowsOf: Partial<Record<ListName, (number: number) => GivenRow>> = {
      reports: (number) => ({
        id: number,
        token: `report${number}`,
        // A line separator is text in JSON and no end of a line.
        name: number % 7 === 0 ? null : `Report ${number}: “naïve”\u2028second line`,
        created_at: '2026-01-01T00:00:00.000Z',
        report_url: `/api/acme/reports/report${number}`,
        ...inSpace,
      }),
      report_stats: (number) => ({ ...ofReport(number), view_count: 3, total_views_count: 3 }),
      queries: (number) => ({
        id: number,
        token: `query${number}`,
        raw_query: 'select 1',
        ...ofReport(number),
        ...inSpace,
      }),
      charts: (number) => ({
        id: number,
        token: `chart${number}`,
        query_token: `query${number}`,
        ...ofReport(number),
        ...inSpace,
      }),
    };
    for (const [name, rowOf] of Object.entries(rowsOf)) {
      await putRows(database, acme, lists[name as ListName], numbers.map(rowOf), { personal });
    }
  }
}
