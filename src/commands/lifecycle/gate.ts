import { dirname, posix } from 'node:path';
import type { Renewal } from '../../config/lifecycle/renewal.ts';
import { SottoError } from '../../errors.ts';
import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { type Finding, regionAt } from '../../operations/check/finding.ts';
import type { PastDates } from '../../operations/lifecycle/past-dates.ts';
import type { Examination } from '../check/examination.ts';
import { CONFIG_NAME, folderOf, type Rulebook } from '../check/rulebook.ts';
import { readFile } from '../check/tree.ts';
import { SecretPolicies } from '../secret-policies.ts';
import { type AgeTools, secretAges } from './ages.ts';
import { exposureFindings } from './exposure-findings.ts';
import { ageFinding, OwnersMissing, renewalFindings } from './findings.ts';
import { pastDates } from './history.ts';
import { unmatchedEntries } from './unmatched.ts';

/** Where ages are looked at. */
export interface GatePlace {
  /** Absolute. */
  readonly top: string;
  readonly rulebook: Rulebook;
  readonly examination: Examination;
  /** `undefined` outside of git. */
  readonly repository: Repository | undefined;
}

/** What looking at ages takes; the history is only read when somebody asks for it. */
export async function ageTools(
  { repository, ...place }: GatePlace,
  isWhole: boolean,
  io: Io,
): Promise<AgeTools & { readonly now: number }> {
  let past: Promise<PastDates> | undefined;
  return {
    ...place,
    policies: await SecretPolicies.load(place.top, io),
    past: async () => {
      if (repository === undefined) return undefined;
      past ??= pastDates(repository, io);
      return past;
    },
    now: io.now().getTime(),
    isWhole,
  };
}

/** What `check` finds of the life cycle. A policy that can't be read is a finding, too. */
export async function lifecycleFindings(
  files: readonly { readonly path: string }[],
  place: GatePlace,
  io: Io,
): Promise<Finding[]> {
  return orInvalid(place, async () => {
    const tools = await ageTools(place, false, io);
    const owners = new OwnersMissing(place.top);
    const findings: Finding[] = [];
    for await (const one of secretAges(onDisk(files, place.top, io), tools)) {
      owners.add(one);
      const finding = ageFinding(one, tools.now);
      if (finding !== undefined) findings.push(finding);
    }
    const recipes = await recipeFindings(place, tools, io);
    const unmatched = await unmatchedEntries(files, tools, io);
    const exposures = place.repository === undefined ? [] : await exposureFindings(place.rulebook, io);
    return [
      ...findings,
      ...owners.findings,
      ...recipes,
      ...unmatched,
      ...exposures,
      ...allRenewals(place, tools.now, io),
    ];
  });
}

/** Those of them that are about the policy alone: no file is read for them, and no history. */
export async function policyFindings(place: GatePlace, io: Io): Promise<Finding[]> {
  return orInvalid(place, async () =>
    recipeFindings(place, { policies: await SecretPolicies.load(place.top, io) }, io),
  );
}

/** What is found, or that the policy can't be read. */
async function orInvalid({ top }: GatePlace, find: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof SottoError) || error.code !== 'config-invalid') throw error;
    return [invalid(error, top)];
  }
}

/** What says how values are made, and could not be carried out when their time is up. */
async function recipeFindings(
  { rulebook, top }: GatePlace,
  { policies }: Pick<AgeTools, 'policies'>,
  io: Io,
): Promise<Finding[]> {
  const findings = new Map<string, Finding>();
  for (const { config } of rulebook.chapters) {
    for (const { value, place } of (await policies.for(config)).renewals) {
      try {
        if (value.generate !== undefined)
          await (await import('../renew/generate/index.ts')).readRecipe(value.generate);
        // Hooks of the machine's own policy are not here.
        if (place.file === config?.path) await requireHook(value, dirname(place.file), io);
      } catch (error) {
        if (!(error instanceof SottoError) || !['config-invalid', 'renewal-invalid'].includes(error.code))
          throw error;
        const found = error.with({ ...place, ...error.details });
        const { line, column } = found.details;
        findings.set(`${place.file}:${line}:${column}`, invalid(found, top));
      }
    }
  }
  return [...findings.values()];
}

/** @throws SottoError `renewal-invalid` for a script that is not there */
async function requireHook({ hook }: Renewal, root: string, io: Io): Promise<void> {
  if (hook.length > 0) (await import('../renew/hook-program.ts')).readHookProgram(hook, root, io);
}

/** Renewals that are not done, of all configurations. */
export function allRenewals({ top, rulebook }: GatePlace, now: number, io: Io): Finding[] {
  const folders = new Set(rulebook.chapters.map(({ path }) => posix.join(top, folderOf(path))));
  return [...folders].flatMap((folder) => renewalFindings(folder.replace(/\/$/, ''), top, now, io));
}

/** Files of the work tree with their bytes, read one after the other. @param top absolute */
export function* onDisk(
  files: Iterable<{ readonly path: string }>,
  top: string,
  io: Io,
): Generator<{ path: string; bytes: Uint8Array }> {
  for (const { path } of files) {
    const bytes = readFile(io, posix.join(top, path));
    if (bytes !== undefined) yield { path, bytes };
  }
}

function invalid(
  { message, details: { file = CONFIG_NAME, line, column = 1 } }: SottoError,
  top: string,
): Finding {
  const own = posix.relative(top, file);
  const finding = { rule: 'config-invalid', file: own.startsWith('..') ? file : own, message } as const;
  return line === undefined ? finding : { ...finding, region: regionAt({ line, column }) };
}
