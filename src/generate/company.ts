import { type GeneratedMember, makeMember } from './members.ts';
import type { Origin } from './origin.ts';
import type { Random } from './random.ts';
import {
  type GeneratedSpace,
  makeSpace,
  personalSpaceNumber,
  personalSpacesAmong,
  sharedSpaceNumber,
} from './spaces.ts';
import { teams } from './teams.ts';

/** Where a report lies, and who made it. */
export type Place = { space: GeneratedSpace; isPersonal: boolean; creator: GeneratedMember };

/** The people and spaces that reports are made by and lie in. They grow with the reports. */
export type Company = {
  origin: Origin;
  member(number: number): GeneratedMember;
  space(number: number): GeneratedSpace;
  /** Where the report of this number lies: in a space that is there once this report is. */
  placeOf(reportNumber: number, random: Random): Place;
};

const PERSONAL_SHARE = 0.3;

/** How many members there are once there are this many reports. */
export function membersAt(reportCount: number): number {
  return reportCount === 0 ? 0 : 12 + Math.floor(reportCount / 16);
}

/** How many spaces there are once there are this many reports. */
export function spacesAt(reportCount: number): number {
  return reportCount === 0 ? 0 : 12 + Math.floor(reportCount / 24);
}

export function makeCompany(origin: Origin): Company {
  const members: GeneratedMember[] = [];
  const spaces: GeneratedSpace[] = [];
  const member = (number: number) => {
    members[number] ??= makeMember(origin, number);
    return members[number];
  };
  const space = (number: number) => {
    spaces[number] ??= makeSpace(origin, number);
    return spaces[number];
  };

  return {
    origin,
    member,
    space,
    placeOf(reportNumber, random) {
      const spaceCount = spacesAt(reportNumber + 1);
      const personalCount = personalSpacesAmong(spaceCount);
      // Older spaces hold more.
      const older = random.fraction() ** 1.5;
      if (random.chance(PERSONAL_SHARE)) {
        const owner = Math.floor(older * personalCount);
        return {
          space: space(personalSpaceNumber(owner)),
          isPersonal: true,
          creator: member(owner),
        };
      }
      const nth = Math.floor(older * (spaceCount - personalCount));
      const shared = space(sharedSpaceNumber(nth));
      // Members are dealt out to the teams in turn, so every so-many-th one is in the space's team.
      const team = teams.indexOf(shared.team);
      const inTeam = Math.ceil((membersAt(reportNumber + 1) - team) / teams.length);
      const creator = member(random.below(inTeam) * teams.length + team);
      return { space: shared, isPersonal: false, creator };
    },
  };
}
