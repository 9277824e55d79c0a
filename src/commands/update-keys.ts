import { relative } from 'node:path';
import type { Config, CreationRule } from '../config/config.ts';
import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import type { Recipient } from '../keys/key.ts';
import type { Keyring } from '../keys/keyring.ts';
import { readEncrypted, type Source } from '../operations/open.ts';
import { type KeyPlan, planKeys, updateKeysText, type WantedKeys } from '../operations/update-keys.ts';
import { eachFile, expandFiles, type FileResult, type Progress, writeNow } from './batch.ts';
import { comingOf } from './foresight.ts';
import { recipientsOf } from './recipients.ts';
import { type CommonOptions, Configurations, indentFor, keyringOf, ruleFor } from './settings.ts';
import { about, pendingWrite, readSource, requireFile } from './source.ts';

/** Options of `updatekeys`. */
export interface UpdateKeysOptions extends CommonOptions {
  /** Files, and folders of them. */
  readonly files: readonly string[];
  /** How many key groups the files are to need, whatever they need now. */
  readonly threshold?: number | undefined;
  /** Write nothing; say which files are not as they should be. */
  readonly check?: boolean | undefined;
  /** Told of each file that there is, before anything is known of it. */
  readonly onStart: (file: string) => void;
  /** Told of each file that is to change, and how. */
  readonly onPlan: (file: string, plan: KeyPlan) => void;
  /** Whether the change is to be made; asked when it could be, behind {@link onPlan}. Left out, it is. */
  readonly confirm?: (() => Promise<boolean>) | undefined;
  readonly progress?: Progress;
}

/** What came of a file. */
export interface UpdateKeysResult extends FileResult {
  readonly outcome: 'up-to-date' | 'updated' | 'left' | 'outdated' | 'failed';
  readonly plan?: KeyPlan;
  readonly warnings: readonly Warning[];
}

/** What serves all files of a run. */
interface Tools {
  readonly keyring: Keyring;
  readonly configurations: Configurations;
}

/** Give files the recipients that their rules name. */
export async function updateKeys(options: UpdateKeysOptions, io: Io): Promise<UpdateKeysResult[]> {
  const tools = { keyring: keyringOf(io, options), configurations: new Configurations(io, options) };
  const [first, second] = options.files;
  if (first === undefined) {
    requireConfig(tools, undefined);
    throw new SottoError('no-file', 'Error: no file specified', {
      hint: 'name files, or folders: sotto updatekeys secrets/',
    });
  }
  if (second === undefined && !io.isFolder(io.absolute(first)))
    return [await about(first, async () => writeNow(await updateOne(first, options, tools, io), io))];
  const files = expandFiles(io, options.files, options.warn);
  tools.keyring.foresee(() =>
    comingOf(files, async (file) => {
      const { source, plan } = await compare(file, options, tools, io);
      return plan.changed ? readEncrypted(source) : undefined;
    }),
  );
  return eachFile(
    files,
    async (file) => {
      const result = await updateOne(file, options, tools, io);
      // Whoever says yes to a file has it written before the next question.
      return options.confirm === undefined ? result : writeNow(result, io);
    },
    (file, error) => ({ file, error, outcome: 'failed', warnings: [] }),
    options.progress,
    io,
  );
}

async function updateOne(
  file: string,
  options: UpdateKeysOptions,
  tools: Tools,
  io: Io,
): Promise<UpdateKeysResult> {
  return about(file, async () => {
    requireConfig(tools, io.absolute(file));
    requireFile(io, file, 'update');
    options.onStart(file);
    const { config, source, wanted, plan, warnings } = await compare(file, options, tools, io);
    if (!plan.changed) return { file, outcome: 'up-to-date', plan, warnings };
    options.onPlan(file, plan);
    if (options.check === true) return { file, outcome: 'outdated', plan, warnings };
    const indent = indentFor(options, config, source.format.name);
    // Made before anybody is asked: whoever says yes gets no error.
    const result = await updateKeysText(source, wanted, { keyring: tools.keyring, ...indent });
    if (options.confirm !== undefined && !(await options.confirm()))
      return { file, outcome: 'left', plan, warnings };
    return {
      file,
      outcome: 'updated',
      plan,
      warnings: [...warnings, ...result.warnings],
      write: pendingWrite(io, file, result.text, source),
    };
  });
}

/** A file, and what its rule would change in it. */
interface Comparison {
  readonly config: Config;
  readonly source: Source;
  readonly wanted: WantedKeys;
  readonly plan: KeyPlan;
  readonly warnings: readonly Warning[];
}

async function compare(
  file: string,
  options: UpdateKeysOptions,
  { keyring, configurations }: Tools,
  io: Io,
): Promise<Comparison> {
  const path = io.absolute(file);
  const config = requireConfig({ configurations }, path);
  const rule = await ruleFor(io, config, path);
  if (rule === undefined) {
    const message = `The config file ${config.path} does not contain any creation rule`;
    throw new SottoError('config-missing', message, {
      inSops: `The config file ${options.config ?? relative(io.folder, config.path)} does not contain any creation rule`,
      hint: 'updatekeys takes the recipients from the first of creation_rules that matches the file',
    });
  }
  const source = await readSource(io, { ...options, file, name: file }, configurations, 'update');
  const wanted = wantedKeys(options, rule, recipientsOf(rule.groups, keyring));
  const plan = planKeys(source, wanted);
  return { config, source, wanted, plan, warnings: thresholdWarnings(rule, plan) };
}

function wantedKeys({ threshold }: UpdateKeysOptions, rule: CreationRule, groups: Recipient[][]): WantedKeys {
  return {
    groups,
    ...(threshold === undefined ? {} : { threshold }),
    ...(rule.threshold === undefined ? {} : { firstThreshold: rule.threshold }),
  };
}

/** As in sops the file's threshold stays, whatever the rule says; only here that is said. */
function thresholdWarnings({ threshold: wanted }: CreationRule, plan: KeyPlan): Warning[] {
  const { after } = plan.threshold;
  if (wanted === undefined || plan.groups.length < 2 || wanted === after) return [];
  return [
    {
      message: `shamir_threshold is ${wanted} in the rule, but stays ${after} in the file`,
      hint: `sotto updatekeys --shamir-secret-sharing-threshold ${wanted} changes it`,
    },
  ];
}

function requireConfig({ configurations }: Pick<Tools, 'configurations'>, path: string | undefined): Config {
  const config = configurations.for(path);
  if (config !== undefined) return config;
  throw new SottoError('config-missing', 'config file not found', {
    hint: 'updatekeys takes the recipients from .sops.yaml',
  });
}
