import { words } from '../words.ts';

/** The places of the rail, in their order; each icon is a path in a square of 16. */
export const places = [
  {
    id: 'reports',
    to: '/$organization',
    label: words.places.reports,
    icon: 'M3.5 1.75h6l3 3v9.5h-9zM9.25 2v3h3M5.75 8h4.5M5.75 10.75h4.5',
  },
] as const;

export function PlaceIcon({ path }: { path: string }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
