import { words } from '../words.ts';

/** The places of the rail, in their order; each icon is a path in a square of 16. */
export const places = [
  {
    id: 'reports',
    to: '/$organization',
    label: words.places.reports,
    icon: 'M3.5 1.75h6l3 3v9.5h-9zM9.25 2v3h3M5.75 8h4.5M5.75 10.75h4.5',
  },
  {
    id: 'rollCall',
    to: '/$organization/roll-call',
    label: words.places.rollCall,
    icon: 'M2.5 2.5h4.25v4.25H2.5zM9.25 2.5h4.25v4.25H9.25zM2.5 9.25h4.25v4.25H2.5zM11.4 9.25l2.35 4.25H9z',
  },
  {
    id: 'schedules',
    to: '/$organization/schedules',
    label: words.places.schedules,
    icon: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.75V8l2.25 1.5',
  },
  {
    id: 'data',
    to: '/$organization/data',
    label: words.places.data,
    icon: 'M2.5 4c0-1.2 2.5-2 5.5-2s5.5.8 5.5 2-2.5 2-5.5 2-5.5-.8-5.5-2zM2.5 4v8c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2V4M2.5 8c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2',
  },
  {
    id: 'settings',
    to: '/$organization/settings',
    label: words.places.settings,
    icon: 'M2 4.5h5M11 4.5h3M9 2.75v3.5M2 11.5h3M9 11.5h5M7 9.75v3.5',
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
