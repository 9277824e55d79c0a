import { posix } from 'node:path';
import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { type Finding, withFingerprints } from '../../operations/check/finding.ts';
import { FINDING_IDS, FINDINGS, type Level } from '../../operations/check/findings.ts';
import { BASELINE, baselineText, isIn, readBaseline } from './baseline.ts';
import { ignoredIn } from './ignored.ts';
import type { CheckOptions, CheckResult, Raw, Reported } from './result.ts';

/** Leave out what is known, or is said to be none, and order the rest. */
export async function limited(
  { findings, rulebook, files, untracked, macs, top }: Raw,
  options: CheckOptions,
  repository: Repository | undefined,
  io: Io,
): Promise<CheckResult> {
  const isIgnored = await ignoredIn(rulebook, io.now());
  const isWithin = within(options.paths, repository);
  const there = withoutRepeats(findings).filter(
    (one) => isWithin({ path: one.file }) && (isLasting(one) || !isIgnored(one)),
  );
  const path = options.baseline === undefined ? posix.join(top, BASELINE) : io.absolute(options.baseline);
  if (options.updatesBaseline) await writeBaseline(io, path, there);
  else if (options.baseline === undefined && !io.isFile(path)) return report(there, 0);
  const baseline = readBaseline(io, path);
  const isCommit = options.scope.kind === 'staged' || options.scope.kind === 'pre-push';
  const left = there.filter(
    (one) => isLasting(one) || !isIn(baseline, one) || (isCommit && one.rule === 'private-key'),
  );
  return report(left, there.length - left.length);

  function report(left: readonly Finding[], known: number): CheckResult {
    const reported = withFingerprints(left).map((one) => ({ ...one, level: FINDINGS[one.rule].level }));
    return { findings: reported.sort(compareFindings), known, files, untracked, macs, top };
  }
}

/** What a change can't take back by what it says itself of what is to be passed over. */
function isLasting({ rule }: Finding): boolean {
  return rule === 'reader-unapproved';
}

async function writeBaseline(io: Io, path: string, findings: readonly Finding[]): Promise<void> {
  const text = baselineText(findings);
  if (io.exists(path)) await io.write(path, text);
  else io.create(path, Buffer.from(text), 0o644);
}

/** A version that stands in the index and on the disk is looked at twice. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ fix: _, ...finding }) => {
    const key = JSON.stringify(finding);
    return !seen.has(key) && seen.add(key);
  });
}

/** Whether a path is one of those named, or below it. They are named from the working folder. */
export function within(
  paths: readonly string[],
  repository: Repository | undefined,
): (file: { readonly path: string }) => boolean {
  if (paths.length === 0) return () => true;
  const wanted = paths.map((path) =>
    (posix.isAbsolute(path) && repository !== undefined
      ? posix.relative(repository.root, path)
      : posix.join(repository?.prefix ?? '', path)
    ).replace(/\/+$/, ''),
  );
  return ({ path }) => wanted.some((one) => one === '.' || path === one || path.startsWith(`${one}/`));
}

const RANKS: readonly Level[] = ['error', 'warning', 'note'];

function compareFindings(one: Reported, other: Reported): number {
  return (
    RANKS.indexOf(one.level) - RANKS.indexOf(other.level) ||
    (one.file === other.file ? 0 : one.file < other.file ? -1 : 1) ||
    (one.region?.line ?? 0) - (other.region?.line ?? 0) ||
    FINDING_IDS.indexOf(one.rule) - FINDING_IDS.indexOf(other.rule)
  );
}

/** How many files git neither has nor ignores. */
export async function untrackedIn(repository: Repository, paths: readonly string[]): Promise<number> {
  const isWithin = within(paths, repository);
  let count = 0;
  for await (const path of repository.records(['ls-files', '--others', '--exclude-standard', '-z']))
    if (isWithin({ path })) count += 1;
  return count;
}
