import { wireTimeInSeconds } from '../clock.ts';
import type { Row } from '../inventory/lists.ts';
import { generatedToken } from './generated-token.ts';
import type { Origin } from './origin.ts';
import { kinds, randomOf } from './random.ts';

export type GeneratedMember = {
  row: Row<'members'>;
  email: string;
  /** The member made reports between these times. */
  joinedMs: number;
  lastReportMs: number;
};

const FIRST_ID = 12;
const DAY_MS = 86_400_000;

const GIVEN = (
  'ana bo chen dara eli fatma george hana ivo june kofi lena marek nadia omar petra quentin rosa sven tara ' +
  'uma victor wei ximena yusuf zoe amir birgit carlos dilek'
).split(' ');
const FAMILY = (
  'adler bianchi castro dubois eriksen fischer garcia horvat ito jansen kaya lindqvist mueller novak okafor ' +
  'petrov quist rossi schmidt tanaka ueda vargas weber xu yilmaz zeman moreau santos keller haas'
).split(' ');

/** The member of this number. No two have the same address. */
export function makeMember(origin: Origin, number: number): GeneratedMember {
  const random = randomOf(origin, kinds.member, number);
  const username = usernameOf(number);
  const email = `${username}@${origin.organization}.example`;
  const joinedMs = random.between(
    origin.untilMs - 2200 * DAY_MS,
    origin.untilMs - 90 * DAY_MS,
    1.6,
  );
  const lastReportMs = random.between(joinedMs, origin.untilMs, 0.4);
  const lastEditMs = random.between(lastReportMs, origin.untilMs, 2);
  const lastRunMs = random.between(lastEditMs, origin.untilMs, 2);
  const lastViewMs = random.between(lastRunMs, origin.untilMs, 2);
  const isBanned = number > 0 && random.chance(0.03);
  const explores = random.chance(0.3);
  const lastExplorationMs = random.between(joinedMs, lastViewMs, 0.5);
  const days = Math.floor((lastViewMs - joinedMs) / DAY_MS);
  return {
    row: {
      id: FIRST_ID + number,
      token: generatedToken(origin, kinds.member, number),
      state: isBanned ? 'banned' : 'active',
      member_email: email,
      member_token: generatedToken(origin, kinds.person, number),
      member_username: username.replace('.', ''),
      banned_at: isBanned ? wireTimeInSeconds(random.between(lastViewMs, origin.untilMs)) : null,
      activated_at: wireTimeInSeconds(joinedMs),
      last_report_created_at: wireTimeInSeconds(lastReportMs),
      last_report_viewed_at: wireTimeInSeconds(lastViewMs),
      last_report_run_at: wireTimeInSeconds(lastRunMs),
      last_report_edited_at: wireTimeInSeconds(lastEditMs),
      total_days_engaged: 1 + Math.floor(days * (0.05 + random.fraction() * 0.6)),
      last_exploration_created_at: explores ? wireTimeInSeconds(lastExplorationMs) : null,
      last_exploration_updated_at: explores ? wireTimeInSeconds(lastExplorationMs) : null,
      last_day_engaged: dayOf(lastViewMs),
      last_day_api_engaged: explores ? dayOf(lastRunMs) : null,
      last_day_in_app_engaged: dayOf(lastViewMs),
    },
    email,
    joinedMs,
    lastReportMs,
  };
}

const dayOf = (timeMs: number) => wireTimeInSeconds(timeMs).slice(0, 10);

/** Every pair of names once, in an order that looks like none; after that with a number behind it. */
function usernameOf(number: number): string {
  const pairs = GIVEN.length * FAMILY.length;
  const pair = ((number % pairs) * 437) % pairs;
  const round = Math.floor(number / pairs);
  const name = `${GIVEN[pair % GIVEN.length]}.${FAMILY[Math.floor(pair / GIVEN.length)]}`;
  return round === 0 ? name : `${name}${round + 1}`;
}
