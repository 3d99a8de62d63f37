import type { FastifyInstance } from 'fastify';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Database } from '../database/database.ts';
import { halResponse, toHalList } from '../http/hal.ts';
import { parseRestPaging } from '../http/paging.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { type QueryString, readsQuery } from '../http/query-string.ts';
import { route } from '../http/route.ts';
import { answerReading, ReadingReports, readingResponse } from '../report-index/answer-reading.ts';
import type { ReportSearch } from '../report-index/report-search.ts';
import { accessOf, reachOf } from '../spaces/space-access.ts';
import { ListedReport, ListedReports, toListedReport } from './listed-report-schema.ts';
import { readOwn } from './read-own.ts';
import { MOST_PER_PAGE, questionSchema, readQuestion } from './read-question.ts';

/** `GET /api/{organization}/reports`: every report that the caller may see, looked for and filtered. */
export function addSearchRoutes(
  app: FastifyInstance,
  {
    database,
    authentication,
    reportSearch,
  }: { database: Database; authentication: Authentication; reportSearch: ReportSearch },
): void {
  app.addSchema(ListedReport);
  app.addSchema(ReadingReports);
  const { members } = admit(app, authentication);

  route(app, 'GET', '/api/:organization/reports', {
    tag: 'Reports',
    admits: members,
    operationId: 'findReports',
    summary: 'Find reports',
    description:
      'Every report that you can see, in all spaces, that matches all filters, in pages of ' +
      '30 or, with `per_page`, up to 100. The response includes everything written before the request; if many changes are ' +
      'still to be read, it is a 202 with the progress.',
    params: OrganizationPath,
    query: readsQuery(questionSchema),
    answers: { 200: halResponse('A page of reports.', ListedReports), 202: readingResponse },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const { query } = request;
      const paging = parseRestPaging(query, MOST_PER_PAGE);
      const asked = readQuestion(query);
      const self = `/api/${organization.username}/reports${parametersOf(query)}`;
      if (isOfMode(query)) return toHalList('reports', self, [], 0, paging);
      if (await answerReading(reportSearch, request, reply, self)) return reply;
      const own = await readOwn(database, caller, asked);
      const { reports, total, facets } = await reportSearch.find(organization, {
        ...asked,
        ...own.question,
        reach: reachOf(await accessOf(database, organization.id, caller)),
        offset: (paging.page - 1) * paging.perPage,
        limit: paging.perPage,
      });
      const shown = reports.map((found) =>
        toListedReport(organization, found, own.favorites.has(found.slot)),
      );
      return { ...toHalList('reports', self, shown, total, paging), ...(facets && { facets }) };
    },
  });
}

/** Whether reports are asked for that only Mode has. */
function isOfMode(query: QueryString): boolean {
  const filter = query.get('filter')?.at(-1);
  return filter === 'public' || filter === 'drafts';
}

/** The parameters that all pages share. */
function parametersOf(query: QueryString): string {
  const shared = [...query]
    .filter(([name]) => name !== 'page' && name !== 'per_page')
    .flatMap(([name, values]) => values.map((value) => `${encoded(name)}=${encoded(value)}`));
  return shared.length === 0 ? '' : `?${shared.join('&')}`;
}

const encoded = (text: string) => encodeURIComponent(text.toWellFormed());
