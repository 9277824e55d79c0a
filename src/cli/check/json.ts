import type { Reported } from '../../commands/check/result.ts';

/** What `--json` has of a finding, whichever verb found it. */
export const FINDING_FIELDS =
  '{rule, level, file, line, column, endLine, endColumn, path, document, commit, message, fix, fingerprint}';

/** A finding as {@link FINDING_FIELDS} says. */
export function findingReport({
  rule,
  level,
  file,
  region,
  path,
  document,
  commit,
  message,
  fix,
  fingerprint,
}: Reported): object {
  return {
    rule,
    level,
    file,
    line: region?.line ?? null,
    column: region?.column ?? null,
    endLine: region?.endLine ?? null,
    endColumn: region?.endColumn ?? null,
    path: path ?? null,
    document: document ?? 0,
    commit: commit ?? null,
    message,
    fix: fix ?? null,
    fingerprint,
  };
}
