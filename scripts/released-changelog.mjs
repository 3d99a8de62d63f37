/**
 * The changelog once what was unreleased is released.
 *
 * @param {string} text
 * @param {string} version
 * @param {string} day such as 2026-11-29
 * @returns {string | undefined} undefined where nothing is unreleased, or the version is in it already
 */
export function releasedChangelog(text, version, day) {
  const [before, unreleased = ''] = text.split('\n## Unreleased\n');
  const [added = ''] = unreleased.split('\n## ');
  if (added.trim() === '' || text.includes(`\n## ${version} `)) return undefined;
  return `${before}\n## Unreleased\n\n## ${version} (${day})\n${unreleased}`;
}
