import { anchoredTwice } from '../../config/anchors.ts';
import type { Config, CreationRule } from '../../config/config.ts';
import { recipientNames } from '../../config/names.ts';
import { matchesPath, ruleAt } from '../../config/rules.ts';
import type { ConfigValue } from '../../config/value.ts';
import { compilePolicy } from '../../core/sops/policy.ts';
import { SottoError } from '../../errors.ts';
import { isSameRecipient, type RecipientName } from '../../keys/index.ts';
import type { Names } from '../../keys/names.ts';
import { type Finding, regionAt } from '../../operations/check/finding.ts';
import type { FindingId } from '../../operations/check/findings.ts';
import type { Readers } from './readers.ts';
import { type Chapter, CONFIG_NAME, type Rulebook } from './rulebook.ts';

/** Check the configurations of a tree. @param paths of all its files */
export async function checkConfigs(
  rulebook: Rulebook,
  readers: Readers,
  paths: readonly string[],
): Promise<Finding[]> {
  const uses = await countUses(rulebook, paths);
  const all = await Promise.all(
    rulebook.chapters.map((chapter) => checkChapter(chapter, readers, uses.get(chapter.path) ?? [])),
  );
  return all.flat();
}

/** How many files a rule matches, and of how many it is the first. */
interface Use {
  readonly matches: number;
  readonly counts: number;
}

async function countUses(rulebook: Rulebook, paths: readonly string[]): Promise<Map<string, Use[]>> {
  const uses = new Map<string, Use[]>();
  for (const path of paths) {
    const chapter = rulebook.chapterFor(path);
    // The configuration itself is in nobody's mind.
    if (chapter?.config === undefined || path === chapter.path) continue;
    const own = uses.get(chapter.path) ?? [];
    uses.set(chapter.path, own);
    const numbers = await rulebook.matching(chapter, path).catch(noneIfInvalid);
    for (const [index, number] of numbers.entries()) {
      const { matches, counts } = own[number] ?? NO_USE;
      own[number] = { matches: matches + 1, counts: counts + (index === 0 ? 1 : 0) };
    }
  }
  return uses;
}

const NO_USE: Use = { matches: 0, counts: 0 };

function noneIfInvalid(error: unknown): number[] {
  if (error instanceof SottoError) return [];
  throw error;
}

async function checkChapter(chapter: Chapter, readers: Readers, uses: readonly Use[]): Promise<Finding[]> {
  const { path, config, problem } = chapter;
  if (config === undefined) return problem === undefined ? [] : [invalid(path, problem)];
  const findings = config.warnings.map(({ message, hint, line }) => ({
    ...at('config-key-unknown', path, `${message}${hint === undefined ? '' : `; ${hint}`}`),
    ...(line === undefined ? {} : { region: regionAt({ line }) }),
  }));
  const rules = config.rules ?? [];
  for (const [number, value] of rules.entries())
    findings.push(...(await checkRule(config, number, value, chapter, readers, uses[number] ?? NO_USE)));
  if (config.root !== undefined)
    findings.push(...anchorsTwice(config.root, path), ...checkPeople(config, path));
  return findings;
}

async function checkRule(
  config: Config,
  number: number,
  value: ConfigValue,
  { path }: Chapter,
  readers: Readers,
  use: Use,
): Promise<Finding[]> {
  const name = `rule ${number + 1}`;
  const say = (rule: FindingId, message: string): Finding => located(at(rule, path, message), value);
  let rule: CreationRule | undefined;
  try {
    await matchesPath(value, CONFIG_NAME);
    rule = ruleAt(config, number);
  } catch (error) {
    if (error instanceof SottoError) return [invalid(path, error)];
    throw error;
  }
  if (rule === undefined) return [];
  const findings: Finding[] = [];
  const above = (config.rules ?? []).slice(0, number);
  const pattern = patternOf(value);
  const hidden = above.findIndex((other) => patternOf(other) === '' || patternOf(other) === pattern);
  if (hidden !== -1 || (use.matches > 0 && use.counts === 0))
    findings.push(
      say(
        'rule-shadowed',
        `${name} never counts, as ${hidden === -1 ? 'rules above it match all of its files' : `rule ${hidden + 1} matches before it`}`,
      ),
    );
  else if (use.matches === 0 && !rule.isForAll) findings.push(say('rule-unused', `${name} matches no file`));
  if (rule.groups.length > 1 && rule.threshold === undefined)
    findings.push(
      say(
        'threshold-implied',
        `${name} has ${rule.groups.length} key groups and no shamir_threshold: a key of each is needed`,
      ),
    );
  if (rule.selector !== undefined)
    try {
      await compilePolicy(rule.selector);
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
      findings.push(say('selector-invalid', `${name}: ${error.message}`));
    }
  return [
    ...findings,
    ...(await checkRecipients(rule, name, path, readers)),
    ...namedTwice(rule.groups, say, name, recipientNames(config)),
  ];
}

async function checkRecipients(
  { groups }: CreationRule,
  name: string,
  path: string,
  readers: Readers,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const one of groups.flat()) {
    const strength = await readers.strengthOf(one);
    if (typeof strength === 'string') continue;
    const finding = at('recipient-malformed', path, `${name}: ${strength.problem}`);
    findings.push(one.place === undefined ? finding : { ...finding, region: regionAt(one.place) });
  }
  return findings;
}

function namedTwice(
  groups: readonly (readonly RecipientName[])[],
  say: (rule: FindingId, message: string) => Finding,
  name: string,
  names: Names,
): Finding[] {
  const all = groups.flat();
  const twice = all.filter((one, index) => all.findIndex((other) => isSameRecipient(one, other)) < index);
  return twice.map((one) => say('recipient-twice', `${name} names ${names.describe(one)} twice`));
}

/** A name that is given twice means something else behind the second place, and nobody sees that. */
function anchorsTwice(root: ConfigValue, path: string): Finding[] {
  return anchoredTwice(root).map((value) =>
    located(at('anchor-twice', path, `the anchor ${value.anchor} is defined twice`), value),
  );
}

function checkPeople({ root, rules = [] }: Config, path: string): Finding[] {
  const sotto = root?.get('sotto');
  const people = sotto?.get('people')?.entries() ?? [];
  if (people.length === 0) return [];
  const teams = sotto?.get('teams')?.entries() ?? [];
  const known = new Set([...people, ...teams].flatMap(({ value }) => value.anchor ?? []));
  const groups = [
    ...teams.map(({ value }) => value),
    ...rules.flatMap((rule) => rule.get('key_groups')?.items() ?? []),
  ];
  const dangling = groups
    .flatMap((group) => group.get('merge')?.items() ?? [])
    .filter(({ anchor }) => anchor !== undefined && !known.has(anchor))
    .map((value) => located(at('person-dangling', path, `${value.anchor} is nobody of sotto.people`), value));
  return [...dangling, ...sharedKeys(people, path)];
}

/** Two people with one key. */
function sharedKeys(people: ReturnType<ConfigValue['entries']>, path: string): Finding[] {
  const owners = new Map<string, string>();
  return people.flatMap(({ key, value }) =>
    textsIn(value).flatMap((text) => {
      const owner = owners.get(text.text);
      owners.set(text.text, key);
      return owner === undefined || owner === key
        ? []
        : [located(at('recipient-twice', path, `${owner} and ${key} have the same key`), text)];
    }),
  );
}

function textsIn(value: ConfigValue): ConfigValue[] {
  return value.type === 'string' ? [value] : value.own().flatMap(textsIn);
}

function patternOf(rule: ConfigValue): string {
  return rule.get('path_regex')?.text ?? '';
}

function invalid(path: string, { message, details: { line, column = 1 } }: SottoError): Finding {
  const finding = at(
    'config-invalid',
    path,
    message.replace(/^error loading config: (?:Could not unmarshal config file: )?/, ''),
  );
  return line === undefined ? finding : { ...finding, region: regionAt({ line, column }) };
}

function at(rule: FindingId, file: string, message: string): Finding {
  return { rule, file, message };
}

function located(finding: Finding, value: ConfigValue): Finding {
  return { ...finding, region: regionAt(value.place) };
}
