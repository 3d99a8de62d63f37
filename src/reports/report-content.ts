import { shortened } from '../text.ts';
import type { Change } from './content/changes.ts';
import type { Content, ContentChart, ContentQuery, ReportFields } from './content/content.ts';

/** A query or a chart that was saved, with what never changes of it. */
export type Saved = {
  token: string;
  made: {
    id: number;
    /** Null where it is not known. */
    at: string | null;
    /** The member who made it. */
    bySlot: number | null;
    byEmail: string | null;
  };
};

/** A report as its versions keep it. */
export type ReportContent = Content<Saved>;
export type QueryContent = ContentQuery<Saved>;
export type ChartContent = ContentChart<Saved>;
export type ContentChange = Change<Saved>;

/** How many things a summary names before it counts the others. */
const MOST_NAMED = 5;

/** What an edit did, in words: `Named it “Revenue”; added the query “By month”`. */
export function summaryOf(changes: readonly ContentChange[]): string {
  const said = changes.flatMap(sayChange);
  const more = said.length - MOST_NAMED;
  const text = (more > 0 ? [...said.slice(0, MOST_NAMED), `${more} more`] : said).join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sayChange(change: ContentChange): string[] {
  switch (change.what) {
    case 'report':
      return change.fields.map((field) => sayField(field, change.is));
    case 'order':
      return ['reordered its queries'];
    case 'query':
      return [`${DID[change.how]} the query ${named(change.is.name)}`];
    case 'chart':
      return [`${DID[change.how]} the chart ${named(change.is.chart_title)}`];
  }
}

const DID = { added: 'added', changed: 'changed', removed: 'deleted' };

function sayField(field: string, { name }: ReportFields): string {
  if (field !== 'name') return `changed its ${field.replaceAll('_', ' ')}`;
  return name === null ? 'removed its name' : `named it ${named(name)}`;
}

function named(name: string | null): string {
  return name === null ? 'without a name' : `“${shortened(name, 60)}”`;
}
