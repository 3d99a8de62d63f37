import type { Token } from 'liquidjs';

/** A value that a template puts out with `{{ source }}`. It is never text of the SQL around it. */
export class TemplateValue {
  readonly value: unknown;
  /** Why there is no value, which matters only where one is needed: not in a comment. */
  readonly problem: string | undefined;
  private readonly token: Token;

  constructor(value: unknown, token: Token, problem?: string) {
    this.value = value;
    this.token = token;
    this.problem = problem;
  }

  get source(): string {
    return this.token.getText();
  }

  get line(): number {
    return lineOf(this.token);
  }

  /** For `{% capture %}`, and for what stands inside a form. */
  toString(): string {
    if (this.problem !== undefined) throw new Error(this.problem);
    return Array.isArray(this.value) ? this.value.join('') : String(this.value ?? '');
  }
}

/** A list after the filter `join`: one text inside quotes, and still several values outside them. */
export class JoinedList {
  readonly items: readonly unknown[];
  readonly separator: string;

  constructor(items: readonly unknown[], separator: string) {
    this.items = items;
    this.separator = separator;
  }

  toString(): string {
    return this.items.join(this.separator);
  }
}

/** The line of the template where it stands. It counts from the beginning, so it is for errors only. */
export function lineOf(token: Token): number {
  return token.getPosition()[0] ?? 1;
}
