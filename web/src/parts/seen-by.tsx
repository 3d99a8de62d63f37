import { words } from '../words.ts';

/** Who can see what is in a space, as a mark: everyone, or its owner and admins. */
export function SeenBy({ isPersonal, isOwn }: { isPersonal: boolean; isOwn: boolean }) {
  const label = sayWhoSees({ isPersonal, isOwn });
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" role="img" aria-label={label}>
      <title>{label}</title>
      <path
        d={isPersonal ? LOCK : PEOPLE}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

export function sayWhoSees({ isPersonal, isOwn }: { isPersonal: boolean; isOwn: boolean }): string {
  if (!isPersonal) return words.seenBy.everyone;
  return isOwn ? words.seenBy.you : words.seenBy.owner;
}

const LOCK = 'M2.5 5.5h7v5h-7zM4 5.5V3.75a2 2 0 0 1 4 0V5.5';
const PEOPLE =
  'M4.5 5.5a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5zM1 10.25c0-2 1.5-3 3.5-3s3.5 1 3.5 3M8 2.2a1.75 1.75 0 0 1 0 3.1M9.5 7.6c1 .5 1.5 1.4 1.5 2.65';
