import type { CreationRule } from '../config/config.ts';
import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import type { Recipient } from '../keys/key.ts';
import type { Keyring } from '../keys/keyring.ts';
import { readEncrypted } from '../operations/open.ts';
import { type KeyPlan, planKeys, updateKeysText, type WantedKeys } from '../operations/update-keys.ts';
import { eachFile, expandFiles, type FileResult, type Progress } from './batch.ts';
import { comingOf } from './foresight.ts';
import { recipientsOf } from './recipients.ts';
import { type CommonOptions, indentFor, keyringOf, loadSettings, ruleFor } from './settings.ts';
import { about, readSource } from './source.ts';

/** Options of `updatekeys`. */
export interface UpdateKeysOptions extends CommonOptions {
  /** Files, and folders of them. */
  readonly files: readonly string[];
  /** How many key groups the files are to need, whatever they need now. */
  readonly threshold?: number | undefined;
  /** Write nothing; say which files are not as they should be. */
  readonly check?: boolean | undefined;
  /** Whether a change is to be made; not asked where nothing changes. */
  readonly confirm: (file: string, plan: KeyPlan) => Promise<boolean>;
  readonly progress?: Progress;
}

/** What came of a file. */
export interface UpdateKeysResult extends FileResult {
  readonly outcome: 'up-to-date' | 'updated' | 'left' | 'outdated' | 'failed';
  readonly plan?: KeyPlan;
  readonly warnings: readonly Warning[];
}

/** Give files the recipients that their rules name. */
export async function updateKeys(options: UpdateKeysOptions, io: Io): Promise<UpdateKeysResult[]> {
  const keyring = keyringOf(io, options);
  const [first, second] = options.files;
  if (first === undefined) throw new SottoError('no-file', 'Error: no file specified');
  if (second === undefined && !io.isFolder(io.absolute(first)))
    return [await updateOne(first, options, keyring, io)];
  const files = expandFiles(io, options.files);
  keyring.foresee(() =>
    comingOf(files, async (file) => {
      const { source, plan } = await compare(file, options, keyring, io);
      return plan.changed ? readEncrypted(source) : undefined;
    }),
  );
  return eachFile(
    files,
    (file) => updateOne(file, options, keyring, io),
    (file, error) => ({ file, error, outcome: 'failed', warnings: [] }),
    options.progress,
  );
}

async function updateOne(
  file: string,
  options: UpdateKeysOptions,
  keyring: Keyring,
  io: Io,
): Promise<UpdateKeysResult> {
  return about(file, async () => {
    const { settings, source, wanted, plan, warnings } = await compare(file, options, keyring, io);
    if (!plan.changed) return { file, outcome: 'up-to-date', plan, warnings };
    if (options.check === true) return { file, outcome: 'outdated', plan, warnings };
    if (!(await options.confirm(file, plan))) return { file, outcome: 'left', plan, warnings };
    const indent = indentFor(options, settings, source.format.name);
    const result = await updateKeysText(source, wanted, { keyring, ...indent });
    io.write(io.absolute(file), Buffer.from(result.text));
    return { file, outcome: 'updated', plan, warnings: [...warnings, ...result.warnings] };
  });
}

/** A file, and what its rule would change in it. */
async function compare(file: string, options: UpdateKeysOptions, keyring: Keyring, io: Io) {
  const path = io.absolute(file);
  const settings = loadSettings(io, options, path);
  if (settings.config === undefined) {
    throw new SottoError('config-missing', 'config file not found', {
      hint: 'updatekeys takes the recipients from .sops.yaml',
    });
  }
  const rule = await ruleFor(io, settings, path);
  if (rule === undefined) {
    throw new SottoError(
      'config-missing',
      `The config file ${settings.config.path} does not contain any creation rule`,
    );
  }
  const source = await readSource(io, { file, name: file, inputType: options.inputType });
  const wanted = wantedKeys(options, rule, recipientsOf(rule.groups, keyring, settings.config));
  const plan = planKeys(source, wanted);
  const warnings = [...settings.warnings, ...thresholdWarnings(rule, plan)];
  return { settings, source, wanted, plan, warnings };
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
