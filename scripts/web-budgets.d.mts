/** What is larger than it may be, a sentence each. */
export function overBudget(folder: string): string[];
