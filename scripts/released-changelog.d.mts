/** See released-changelog.mjs. */
export function releasedChangelog(text: string, version: string, day: string): string | undefined;
