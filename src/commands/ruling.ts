import type { CreationRule, NamedRecipient } from '../config/config.ts';
import { compilePolicy } from '../core/sops/policy.ts';
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { isSameRecipient, type RecipientName, shortened } from '../keys/index.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Names } from '../keys/names.ts';
import { readEncrypted, type Source } from '../operations/open.ts';
import {
  compareWithRule,
  type RuleDifferences,
  type RuleTerms,
  ruledSelector,
  unnamedIn,
} from '../operations/rule-differences.ts';
import type { RuledSelection } from '../operations/shown-values.ts';
import { listed } from '../text/listed.ts';
import { type Configurations, ruleIfAny } from './configurations.ts';
import { type CommonOptions, namesFor, type Tools } from './settings.ts';

/** What the creation rule of an encrypted file says to a command that is about to write it. */
export interface Ruling {
  /** For a change of values; `undefined` where the rule encrypts what the file does. */
  readonly ruled: RuledSelection | undefined;
  /**
   * Before a key is wrapped anew for groups of recipients.
   *
   * @param byUser recipients whom flags name: the user's word counts, and what it does is only said
   * @throws SottoError `rule-differs` where there are others whom the rule does not name
   */
  requireNamed(groups: readonly (readonly RecipientName[])[], byUser: readonly RecipientName[]): void;
}

/** Nobody to ask. */
const NO_RULE: Ruling = { ruled: undefined, requireNamed: () => undefined };

/**
 * Compare an encrypted file with its creation rule before it is written, and say what differs. sops does not look at
 * rules then, so under its name only what is refused elsewhere is said.
 *
 * @param name the file's, for which the rule is looked up
 * @throws SottoError those of reading an encrypted file; `config-invalid` for a rule that can't be read
 */
export async function rulingOn(
  source: Source,
  name: string,
  options: CommonOptions,
  { keyring, configurations }: Tools,
  io: Io,
): Promise<Ruling> {
  const rule = await readRule(name, options, configurations, io);
  if (rule === undefined) return NO_RULE;
  const terms = await termsOf(rule, keyring, options);
  const file = readEncrypted(source);
  const names = options.likeSops === true ? IDS : await namesFor(configurations, io.absolute(name));
  const differences = compareWithRule(file, terms);
  if (options.likeSops !== true) warningsOn(differences, rule, name, names).forEach(options.warn);
  const differs = differences.settings.find((setting) => setting.name === 'selector');
  return {
    ruled:
      differs === undefined
        ? undefined
        : {
            policy: await compilePolicy(ruledSelector(file, terms)),
            shown: (places) => {
              const message = `${shownOf(places)} would stand in clear, which ${rule.name} encrypts`;
              const hint = `the file has ${differs.file}, the rule ${differs.rule}; "sotto updatekeys --selector ${name}" takes that of the rule over, --accept-file leaves that of the file`;
              return refuse(message, hint, options);
            },
          },
    requireNamed: (groups, byUser) => {
      const unnamed = terms.groups === undefined ? [] : unnamedIn(groups, terms.groups);
      const isByUser = (one: RecipientName): boolean => byUser.some((other) => isSameRecipient(other, one));
      const own = unnamed.filter(isByUser);
      if (own.length > 0 && options.likeSops !== true)
        options.warn({
          message: `${rule.name} does not name ${listOf(own, names)}`,
          hint: 'add them to the rule, or the next "sotto updatekeys" takes them out again',
          file: name,
        });
      const others = unnamed.filter((one) => !isByUser(one));
      if (others.length === 0) return;
      const message = `a key would be wrapped for ${listOf(others, names)}, whom ${rule.name} does not name`;
      const hint = `if they do not belong there, "sotto updatekeys ${name}" takes them out; if they do, add them to the rule, or say --accept-file`;
      refuse(message, hint, options).forEach(options.warn);
    },
  };
}

/**
 * The rule of a file. One that can't be read might forbid what is asked for; sops does not look at it.
 *
 * @throws SottoError `config-invalid`
 */
async function readRule(
  name: string,
  { likeSops, acceptFile, warn }: CommonOptions,
  configurations: Configurations,
  io: Io,
): Promise<CreationRule | undefined> {
  const path = io.absolute(name);
  const config = configurations.for(path);
  try {
    return await ruleIfAny(io, config, path);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    if (likeSops === true) return undefined;
    if (acceptFile !== true) throw error;
    warn(warningOf(error));
    return undefined;
  }
}

/** An error in a rule that is not the end. */
function warningOf({ message, details: { file, line } }: SottoError): Warning {
  return {
    message,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
  };
}

/** A recipient of the rule that can't be read names nobody, so whoever is meant by it is not named. */
async function termsOf(rule: CreationRule, keyring: Keyring, options: CommonOptions): Promise<RuleTerms> {
  const named = async (name: NamedRecipient): Promise<RecipientName[]> => {
    try {
      return [await keyring.recipient(name)];
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
      if (options.likeSops !== true) options.warn(warningOf(error.with(name.place ?? {})));
      return [];
    }
  };
  const { groups, ...others } = rule;
  if (groups.flat().length === 0) return others;
  const known: RecipientName[][] = [];
  for (const group of groups) {
    const names: RecipientName[] = [];
    for (const name of group) names.push(...(await named(name)));
    known.push(names);
  }
  return { ...others, groups: known };
}

/** @throws SottoError `rule-differs`, unless the user, or sops, goes on */
function refuse(
  message: string,
  hint: string,
  { likeSops, acceptFile }: CommonOptions,
): Pick<Warning, 'message'>[] {
  if (likeSops !== true && acceptFile !== true) throw new SottoError('rule-differs', message, { hint });
  return [{ message }];
}

/** What a file has otherwise than its rule, as warnings. */
export function warningsOn(
  { settings, unnamed, missing }: RuleDifferences,
  { name: rule }: CreationRule,
  file: string,
  names: Names,
): Warning[] {
  const takes = settings.some(({ name }) => name !== 'shamir_threshold') ? ' --selector' : '';
  const texts = [
    ...settings.map((setting) => `the file has ${setting.file}, but ${rule} ${setting.rule}`),
    ...(unnamed.length === 0
      ? []
      : [`the file is encrypted for ${listOf(unnamed, names)}, whom ${rule} does not name`]),
    ...(missing.length === 0 ? [] : [`${rule} names ${listOf(missing, names)}, who can't open the file`]),
  ];
  const hint = `"sotto updatekeys${takes} ${file}" gives the file what its rule says`;
  return texts.map((message, index) => ({ message, file, ...(index === texts.length - 1 ? { hint } : {}) }));
}

function listOf(recipients: readonly RecipientName[], names: Names): string {
  return shownOf(recipients.map((one) => names.describe(one)));
}

function shownOf(texts: readonly string[]): string {
  return listed(texts, MOST);
}

/** As many as somebody reads. */
const MOST = 10;

/** Under the name sops nothing has a name. */
const IDS: Names = { nameOf: () => undefined, describe: ({ id }) => shortened(id) };
