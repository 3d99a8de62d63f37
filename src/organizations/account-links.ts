import type { Static } from 'typebox';
import { Link, TemplatedLink } from '../http/hal.ts';
import type { Organization } from './organization.ts';

/** The links of an account, which is an organization or a person: of both, Mode's clients want all of these. */
const lists = {
  spaces: ['/spaces', 'The spaces.'],
  custom_spaces: ['/spaces?filter=custom', 'The shared spaces.'],
  move_to_spaces: ['/spaces', 'Spaces to which reports can be moved.'],
  data_sources: ['/data_sources', 'Data sources.'],
  memberships: ['/memberships', 'Members of the organization.'],
  all_memberships: ['/memberships', 'The same as `name`.'],
  memberships_lite: ['/memberships/lite', 'The same in short.'],
  groups: ['/groups', 'An empty list.'],
  color_palettes: ['/color_palettes', 'An empty list.'],
  all_color_palettes: ['/color_palettes', 'An empty list.'],
  schedules: ['/schedules', 'Schedules of all reports.'],
  reports: ['/reports', 'Reports that you can see.'],
  archived_reports: ['/reports?archived=true', 'Archived reports.'],
  viewed_reports: ['/reports?order_by=last_viewed_at&order=desc', 'Recently viewed reports.'],
  public_reports: ['/reports?filter=public', 'An empty list: there are no public reports.'],
  drafts_reports: ['/reports?filter=drafts', 'An empty list: drafts belong to reports.'],
  starred_reports: ['/reports?filter=starred', 'Your favorites.'],
  viewed_base_reports: ['/reports?order_by=last_viewed_at&order=desc', 'As `viewed_reports`.'],
  starred_base_reports: ['/reports?filter=starred', 'As `starred_reports`.'],
  viewed_datasets: ['/datasets', 'An empty list.'],
  starred_datasets: ['/datasets', 'An empty list.'],
} as const;

const templates = {
  space: ['/spaces/{token}', 'A space.'],
  data_source: ['/data_sources/{token}', 'A data source.'],
  report: ['/reports/{token}', 'A report.'],
  by_ids_reports: ['/reports/{ids}', 'A report.'],
  by_ids_base_reports: ['/reports/{ids}', 'A report.'],
  by_ids_datasets: ['/datasets{?ids}', 'An empty list.'],
  by_tokens_definitions: ['/definitions{?tokens}', 'An empty list.'],
} as const;

/** Pages for people. */
const pages = {
  web: ['', 'The page of the reports.'],
  web_spaces: ['', 'The same page, which includes the spaces.'],
  web_groups: ['/settings/members', 'The page with the members.'],
  web_settings: ['/settings', 'The page of the settings.'],
  web_data_sources_settings: ['/data', 'The Data page.'],
  web_public_datasource_home: ['/data', 'The Data page.'],
  web_new_organization: ['', 'The page of the reports: organizations are created on the server.'],
  home_web: ['', 'The page of the reports.'],
  home_search_web: ['', 'The same page, which includes the search.'],
  home_starred_web: ['', 'The Data page.'],
  home_explorations_web: ['', 'The Data page.'],
  new_invite_web: ['/settings/members', 'The page with the members.'],
  new_upload_web: ['/data', 'The Data page.'],
} as const;

type Table = Record<string, readonly [path: string, description: string]>;

function each<Of extends Table, Value>(
  table: Of,
  make: (path: string, description: string) => Value,
): Record<keyof Of, Value> {
  const entries = Object.entries(table).map(([name, [path, what]]) => [name, make(path, what)]);
  return Object.fromEntries(entries) as Record<keyof Of, Value>;
}

/** The schemas of these links. */
export const accountLinkSchemas = {
  ...each(pages, (_, description) => Link(description)),
  ...each(lists, (_, description) => Link(description)),
  ...each(templates, (_, description) => TemplatedLink(description)),
};

type TemplatedHref = Static<ReturnType<typeof TemplatedLink>>;

export function accountLinks({ username }: Organization) {
  return {
    ...each(pages, (path) => ({ href: `/${username}${path}` })),
    ...each(lists, (path) => ({ href: `/api/${username}${path}` })),
    ...each(
      templates,
      (path): TemplatedHref => ({ href: `/api/${username}${path}`, templated: true }),
    ),
  };
}
