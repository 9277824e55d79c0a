import type { CheckResult } from '../../commands/check/result.ts';

/** The report of `--json`. */
export function checkReport(
  { findings, known, files, untracked, macs }: CheckResult,
  milliseconds: number,
): object {
  const count = (level: string): number => findings.filter((one) => one.level === level).length;
  return {
    version: 1,
    command: 'check',
    summary: {
      files,
      errors: count('error'),
      warnings: count('warning'),
      notes: count('note'),
      known,
      untracked: untracked ?? null,
      macs,
      ms: Math.round(milliseconds),
    },
    findings: findings.map(
      ({ rule, level, file, region, path, document, commit, message, fix, fingerprint }) => ({
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
      }),
    ),
  };
}
