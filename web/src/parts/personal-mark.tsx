import { words } from '../words.ts';

/** A lock: what lies in this space is seen by its owner and by admins alone. */
export function PersonalMark() {
  return (
    <svg viewBox="0 0 12 12" width="11" height="11" role="img" aria-label={words.spaces.personal}>
      <title>{words.spaces.personal}</title>
      <path
        d="M2.5 5.5h7v5h-7zM4 5.5V3.75a2 2 0 0 1 4 0V5.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.3"
        strokeLinejoin="round"
      />
    </svg>
  );
}
