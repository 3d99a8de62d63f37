import type { Row } from '../inventory/lists.ts';
import { generatedToken } from './generated-token.ts';
import type { Origin } from './origin.ts';
import { kinds, randomOf } from './random.ts';
import { type Team, teamOf, teams } from './teams.ts';

export type GeneratedSpace = {
  row: Row<'spaces'>;
  /** Whose words its reports use. */
  team: Team;
};

const FIRST_ID = 40;

const AREAS = [
  'EMEA',
  'DACH',
  'Americas',
  'APAC',
  'Nordics',
  'Enterprise',
  'SMB',
  'Marketplace',
  'Mobile',
  'Partners',
  'Europa & Übersee',
];
const PURPOSES = [
  'weekly review',
  'board pack',
  'experiments',
  'ad hoc',
  'planning',
  'archive',
  'KPIs 📈',
];

/** Of three spaces the last is personal: that of the member whose turn it is. */
const IN_TURN = 3;

/** The number of the nth shared space among all spaces. */
export function sharedSpaceNumber(nth: number): number {
  return Math.floor(nth / (IN_TURN - 1)) * IN_TURN + (nth % (IN_TURN - 1));
}

/** The number of the space of the member of this number. */
export function personalSpaceNumber(memberNumber: number): number {
  return memberNumber * IN_TURN + IN_TURN - 1;
}

/** How many of this many spaces are personal. */
export function personalSpacesAmong(count: number): number {
  return Math.floor(count / IN_TURN);
}

/** The space of this number. */
export function makeSpace(origin: Origin, number: number): GeneratedSpace {
  const turn = Math.floor(number / IN_TURN);
  const inTurn = number % IN_TURN;
  if (inTurn === IN_TURN - 1) {
    return { row: row(origin, number, 'Personal', null, 'private'), team: teamOf(turn) };
  }
  const nth = turn * (IN_TURN - 1) + inTurn;
  const team = teamOf(nth);
  const [name, description] =
    nth < teams.length ? ownWords(team) : wordsOfPart(origin, team, number);
  return { row: row(origin, number, name, description, 'custom'), team };
}

/** A team's own space, the first it gets. */
function ownWords({ name, metrics }: Team): [name: string, description: string] {
  const [first, second] = metrics.map((metric) => metric.name);
  return [name, `What ${name} looks at every week: ${first}, ${second} and more.`];
}

/** A space for a part of a team's work. */
function wordsOfPart(
  origin: Origin,
  team: Team,
  number: number,
): [name: string, description: string | null] {
  const random = randomOf(origin, kinds.space, number);
  const area = random.pick(AREAS);
  const purpose = random.pick(PURPOSES);
  const name = random.pick([
    `${team.name} ${area}`,
    `${team.name}: ${purpose}`,
    `${team.name} ${area}, ${purpose}`,
  ]);
  return [name, random.chance(0.4) ? `${team.name} in ${area}. Ask in #${slug(team.name)}.` : null];
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(' ', '-');
}

function row(
  origin: Origin,
  number: number,
  name: string,
  description: string | null,
  type: 'custom' | 'private',
): GeneratedSpace['row'] {
  const token = generatedToken(origin, kinds.space, number);
  return {
    id: FIRST_ID + number,
    token,
    name,
    description,
    space_type: type,
    space_url: `/api/${origin.organization}/spaces/${token}`,
  };
}
