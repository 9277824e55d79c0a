import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import type { OpenDataKey } from '../operations/open.ts';
import { type KeyPlan, planKeys, updateKeysText } from '../operations/update-keys.ts';
import { eachFile, expandFiles, type FileResult, type Progress } from './batch.ts';
import { recipientsOf } from './recipients.ts';
import { type CommonOptions, Configurations, indentFor, keyringOf, ruleFor } from './settings.ts';
import { about, readSource, refuseIfChanged } from './source.ts';

/** Options of `updatekeys`. */
export interface UpdateKeysOptions extends CommonOptions {
  /** Files, and folders of them. */
  readonly files: readonly string[];
  /** Write nothing; say which files are not as they should be. */
  readonly check?: boolean | undefined;
  /** Told of each file that is to change, and how. */
  readonly onPlan: (file: string, plan: KeyPlan) => void;
  /** Whether the change is to be made; asked when it could be, behind {@link onPlan}. */
  readonly confirm: () => Promise<boolean>;
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
  readonly openDataKey: OpenDataKey;
  readonly configurations: Configurations;
}

/** Give files the recipients that their rules name. */
export async function updateKeys(options: UpdateKeysOptions, io: Io): Promise<UpdateKeysResult[]> {
  const tools = { openDataKey: keyringOf(io, options), configurations: new Configurations(io, options) };
  const [first, second] = options.files;
  if (first === undefined) {
    if (tools.configurations.for(undefined) === undefined) throw noConfig();
    throw new SottoError('no-file', 'Error: no file specified', {
      hint: 'name files, or folders: sotto updatekeys secrets/',
    });
  }
  if (second === undefined && !io.isFolder(io.absolute(first)))
    return [await updateOne(first, options, tools, io)];
  return eachFile(
    expandFiles(io, options.files, options.warn),
    (file) => updateOne(file, options, tools, io),
    (file, error) => ({ file, error, outcome: 'failed', warnings: [] }),
    options.progress,
  );
}

async function updateOne(
  file: string,
  options: UpdateKeysOptions,
  { openDataKey, configurations }: Tools,
  io: Io,
): Promise<UpdateKeysResult> {
  const warnings: readonly Warning[] = [];
  return about(file, async () => {
    const path = io.absolute(file);
    const config = configurations.for(path);
    if (config === undefined) throw noConfig();
    const rule = await ruleFor(io, config, path);
    if (rule === undefined) {
      const message = `The config file ${config.path} does not contain any creation rule`;
      throw new SottoError('config-missing', message, {
        hint: 'updatekeys takes the recipients from the first of creation_rules that matches the file',
      });
    }
    const source = await readSource(io, { file, name: file, inputType: options.inputType }, 'update');
    const wanted = recipientsOf(rule.groups);
    const plan = planKeys(source, wanted);
    if (!plan.changed) return { file, outcome: 'up-to-date', plan, warnings };
    options.onPlan(file, plan);
    if (options.check === true) return { file, outcome: 'outdated', plan, warnings };
    const indent = indentFor(options, config, source.format.name);
    // Made before anybody is asked: whoever says yes gets no error.
    const text = await updateKeysText(source, wanted, { openDataKey, ...indent });
    if (!(await options.confirm())) return { file, outcome: 'left', plan, warnings };
    refuseIfChanged(io, file, source);
    io.write(path, Buffer.from(text));
    return { file, outcome: 'updated', plan, warnings };
  });
}

function noConfig(): SottoError {
  return new SottoError('config-missing', 'config file not found', {
    hint: 'updatekeys takes the recipients from .sops.yaml',
  });
}
