import type { ReportRun } from '../../../src/runs/run-schema.ts';
import type { FormFieldShape } from '../../../src/sql-templates/form-field-shape.ts';

export type Run = ReportRun;
export type Values = Run['parameters'];
export type FormValue = Values[string];
/** A field of the form that a report's queries carry. */
export type FormField = FormFieldShape;
