import { posix } from 'node:path';
import { findConfig } from '../../config/find.ts';
import { forgottenLifecycle } from '../../config/lifecycle/opt-in.ts';
import type { Warning } from '../../core/splice/warning.ts';
import { SottoError } from '../../errors.ts';
import { openRepository, type Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { withFingerprints } from '../../operations/check/finding.ts';
import { FINDINGS, type Level } from '../../operations/check/findings.ts';
import { STATES } from '../../operations/lifecycle/standing.ts';
import { nearest } from '../../text/nearest.ts';
import { oneLine } from '../../text/printable.ts';
import { Examination } from '../check/examination.ts';
import { untrackedIn, within } from '../check/limits.ts';
import { Readers } from '../check/readers.ts';
import type { CheckResult } from '../check/result.ts';
import { CONFIG_NAME, Rulebook } from '../check/rulebook.ts';
import { folderTree, isRegular, readFile } from '../check/tree.ts';
import type { SecretPolicies } from '../secret-policies.ts';
import { type SecretAge, secretAges } from './ages.ts';
import { ageFinding, OwnersMissing } from './findings.ts';
import { ageTools, allRenewals, type GatePlace, onDisk } from './gate.ts';
import { unmatchedEntries } from './unmatched.ts';

/** Whose ages are looked at. */
export interface ExpiryOptions {
  /** Files and folders; all if there are none. */
  readonly paths: readonly string[];
  /** Only values of this owner. */
  readonly owner?: string | undefined;
  /** Those that are in time, too. */
  readonly isWhole: boolean;
}

/** The ages of the values of a repository. */
export interface Expiry {
  /** The worst first, then by when their time is up. */
  readonly ages: readonly SecretAge[];
  /** As `check` has them. */
  readonly result: CheckResult;
  /** Of the configurations. */
  readonly warnings: readonly Warning[];
  /** Milliseconds. */
  readonly now: number;
}

/** How old the values of a repository, or of a folder, are. Needs no key. @throws SottoError `config-invalid`, `git-failed` */
export async function expiry({ paths, owner, isWhole }: ExpiryOptions, io: Io): Promise<Expiry> {
  const { place, files } = await placeHere(io);
  const { top, repository } = place;
  const wanted = files.filter(within(paths, repository));
  const tools = await ageTools(place, isWhole, io);
  if (owner !== undefined) await requireKnown(owner, place, tools.policies);
  const owners = new OwnersMissing(top);
  const ages: SecretAge[] = [];
  for await (const one of secretAges(onDisk(wanted, top, io), tools)) {
    if (owner !== undefined && one.terms.owner?.value !== owner) continue;
    owners.add(one);
    ages.push(one);
  }
  ages.sort(compareAges);
  const findings = [
    ...ages.flatMap((one) => ageFinding(one, tools.now) ?? []),
    ...(owner === undefined ? [...owners.findings, ...allRenewals(place, tools.now, io)] : []),
    ...(owner === undefined && paths.length === 0 ? await unmatchedEntries(wanted, tools, io) : []),
  ];
  const reported = withFingerprints(findings).map((one) => ({ ...one, level: FINDINGS[one.rule].level }));
  reported.sort((one, other) => LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level));
  const untracked = repository === undefined ? undefined : await untrackedIn(repository, paths);
  return {
    ages,
    warnings: place.rulebook.chapters.flatMap(({ config }) =>
      config === undefined ? [] : [...config.warnings, ...forgottenLifecycle(config)],
    ),
    result: { findings: reported, known: 0, files: wanted.length, untracked, macs: 'not-checked', top },
    now: tools.now,
  };
}

/** Of an owner that is misspelt, nothing is ever due. @throws SottoError `person-unknown` */
async function requireKnown(owner: string, { rulebook }: GatePlace, policies: SecretPolicies): Promise<void> {
  const known = new Set<string>();
  for (const { config } of rulebook.chapters) {
    for (const one of (await policies.for(config)).owners) known.add(one);
    const sotto = config?.root?.get('sotto');
    for (const list of ['people', 'teams'])
      for (const { key } of sotto?.get(list)?.entries() ?? []) known.add(key);
  }
  if (known.has(owner)) return;
  const near = nearest(owner, [...known]);
  throw new SottoError('person-unknown', `no policy names the owner ${oneLine(owner)}`, {
    hint: near === undefined ? '"sotto expiry --all" shows who owns what' : `did you mean ${oneLine(near)}?`,
  });
}

const LEVELS: readonly Level[] = ['error', 'warning', 'note'];

function compareAges({ standing: one }: SecretAge, { standing: other }: SecretAge): number {
  return (
    STATES.indexOf(one.state) - STATES.indexOf(other.state) ||
    (one.due ?? Number.MAX_SAFE_INTEGER) - (other.due ?? Number.MAX_SAFE_INTEGER)
  );
}

/** The repository around the working folder, or the folder of the configuration; and its files. */
export async function placeHere(
  io: Io,
): Promise<{ readonly place: GatePlace; readonly files: readonly { readonly path: string }[] }> {
  const repository = await repositoryHere(io);
  const above = findConfig(io, undefined).path;
  const top = repository?.root ?? (above === undefined ? io.folder : posix.dirname(above));
  const files = repository === undefined ? folderTree(io, top).files : await filesOf(repository);
  const configs = files.filter(({ path }) => posix.basename(path) === CONFIG_NAME);
  const texts = new Map<string, string>();
  for (const path of [CONFIG_NAME, ...configs.map((one) => one.path)]) {
    const bytes = readFile(io, posix.join(top, path));
    if (bytes !== undefined) texts.set(path, Buffer.from(bytes).toString());
  }
  const rulebook = new Rulebook(top, texts);
  for (const { problem } of rulebook.chapters) if (problem !== undefined) throw problem;
  return {
    place: { top, rulebook, examination: new Examination(rulebook, new Readers(io)), repository },
    files,
  };
}

async function repositoryHere(io: Io): Promise<Repository | undefined> {
  try {
    return await openRepository(io);
  } catch (error) {
    if (error instanceof SottoError && ['not-a-repository', 'git-missing'].includes(error.code))
      return undefined;
    throw error;
  }
}

async function filesOf(repository: Repository): Promise<{ readonly path: string }[]> {
  const paths = new Set(
    (await repository.lsFiles()).filter(({ mode }) => isRegular(mode)).map(({ path }) => path),
  );
  return [...paths].map((path) => ({ path }));
}
