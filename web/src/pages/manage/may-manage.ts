import type { Report } from '../../api/reports.ts';
import { useSession } from '../../api/session.ts';
import type { Space } from '../../api/spaces.ts';

/** Whether the reader may take a report from others: an admin, who made it, and in whose personal space it lies. */
export function useMayManage({ _links }: Report, space: Space | undefined): boolean {
  const { data: state } = useSession();
  const member = state?.session?.member;
  if (member === undefined) return false;
  const isOwner = _links.creator?.href.split('/').at(-1) === member.token;
  return member.role === 'admin' || isOwner || space?.isOwn === true;
}
