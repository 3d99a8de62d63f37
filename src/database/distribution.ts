/**
 * The tables with the number of an organization that stay on the coordinator of a distributed store, because they find the
 * organization in the first place. No statement joins them with tables of organizations.
 */
const FINDING_ORGANIZATIONS = new Set([
  'organization_names',
  'access_tokens',
  'sessions',
  'sign_in_links',
]);

/**
 * The column by which a table is distributed: everything of an organization is on one node, so that each statement about
 * it is run by that node alone. Undefined for a table that stays on the coordinator.
 */
export function distributionColumn(table: string, columns: readonly string[]): string | undefined {
  if (table === 'organizations') return 'id';
  if (FINDING_ORGANIZATIONS.has(table)) return undefined;
  return columns.includes('organization_id') ? 'organization_id' : undefined;
}
