/**
 * When a version is released, in seconds since 1970: the day in its heading of CHANGELOG.md, `## 1.2.3 (2026-12-31)`.
 * All files that are made carry this time, so that a later commit makes the same ones.
 * @returns nothing for a version that is not released
 */
export function releaseTime(changelog: string, version: string): number | undefined {
  const heading = changelog.split('\n').find((line) => line.startsWith(`## ${version} `));
  const [, day] = /\((\d{4}-\d\d-\d\d)\)$/.exec(heading ?? '') ?? [];
  return day === undefined ? undefined : Date.parse(`${day}T00:00:00Z`) / 1000;
}
