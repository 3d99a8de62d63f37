import { airTravel } from './air-travel.ts';
import { climate } from './climate.ts';
import type { DemoSpace } from './demo-report.ts';
import { markets } from './markets.ts';
import { natureAndFilm } from './nature-and-film.ts';
import { people } from './people.ts';

/** The shared spaces of the demo, with their reports. */
export const demoSpaces: readonly DemoSpace[] = [
  climate,
  airTravel,
  markets,
  people,
  natureAndFilm,
];
