import { relative } from 'node:path';
import type { Config, CreationRule } from '../config/config.ts';
import { recipientNames } from '../config/names.ts';
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import type { Recipient } from '../keys/kind.ts';
import type { Names } from '../keys/names.ts';
import { readEncrypted, type Source } from '../operations/open.ts';
import {
  compareWithRule,
  neededOf,
  ruledSelector,
  type SettingDifference,
} from '../operations/rule-differences.ts';
import type { Selection, Sides } from '../operations/select-anew.ts';
import { type KeyPlan, planKeys, updateKeysText, type WantedKeys } from '../operations/update-keys.ts';
import {
  askedOnce,
  eachFile,
  type FileResult,
  type Progress,
  type Run,
  sealedFiles,
  writeNow,
} from './batch.ts';
import { ruleFor } from './configurations.ts';
import { recipientsOf } from './recipients.ts';
import { type CommonOptions, indentFor, type Tools, toolsOf } from './settings.ts';
import { pendingWrite, readSource, requireFile, withFileInErrors } from './source.ts';

/** Options of `updatekeys`. */
export interface UpdateKeysOptions extends CommonOptions {
  /** Files, and folders of them. */
  readonly files: readonly string[];
  /** How many key groups the files are to need, whatever they need now. */
  readonly threshold?: number | undefined;
  /** Write nothing; say which files are not as they should be. */
  readonly check?: boolean | undefined;
  /** Give the files the selector of their rules, too, and its `mac_only_encrypted`. */
  readonly selector?: boolean | undefined;
  /** Told of each file that there is, before anything is known of it. */
  readonly onStart: (file: string) => void;
  /** Told of each file that is to change, and how. */
  readonly onPlan: (file: string, plan: FilePlan, names: Names) => void;
  /** Whether the change is to be made; asked when it could be, behind {@link onPlan}. Left out, it is. */
  readonly confirm?: (() => Promise<boolean>) | undefined;
  /** In the place of {@link confirm}, where there are several files: asked once, when it is known what comes of each. */
  readonly confirmAll?: ((results: readonly UpdateKeysResult[]) => Promise<boolean>) | undefined;
  readonly progress?: Progress | undefined;
}

/** What a file has otherwise than its rule, and what changes. */
export interface FilePlan {
  readonly keys: KeyPlan;
  /** Settings that differ: when the selector is adopted, those that go with it. */
  readonly settings: readonly SettingDifference[];
  /** What changes sides, where the selector is adopted. */
  readonly sides?: Sides | undefined;
}

/** What came of a file. */
export interface UpdateKeysResult extends FileResult {
  readonly outcome: 'up-to-date' | 'updated' | 'left' | 'outdated' | 'failed';
  readonly plan?: FilePlan | undefined;
  /** What the configuration calls people. */
  readonly names?: Names | undefined;
  readonly warnings: readonly Warning[];
}

/** Give files the recipients that their rules name. */
export async function updateKeys(options: UpdateKeysOptions, io: Io): Promise<UpdateKeysResult[]> {
  const tools = toolsOf(io, options);
  const [first, second] = options.files;
  if (first === undefined) {
    requireConfig(tools, undefined);
    throw new SottoError('no-file', 'no file was named', {
      inSops: 'Error: no file specified',
      hint: 'name files, or folders: sotto updatekeys secrets/',
    });
  }
  if (second === undefined && !io.isFolder(io.absolute(first)))
    return [
      await withFileInErrors(first, async () => writeNow(await updateOne(first, options, tools, io), io)),
    ];
  const files = await sealedFiles(options.files, options, tools, io, async (file) => {
    const config = requireConfig(tools, io.absolute(file));
    const { source, keys, selection } = await compare(file, config, options, tools, io);
    return keys.changed || selection !== undefined ? source : undefined;
  });
  const run: Run<UpdateKeysResult> = {
    ...options,
    keyring: tools.keyring,
    work: (file) => updateOne(file, options, tools, io),
    asks: options.confirm !== undefined,
    failed: (file, error) => ({ file, error, outcome: 'failed', warnings: [] }),
  };
  if (options.confirmAll === undefined) return eachFile(files, run, io);
  const { results, written } = await askedOnce(files, run, options.confirmAll, io);
  if (written) return [...results];
  return results.map((result) => (result.outcome === 'updated' ? { ...result, outcome: 'left' } : result));
}

async function updateOne(
  file: string,
  options: UpdateKeysOptions,
  tools: Tools,
  io: Io,
): Promise<UpdateKeysResult> {
  return withFileInErrors(file, async () => {
    const config = requireConfig(tools, io.absolute(file));
    requireFile(io, file, 'update');
    options.onStart(file);
    const { source, wanted, keys, settings, selection, warnings } = await compare(
      file,
      config,
      options,
      tools,
      io,
    );
    const plan = { keys, settings };
    const names = recipientNames(config);
    if (options.check === true) {
      const isRight = !keys.changed && settings.length === 0;
      if (!isRight) options.onPlan(file, plan, names);
      return { file, outcome: isRight ? 'up-to-date' : 'outdated', plan, names, warnings };
    }
    if (!keys.changed && selection === undefined) return { file, outcome: 'up-to-date', plan, warnings };
    // The plan without what only the key tells; an error of making it leaves nothing unsaid.
    if (selection === undefined) options.onPlan(file, { keys, settings: [] }, names);
    const indent = indentFor(options, config, source.format.name);
    // Made before anybody is asked: whoever says yes gets no error.
    const result = await updateKeysText(source, wanted, {
      keyring: tools.keyring,
      selection: selection && { ...selection, now: io.now() },
      inWantedOrder: options.likeSops,
      indent,
    });
    const adopted = settings.filter(({ name }) => name !== 'shamir_threshold');
    const whole = selection === undefined ? plan : { keys, settings: adopted, sides: result.sides };
    if (selection !== undefined) options.onPlan(file, whole, names);
    if (options.confirm !== undefined && !(await options.confirm()))
      return { file, outcome: 'left', plan: whole, names, warnings };
    return {
      file,
      outcome: 'updated',
      plan: whole,
      names,
      warnings: [...warnings, ...result.warnings],
      write: pendingWrite(io, file, result.text, source.text),
    };
  });
}

/** A file, and what its rule would change in it. */
interface Comparison {
  readonly source: Source;
  readonly wanted: WantedKeys;
  readonly keys: KeyPlan;
  readonly settings: readonly SettingDifference[];
  /** The rule's, where it is to be adopted and is another one. */
  readonly selection: Omit<Selection, 'now'> | undefined;
  readonly warnings: readonly Warning[];
}

async function compare(
  file: string,
  config: Config,
  options: UpdateKeysOptions,
  { keyring, configurations }: Tools,
  io: Io,
): Promise<Comparison> {
  const path = io.absolute(file);
  const rule = await ruleFor(io, config, path);
  if (rule === undefined) {
    throw new SottoError(
      'config-missing',
      'nothing says for whom to encrypt: the configuration has no creation_rules',
      {
        file: config.path,
        inSops: `The config file ${options.config ?? relative(io.folder, config.path)} does not contain any creation rule`,
        hint: 'updatekeys takes the recipients from the first of creation_rules that matches the file',
      },
    );
  }
  const source = await readSource(io, { ...options, file, name: file }, configurations, 'update');
  const terms = { ...rule, groups: await recipientsOf(rule.groups, keyring) };
  const wanted = wantedKeys(options, rule, terms.groups);
  const keys = planKeys(source, wanted);
  const encrypted = readEncrypted(source);
  const settings = settingsLeft(compareWithRule(encrypted, terms).settings, keys, options.threshold);
  const isOther = settings.some(({ name }) => name !== 'shamir_threshold');
  const { selector, check, likeSops } = options;
  const adopts = selector === true && check !== true;
  const selection = {
    selector: ruledSelector(encrypted, terms),
    macOnlyEncrypted: terms.macOnlyEncrypted,
  };
  return {
    source,
    wanted,
    keys,
    settings,
    selection: adopts && isOther ? selection : undefined,
    warnings: check === true || likeSops === true ? [] : settingWarnings(settings, adopts, rule, file),
  };
}

/** Thresholds that the change of recipients, or a flag, makes right, are no difference any more. */
function settingsLeft(
  settings: readonly SettingDifference[],
  { threshold, groups }: KeyPlan,
  asked: number | undefined,
): SettingDifference[] {
  const needed = `shamir_threshold: ${neededOf(groups.length, threshold.after === 0 ? undefined : threshold.after)}`;
  return settings.filter(
    ({ name, rule }) => name !== 'shamir_threshold' || (asked === undefined && rule !== needed),
  );
}

/** As in sops these stay as they are in the file, whatever the rule says; only here that is said. */
function settingWarnings(
  settings: readonly SettingDifference[],
  adopts: boolean,
  { name: ruleName }: CreationRule,
  file: string,
): Warning[] {
  return settings.flatMap(({ name, file: has, rule }) => {
    const number = rule.replace(/^.* /, '');
    if (name === 'shamir_threshold')
      return [
        {
          message: `shamir_threshold is ${number} in the rule, but stays ${has.replace(/^.* /, '')} in the file`,
          hint: `sotto updatekeys --shamir-secret-sharing-threshold ${number} changes it`,
        },
      ];
    if (adopts) return [];
    return [
      {
        message: `the file has ${has}, but ${ruleName} ${rule}`,
        file,
        hint: `"sotto updatekeys --selector ${file}" takes that of the rule over`,
      },
    ];
  });
}

function wantedKeys({ threshold }: UpdateKeysOptions, rule: CreationRule, groups: Recipient[][]): WantedKeys {
  return { groups, threshold, firstThreshold: rule.threshold };
}

function requireConfig({ configurations }: Pick<Tools, 'configurations'>, path: string | undefined): Config {
  const config = configurations.for(path);
  if (config !== undefined) return config;
  throw new SottoError(
    'config-missing',
    'nothing says for whom to encrypt: there is no .sops.yaml here, nor above',
    {
      inSops: 'config file not found',
      hint: 'write one with creation_rules: updatekeys takes the recipients from it',
    },
  );
}
