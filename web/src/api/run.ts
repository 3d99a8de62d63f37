export type FormValue = string | number | boolean | null | (string | number | boolean | null)[];

/** A field of the form that a report's queries carry. */
export type FormField = {
  name: string;
  label: string;
  type: 'text' | 'number' | 'date' | 'select' | 'multiselect';
  description: string | null;
  default: FormValue;
  value: FormValue;
  options: { value: string | number | boolean | null; label: string }[] | null;
  required: boolean;
};

export type Run = {
  token: string;
  state: 'enqueued' | 'succeeded' | 'failed' | 'cancelled';
  parameters: Values;
  created_at: string;
  updated_at: string;
  started_at: string | null;
  completed_at: string | null;
  purge_completed_at: string | null;
  form_fields: FormField[];
  query_count: number;
  completed_query_count: number;
  /** Whether a schedule started it, or all its parameters have the defaults of the form. */
  is_default_run: boolean;
  executed_by_email: string | null;
  _links: { executed_by?: { href: string }; report_schedule?: { href: string } };
};

export type Values = Record<string, FormValue>;
