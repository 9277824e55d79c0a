import { compilePolicy, type Policy, type Selector } from '../../core/sops/policy.ts';
import { attemptAsync } from '../../errors.ts';
import { type Finding, type Region, regionAt } from '../../operations/check/finding.ts';
import { nameOf, placesIn, type SealedFile } from '../../operations/check/sealed-file.ts';
import { ruledSelector } from '../../operations/rule-differences.ts';
import { listed } from '../../text/listed.ts';
import type { Means } from './new-readers.ts';
import { ruleName } from './rulebook.ts';
import type { State } from './state.ts';
import type { Moved, RuleReaders } from './widened.ts';

/** As many as somebody reads in one line. */
const MOST = 3;

/** A rule that protects less than the one before it. */
interface Weaker {
  readonly ruled: RuleReaders['ruled'];
  /** Values that were encrypted, and are to stand in clear. */
  readonly clear: string[];
  /** Files whose MAC is not to cover values in clear any more. */
  readonly uncovered: string[];
}

/**
 * What a change of rules takes from encrypted files that were there before it: their text says nothing of that until
 * somebody runs `sotto sync`, or encrypts the next value.
 */
export async function weakerRules(
  before: State,
  moved: readonly Moved[],
  { versions }: Pick<Means, 'versions'>,
): Promise<Finding[]> {
  const policies = new Policies();
  const weaker = new Map<string, Weaker>();
  const unruled: string[] = [];
  for (const { path, origin, was, is } of moved) {
    const old = origin === undefined ? undefined : before.blobs.get(origin);
    if (origin === undefined || old === undefined) continue;
    if (was === undefined || (is !== undefined && isSameSelection(was, is))) continue;
    const sealed = await versions.sealed(origin, old);
    if (sealed === undefined || sealed.format.binary !== undefined) continue;
    if (is === undefined) {
      unruled.push(path);
      continue;
    }
    const name = ruleName(is.ruled);
    const known = weaker.get(name) ?? { ruled: is.ruled, clear: [], uncovered: [] };
    weaker.set(name, known);
    for (const place of await clearedBy(sealed, was, is, policies)) known.clear.push(`${place} of ${path}`);
    if (is.ruled.rule.macOnlyEncrypted && !was.ruled.rule.macOnlyEncrypted) known.uncovered.push(path);
  }
  return [...[...weaker.values()].flatMap(findingsOn), ...unruled.map(noRule)];
}

function isSameSelection(was: RuleReaders, is: RuleReaders): boolean {
  const [one, other] = [was.ruled.rule, is.ruled.rule];
  const isSameSelector =
    one.selector?.kind === other.selector?.kind && one.selector?.pattern === other.selector?.pattern;
  return isSameSelector && one.macOnlyEncrypted === other.macOnlyEncrypted;
}

/** Values that the rule before encrypts, and the rule now leaves in clear. */
async function clearedBy(
  sealed: SealedFile,
  was: RuleReaders,
  is: RuleReaders,
  policies: Policies,
): Promise<string[]> {
  const old = await policies.of(ruledSelector(sealed, was.ruled.rule));
  const now = await policies.of(ruledSelector(sealed, is.ruled.rule));
  if (old === undefined || now === undefined) return [];
  const kept = placesIn(sealed, now);
  return placesIn(sealed, old).flatMap((place, index) =>
    place.leaf.encrypted && place.looksSealed && !place.isComment && kept[index]?.leaf.encrypted === false
      ? [nameOf(place)]
      : [],
  );
}

/** Selectors, compiled once each. */
class Policies {
  readonly #known = new Map<string, Policy | undefined>();

  /** @returns `undefined` for one that does not compile, which has a finding of its own */
  async of(selector: Selector): Promise<Policy | undefined> {
    const key = `${selector.kind} ${selector.pattern}`;
    if (!this.#known.has(key)) this.#known.set(key, await attemptAsync(() => compilePolicy(selector)));
    return this.#known.get(key);
  }
}

function findingsOn({ ruled, clear, uncovered }: Weaker): Finding[] {
  const place = { file: ruled.chapter.path, ...regionOf(ruled) };
  const say = (message: string): Finding => ({ ...place, rule: 'policy-weakened', message });
  const name = ruleName(ruled);
  return [
    ...(clear.length === 0
      ? []
      : [say(`${name} leaves in clear what was encrypted: ${listed(clear, MOST)}`)]),
    ...(uncovered.length === 0
      ? []
      : [
          say(
            `${name} takes values in clear out of the MAC, so that nobody sees them changed: ${listed(uncovered, MOST)}`,
          ),
        ]),
  ];
}

function regionOf({ chapter, rule }: RuleReaders['ruled']): { readonly region?: Region } {
  const place = chapter.config?.rules?.[rule.number - 1]?.place;
  return place === undefined ? {} : { region: regionAt(place) };
}

function noRule(file: string): Finding {
  return {
    file,
    rule: 'no-rule',
    message: 'no rule speaks of it any more, so that nothing keeps it encrypted',
  };
}
