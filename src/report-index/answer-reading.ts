import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { callerOf } from '../callers/admit.ts';
import { ApiError } from '../errors.ts';
import { HAL, halResponse, Link } from '../http/hal.ts';
import { closed, links } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import type { OrganizationNow } from '../organizations/organization.ts';
import type { ReportSearch } from './report-search.ts';

const ASK_AGAIN_SECONDS = 1;

/** The answer while so much has to be read that nobody should wait for it. */
export const ReadingReports = closed(
  {
    percent_read: Type.Integer({
      minimum: 0,
      maximum: 99,
      description: 'Percentage read so far.',
    }),
    _links: links({ self: Link('The requested resource.') }),
  },
  {
    $id: 'ReadingReports',
    description:
      'The reports are still being read. Repeat the request after the number of seconds in `Retry-After`.',
    examples: [{ percent_read: 43, _links: { self: { href: '/api/acme/roll_call' } } }],
  },
);
export type ReadingReports = Static<typeof ReadingReports>;

/** The response of an operation that may answer so; its room adds the schema once. */
export const readingResponse = halResponse(
  'Progress of reading the reports, the first time and after many changes.',
  reference(ReadingReports),
);

/**
 * Answers how far the caller's reports are read, where that takes long, and says whether it did; if not, the next question is
 * answered at once.
 */
export async function answerReading(
  reportSearch: ReportSearch,
  request: FastifyRequest,
  reply: FastifyReply,
  self: string,
): Promise<boolean> {
  const percentRead = await percentOf(reportSearch, callerOf(request).organization);
  if (percentRead === undefined) return false;
  const reading = { percent_read: percentRead, _links: { self: { href: self } } };
  // Not returned, which would wait until it is sent and then be nothing.
  reply.code(202).header('retry-after', ASK_AGAIN_SECONDS).type(HAL).send(reading);
  return true;
}

/**
 * Refuses instead, for what clients written for other servers ask: these know no such answer and would take it for an empty list.
 *
 * @throws ApiError busy
 */
export async function refuseWhileReading(
  reportSearch: ReportSearch,
  organization: OrganizationNow,
): Promise<void> {
  const percentRead = await percentOf(reportSearch, organization);
  if (percentRead === undefined) return;
  throw new ApiError(
    'busy',
    `The reports are still being read, ${percentRead} % so far.`,
    'Repeat the request until they are read; reading continues in the background.',
    { retryAfterSeconds: ASK_AGAIN_SECONDS },
  );
}

async function percentOf(
  reportSearch: ReportSearch,
  organization: OrganizationNow,
): Promise<number | undefined> {
  const progress = await reportSearch.progressOf(organization);
  return progress === undefined ? undefined : Math.floor(progress * 99);
}
