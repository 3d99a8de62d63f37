import { join } from 'node:path';
import type { Caller } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import { createDataSource } from '../data-sources/change-data-sources.ts';
import { listDataSources } from '../data-sources/data-source-store.ts';
import type { SecretKey } from '../data-sources/secret-key.ts';
import { templatesHere } from '../data-sources/templates/carry-out-order.ts';
import type { Database } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { listRowsAfter } from '../inventory/row-store.ts';
import { addMember } from '../members/change-members.ts';
import type { Organization } from '../organizations/organization.ts';
import { findOrganizationNow } from '../organizations/organization-store.ts';
import { chartFields, emptyFields, queryFields, reportFields } from '../reports/content/content.ts';
import { createReport } from '../reports/create-report.ts';
import { editReport } from '../reports/edit-report.ts';
import type { ReportContent, Saved } from '../reports/report-content.ts';
import type { ReportEditor } from '../reports/report-editor.ts';
import { enqueueRun, prepareRun } from '../runs/enqueue-run.ts';
import { createSchedule } from '../schedules/change-schedules.ts';
import { createSpace } from '../spaces/change-spaces.ts';
import { getReportRow } from '../spaces/space-access.ts';
import { copyDemoFiles } from './demo-files.ts';
import { isWholeDemo, setWholeDemo } from './demo-organization.ts';
import { airTravel } from './reports/air-travel.ts';
import { climate } from './reports/climate.ts';
import { type DemoMember, type DemoReport, demoMembers } from './reports/demo-report.ts';
import { markets } from './reports/markets.ts';
import { natureAndFilm, scratch } from './reports/nature-and-film.ts';
import { people } from './reports/people.ts';

type DemoParts = {
  database: Database;
  organization: Organization;
  /** Where the data sources of all organizations read their files. */
  filesDir: string;
  secretKey: SecretKey;
  clock: Clock;
  identifiers: Identifiers;
};

const DATA_SOURCE = 'Public data';
/** The shared spaces, with their reports. */
const demoSpaces = [climate, airTravel, markets, people, natureAndFilm];

/**
 * Makes the demo's data source, spaces and reports as their authors would have, and asks for a run of each report. It
 * is done once; where it was interrupted, it goes on with what is missing.
 */
export async function makeDemoInventory(parts: DemoParts): Promise<void> {
  const { database, organization, filesDir } = parts;
  if (await isWholeDemo(database, organization)) return;
  copyDemoFiles(join(filesDir, organization.username));
  const editors = await makeMembers(parts);
  const admin = editors.get('admin') as ReportEditor;
  const dataSource = await makeDataSource(parts, admin);
  const taken = new Set(await namesOf(parts, lists.reports));
  const make = async (report: DemoReport, space: string | undefined) => {
    if (taken.has(report.name)) return;
    const editor = editors.get(report.by) as ReportEditor;
    await makeReport(parts, { report, space, editor, dataSource });
  };

  const spaces = new Map(await tokensByName(parts, lists.spaces));
  const placed: [report: DemoReport, space: string | undefined][] = [];
  for (const { name, description, reports } of demoSpaces) {
    const token =
      spaces.get(name) ?? (await createSpace(database, { name, description }, admin)).token;
    for (const report of reports) placed.push([report, token]);
  }
  for (const report of scratch) placed.push([report, undefined]);
  // The newest is listed first.
  for (const [report, token] of placed.toReversed()) await make(report, token);
  await setWholeDemo(database, organization);
}

/** Who edits as which member of the demo. */
async function makeMembers({
  database,
  organization,
  clock,
  identifiers,
}: DemoParts): Promise<Map<DemoMember, ReportEditor>> {
  const now = await findOrganizationNow(database, organization.id);
  if (now === undefined) throw new Error(`${organization.username} was deleted.`);
  const editors = new Map<DemoMember, ReportEditor>();
  for (const name of demoMembers) {
    const role = name === 'admin' ? 'admin' : 'member';
    const given = { email: emailOf(name), role } as const;
    const member = await addMember(database, organization.id, given, { clock, identifiers });
    const caller: Caller = { organization: { ...organization, ...now }, member, token: '' };
    const actor = { memberSlot: member.slot, credential: null, address: null };
    editors.set(name, { caller, actor, clock, identifiers });
  }
  return editors;
}

const emailOf = (name: DemoMember) => `${name}@acme.example`;

/** The token of the data source. */
async function makeDataSource(
  { database, organization, secretKey }: DemoParts,
  admin: ReportEditor,
): Promise<string> {
  const found = await listDataSources(database, organization.id);
  const demo = found.find(({ name }) => name === DATA_SOURCE);
  if (demo) return demo.token;
  const given = {
    name: DATA_SOURCE,
    description: 'Sample files from vega-datasets: weather, flights, markets, people and more.',
    adapter: 'duckdb',
    token: undefined,
    options: { folder: '.' },
    password: undefined,
  } as const;
  return (await createDataSource(database, given, { ...admin, secretKey })).token;
}

/** Makes a report with all that belongs to it, and lets it run. */
async function makeReport(
  { database, organization, clock, identifiers }: DemoParts,
  made: { report: DemoReport; space: string | undefined; editor: ReportEditor; dataSource: string },
): Promise<void> {
  const { report, space, editor, dataSource } = made;
  const { name, description } = report;
  const place = space === undefined ? {} : { spaceToken: space };
  const { token } = await createReport(database, { name, description, ...place }, editor);
  await editReport(database, editor, token, (edit) => {
    const nextId = () => edit.writer.nextOwnId();
    return edit.save(contentOf(report, dataSource, editor, nextId));
  });
  if (report.schedule) {
    const schedule = { cron: { ...report.schedule, time_zone: 'UTC' } };
    await createSchedule(database, schedule, {
      ...editor,
      templates: templatesHere,
      report: token,
    });
  }
  const memberSlot = editor.caller.member?.slot ?? null;
  const access = { isAdmin: true, memberSlot, ownSpace: undefined };
  const row = await getReportRow(database, organization.id, access, token);
  const parts = {
    clock,
    identifiers,
    templates: templatesHere,
    mostWaiting: Number.MAX_SAFE_INTEGER, // whatever the demo's server is set to
  };
  const ofReport = { report: row, parameters: {} };
  const prepared = await prepareRun(database, organization.id, ofReport, parts);
  const asked = { report: row, memberSlot, scheduleNumber: null };
  await database.transaction((store) => enqueueRun(store, organization.id, asked, prepared, parts));
}

function contentOf(
  { name, description, queries, by }: DemoReport,
  dataSourceToken: string,
  { caller, identifiers }: ReportEditor,
  nextId: () => number,
): ReportContent {
  const saved = (): Saved => ({
    token: identifiers.token(),
    made: { id: nextId(), at: null, bySlot: caller.member?.slot ?? null, byEmail: emailOf(by) },
  });
  return {
    ...emptyFields(reportFields),
    name,
    description,
    queries: queries.map(({ name, sql, charts }) => ({
      ...emptyFields(queryFields),
      ...saved(),
      name,
      raw_query: sql,
      data_source_token: dataSourceToken,
      charts: charts.map(({ type, title, x, y, series }) => ({
        ...emptyFields(chartFields),
        ...saved(),
        chart_type: type,
        chart_title: title,
        spec: { ...(x && { x }), ...(y && { y: [...y] }), ...(series && { series }) },
      })),
    })),
  };
}

async function tokensByName(
  { database, organization }: DemoParts,
  list: typeof lists.spaces | typeof lists.reports,
): Promise<[name: string, token: string][]> {
  const page = { list, view: 'all', slot: 0, limit: 1000 } as const;
  const rows = await listRowsAfter(database, organization.id, page);
  return rows.map((stored) => {
    const { name, token } = readRow(list, stored);
    return [name ?? '', token];
  });
}

async function namesOf(parts: DemoParts, list: typeof lists.reports): Promise<string[]> {
  return (await tokensByName(parts, list)).map(([name]) => name);
}
