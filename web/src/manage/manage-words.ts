import { figure } from '../reader.ts';
import { reportCount } from '../words.ts';

/** The texts of changing reports, loaded after the list. */
export const manageWords = {
  none: 'Select reports to archive, move or delete them, or to change their owner.',
  selected: (count: number) => `${figure(count)} selected`,
  all: (count: number) => `Select all ${figure(count)}`,
  kinds: { archive: 'Archive', move: 'Move', owner: 'Change owner', delete: 'Delete' },
  titles: {
    archive: (what: string) => `Archive ${what}?`,
    move: (what: string) => `Move ${what}`,
    owner: (what: string) => `Change the owner of ${what}`,
    delete: (what: string) => `Delete ${what}?`,
  },
  hints: {
    archive: 'Archived reports are hidden from lists and do not run. Nothing is deleted.',
    move: 'Existing links keep working.',
    owner: 'Owners can archive and delete their reports.',
    delete:
      'Deleted reports are hidden from lists and do not run. You can restore them for 30 days.',
  },
  named: (name: string) => `“${name}”`,
  moved: 'Report moved',
  ownerChanged: 'Owner changed',
  restore: 'Restore',
  restored: 'Report restored',
  noneDeleted: 'No deleted reports. Reports that you delete can be restored here for 30 days.',
  deletedAt: 'Deleted',
  deletedBy: 'Deleted by',
  restorableUntil: 'Restorable until',
  deleted: 'Report deleted. You can restore it for 30 days.',
  duplicate: 'Duplicate',
  duplicated: 'Report duplicated',
  rename: 'Rename',
  renamed: 'Report renamed',
  name: 'Name',
  share: 'Share',
  shareTitle: (name: string) => `Share “${name}”`,
  seenByAll: (organization: string, space: string) =>
    `Everyone in ${organization} can see this report. It is in ${space}.`,
  seenByYou: 'Only you and admins can see this report. It is in your personal space.',
  seenByOwner: (space: string) =>
    `Only the owner of ${space} and admins can see this report. It is in a personal space.`,
  moveToShare: 'To share it, move it to a space that everyone can see.',
  moveAndCopy: 'Move and copy link',
  link: 'Link with the current values',
  done: (changed: number, refused: { count: number; why: string } | undefined) => {
    const done = `${reportCount(changed)} changed`;
    return refused ? `${done}. ${reportCount(refused.count)} not changed: ${refused.why}` : done;
  },
  undone: 'Changes undone',
  stopped: (left: number, why: string) => `Stopped with ${reportCount(left)} left: ${why}`,
} as const;

/** The texts of reports that were never published. */
export const newReportWords = {
  title: 'New report',
  name: 'Name (optional)',
  submit: 'Create',
  hint: 'Only you can see the draft until you publish it.',
  seenByYou: 'In your personal space, only you and admins can see it.',
  seenByAll: (organization: string) =>
    `Everyone in ${organization} can see it once it is published.`,
  spaceDeleted: 'The space of this draft was deleted. Select another one.',
  saved: 'Saved',
  none: 'No drafts. A new report is a draft until you publish it.',
  discard: 'Discard',
  discardOf: (name: string) => `Discard ${name}`,
  discarded: 'Draft discarded',
} as const;
