import type { FoundReports, ReportQuestion } from './report-question.ts';
import type { RollCallQuestions } from './roll-call-question.ts';

/** What a search file is asked, and what it answers. */
export type FileQuestions = RollCallQuestions & {
  search: { asked: ReportQuestion; answer: FoundReports };
};

export type QuestionName = keyof FileQuestions;
export type Asked<Name extends QuestionName> = FileQuestions[Name]['asked'];
export type Answer<Name extends QuestionName> = FileQuestions[Name]['answer'];
