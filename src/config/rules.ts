import type { MetadataValue } from '../core/sops/fields.ts';
import { SELECTOR_KINDS, type Selector } from '../core/sops/policy.ts';
import { type ErrorDetails, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { KINDS, recipientIdOf, withSettings } from '../keys/index.ts';
import type { KeyKind } from '../keys/kind.ts';
import type { Config, CreationRule, NamedRecipient, StoreSettings } from './config.ts';
import { pathBelow } from './find.ts';
import { regexOfGlob } from './glob.ts';
import type { ConfigType, ConfigValue } from './value.ts';

/**
 * The first creation rule that matches a file.
 *
 * @param target absolute path of the file
 * @returns `undefined` when the configuration has no rules at all
 * @throws SottoError `no-matching-rule`, `config-invalid`
 */
export async function matchRule(io: Io, config: Config, target: string): Promise<CreationRule | undefined> {
  if (config.rules === undefined) return undefined;
  const path = ruledPath(io, config, target);
  for (const [index, rule] of config.rules.entries()) {
    if (await matchesPath(rule, path)) return ruleAt(config, index);
  }
  throw noRuleFor(path, config.rules, {
    file: config.path,
    inSops: 'error loading config: no matching creation rules found',
    hint: isOfWindows(io, config.rules)
      ? 'write / for \\\\ in path_regex: a rule sees the same path on all systems'
      : 'add a rule for it, or one without path_regex at the end',
  });
}

/** Whether an expression looks for backslashes: sops shows it paths of Windows as they are. */
function isOfWindows(io: Io, rules: readonly ConfigValue[]): boolean {
  return io.platform === 'win32' && rules.some((rule) => rule.get('path_regex')?.text.includes('\\\\'));
}

/** As many as somebody reads. */
const MOST_RULES = 10;

/** The error for a path that no rule matches: those that were tried, and a glob among them as an expression. */
export function noRuleFor(
  path: string,
  rules: readonly ConfigValue[],
  details: ErrorDetails & { readonly hint: string },
): SottoError {
  const patterns = rules.map((rule) => rule.get('path_regex')?.text ?? '');
  const lines = patterns.map((pattern, index) => `rule ${index + 1}: path_regex: ${pattern}`);
  const more = lines.length - MOST_RULES;
  const globs = patterns.flatMap((pattern, index) => {
    const regex = regexOfGlob(pattern);
    return regex === undefined
      ? []
      : [`of rule ${index + 1}, write the glob as an expression: path_regex: ${regex}`];
  });
  return new SottoError('no-matching-rule', `no rule matches ${path}`, {
    ...details,
    lines: more > 0 ? [...lines.slice(0, MOST_RULES), `and ${more} more`] : lines,
    facts: { path, rules: patterns },
    hint: globs[0] ?? details.hint,
  });
}

/** What the rule with a number, from 0, says. @throws SottoError `config-invalid` */
export function ruleAt({ rules, path }: Config, number: number): CreationRule | undefined {
  const rule = rules?.[number];
  return rule === undefined ? undefined : readRule(rule, number + 1, `rule ${number + 1} of ${path}`);
}

/** The path that a rule's expression sees: relative to the configuration if the file is below it; with slashes. */
function ruledPath(io: Io, { path }: Config, target: string): string {
  const own = pathBelow(io, path, target) ?? target;
  return io.platform === 'win32' ? own.replaceAll('\\', '/') : own;
}

/** Whether a rule's `path_regex` matches; all paths if there is none. @throws SottoError `config-invalid` */
export async function matchesPath(rule: ConfigValue, path: string): Promise<boolean> {
  const matches = MATCHERS.get(rule) ?? (await matcherOf(rule));
  MATCHERS.set(rule, matches);
  return matches(path);
}

type Matcher = (path: string) => boolean;

/** Rules are asked about each file of a run; an expression is compiled once. */
const MATCHERS = new WeakMap<ConfigValue, Matcher>();

async function matcherOf(rule: ConfigValue): Promise<Matcher> {
  const pattern = rule.get('path_regex');
  if (pattern === undefined || pattern.text === '') return () => true;
  const { RE2JS } = await import('re2js');
  try {
    const expression = RE2JS.compile(pattern.text);
    return (path) => expression.matcher(path).find();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : pattern.text;
    throw pattern.problem('config-invalid', `path_regex is no regular expression: ${reason}`, {
      inSops: `can not compile regexp: ${reason}`,
      hint: adviceOn(pattern.text),
      cause,
    });
  }
}

function adviceOn(pattern: string): string {
  const regex = regexOfGlob(pattern);
  return regex === undefined
    ? 'it is an expression for RE2, which has no look-around'
    : `it is a glob; as a regular expression it is: path_regex: ${regex}`;
}

const READ = new WeakMap<ConfigValue, CreationRule>();

/**
 * What a rule says; the same object for all files that it matches.
 *
 * @param name for messages
 * @throws SottoError `config-invalid`
 */
export function readRule(rule: ConfigValue, number: number, name: string): CreationRule {
  const known = READ.get(rule) ?? readAnew(rule, number, name);
  READ.set(rule, known);
  return known;
}

function readAnew(rule: ConfigValue, number: number, name: string): CreationRule {
  const threshold = rule.get('shamir_threshold')?.number ?? 0;
  const selector = selectorOf(rule);
  const format = rule.get('sotto')?.get('format')?.text;
  const keyGroups = rule.get('key_groups')?.items() ?? [];
  const groups = keyGroups.length > 0 ? keyGroups.map(groupRecipients).map(withoutRepeats) : [flat(rule)];
  return {
    name,
    number,
    isForAll: (rule.get('path_regex')?.text ?? '') === '',
    groups,
    ...(threshold === 0 ? {} : { threshold }),
    ...(selector === undefined ? {} : { selector }),
    macOnlyEncrypted: rule.get('mac_only_encrypted')?.boolean === true,
    ...(format === undefined ? {} : { format }),
    stores: storesOf(rule.get('sotto')?.get('stores')),
  };
}

function storesOf(stores: ConfigValue | undefined): CreationRule['stores'] {
  return Object.fromEntries((stores?.entries() ?? []).map(({ key, value }) => [key, textsOf(value)]));
}

function textsOf(settings: ConfigValue): StoreSettings {
  return Object.fromEntries(settings.entries().map(({ key, value }) => [key, value.text]));
}

function selectorOf(rule: ConfigValue): Selector | undefined {
  const given = SELECTOR_KINDS.flatMap((kind): Selector[] => {
    const pattern = rule.get(kind)?.text ?? '';
    return pattern === '' ? [] : [{ kind, pattern }];
  });
  if (given.length > 1) {
    const kinds = given.map(({ kind }) => kind);
    throw rule.problem(
      'config-invalid',
      `this rule has ${kinds.join(' and ')}, and only one of them can hold`,
      {
        inSops:
          'error loading config: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex for the same rule',
        hint: 'leave one; a single encrypted_regex can name several keys: ^(password|token)$',
      },
    );
  }
  return given[0];
}

function flat(rule: ConfigValue): NamedRecipient[] {
  return KINDS.flatMap(({ name, rule: { field, profileField } }) => {
    const profile = profileField === undefined ? '' : (rule.get(profileField)?.text ?? '');
    return named(rule.get(field), field, name).map((one) => withSettings(one, { profile }));
  });
}

/** Names in a string between commas, or in a list whose items may hold commas too. */
function named(value: ConfigValue | undefined, field: string, kind: string): NamedRecipient[] {
  if (value === undefined) return [];
  if (value.type === 'array')
    return value.items().flatMap((item) => namesOf(item, field, kind, 'string in list'));
  return value.text === '' && value.type === 'string'
    ? []
    : namesOf(value, field, kind, 'string, []string, or nil');
}

/** The types of Go that go-yaml makes of values. */
const IN_GO: { readonly [type in ConfigType]: string } = {
  object: 'map[string]interface {}',
  array: '[]interface {}',
  string: 'string',
  integer: 'int',
  number: 'float64',
  boolean: 'bool',
  null: '<nil>',
};

function namesOf(value: ConfigValue, field: string, kind: string, wanted: string): NamedRecipient[] {
  if (value.type !== 'string') {
    throw value.problem(
      'config-invalid',
      `invalid ${field} key configuration: expected ${wanted}, got ${value.type}`,
      {
        inSops: `invalid ${field} key configuration: invalid ${field} key configuration: expected ${wanted}, got ${IN_GO[value.type]}`,
        hint: `write ${field} as a text, with commas between several, or as a list of texts`,
      },
    );
  }
  const names = value.text.split(',').map((text) => text.trim());
  return names
    .filter((id) => id !== '' || names.length === 1)
    .map((id) => ({ kind, id, place: value.placeOf(id) }));
}

function groupRecipients(group: ConfigValue): NamedRecipient[] {
  const merged = group.get('merge')?.items().flatMap(groupRecipients) ?? [];
  return [...merged, ...ownRecipients(group)];
}

/** The recipients of a key group without those of the groups that it merges. @throws SottoError `config-invalid` */
export function ownRecipients(group: ConfigValue): NamedRecipient[] {
  return KINDS.flatMap((kind) => {
    const { field, groupField = field } = kind.rule;
    return (group.get(groupField)?.items() ?? []).flatMap((item) =>
      item.type === 'object' ? namedByMapping(item, kind) : named(item, groupField, kind.name),
    );
  });
}

/** The recipient of a mapping. The fields go along where the text can't have them all: the context of an AWS key may hold any text. */
export function namedByMapping(
  mapping: ConfigValue,
  { name, rule, always = [], ...kind }: KeyKind,
): NamedRecipient {
  const values = Object.entries(rule.item ?? {}).flatMap(([own, field]): [string, MetadataValue][] => {
    const value = dataOf(mapping.get(own));
    return value === '' && !always.includes(field) ? [] : [[field, value]];
  });
  const fields = Object.fromEntries(values);
  const id = recipientIdOf({ kind: name, fields });
  return { kind: name, id, place: mapping.place, ...(kind.mapping === undefined ? {} : { fields }) };
}

function dataOf(value: ConfigValue | undefined): MetadataValue {
  if (value?.type !== 'object') return value?.text ?? '';
  return Object.fromEntries(value.entries().map((entry) => [entry.key, entry.value.text]));
}

function withoutRepeats(recipients: readonly NamedRecipient[]): NamedRecipient[] {
  return [
    ...new Map(recipients.map((recipient) => [`${recipient.kind} ${recipient.id}`, recipient])).values(),
  ];
}
