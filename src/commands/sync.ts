import { dirname, relative } from 'node:path';
import { recipientNames } from '../config/names.ts';
import type { Warning } from '../core/splice/warning.ts';
import type { FileWrite, Io } from '../io/io.ts';
import type { RecipientName } from '../keys/index.ts';
import type { Names } from '../keys/names.ts';
import { readEncrypted, type Source } from '../operations/open.ts';
import {
  compareWithRule,
  neededOf,
  ruledSelector,
  type SettingDifference,
} from '../operations/rule-differences.ts';
import type { Sides } from '../operations/select-anew.ts';
import { type SyncOptions as SyncText, syncText } from '../operations/sync.ts';
import { planKeys } from '../operations/update-keys.ts';
import { askedOnce, type FileResult, type Progress, sealedFiles } from './batch.ts';
import { ruleIfAny } from './configurations.ts';
import { recipientsOf } from './recipients.ts';
import { isJournal } from './renew/journal.ts';
import { type CommonOptions, indentFor, type Tools, toolsOf } from './settings.ts';
import { pendingWrite, readSource, withFileInErrors } from './source.ts';

/** Options of `sync`. */
export interface SyncOptions extends CommonOptions {
  /** Files and folders. */
  readonly files: readonly string[];
  /** Write nothing. */
  readonly check: boolean;
  /** Go on with other files when one can't be opened. */
  readonly keepGoing: boolean;
  /** Asked once, when all texts are made; told what will be written. */
  readonly confirm: (plans: readonly SyncResult[]) => Promise<boolean>;
  readonly progress?: Progress | undefined;
}

/** How a file changes. */
export interface SyncPlan {
  readonly added: readonly RecipientName[];
  readonly removed: readonly RecipientName[];
  readonly settings: readonly SettingDifference[];
  /** It gets a new data key, since somebody goes. */
  readonly rotates: boolean;
  readonly sides?: Sides | undefined;
  readonly names: Names;
}

/** What came of a file. */
export interface SyncResult extends FileResult {
  readonly outcome: 'up-to-date' | 'no-rule' | 'outdated' | 'synced' | 'left' | 'failed';
  readonly plan?: SyncPlan | undefined;
  readonly warnings: readonly Warning[];
}

/**
 * Make files as their rules say. All new texts are made and read back before anybody is asked, or anything is written.
 *
 * @throws SottoError for a file that can't be opened or changed, unless that is to be passed over
 */
export async function sync(options: SyncOptions, io: Io): Promise<SyncResult[]> {
  const tools = toolsOf(io, options);
  const isAll = options.files.length === 0;
  const found = await sealedFiles(isAll ? [io.folder] : options.files, options, tools, io);
  const files = isAll ? found.map((file) => relative(io.folder, file)) : found;
  return syncFiles(files, options, tools, io);
}

/** What {@link syncFiles} does besides. */
export interface SyncFilesOptions extends Omit<SyncOptions, 'files'> {
  /** Written before all files, and also where no file changes: who is interrupted then goes on with `sync`. */
  readonly first?: FileWrite | undefined;
  /** Names of recipients, if not those of the configuration. */
  readonly names?: Names | undefined;
}

/** {@link sync} of these files. */
export async function syncFiles(
  files: readonly string[],
  options: SyncFilesOptions,
  tools: Tools,
  io: Io,
): Promise<SyncResult[]> {
  const { first, keepGoing, progress, warn } = options;
  const agree = async (results: readonly SyncResult[]): Promise<boolean> => {
    if (!(await options.confirm(results.filter(({ write }) => write !== undefined)))) return false;
    sweep(files, options, tools, io);
    if (first !== undefined) await io.write(first.path, first.content, { known: first.known });
    return true;
  };
  const { results, written } = await askedOnce<SyncResult>(
    files,
    {
      work: (file) => withFileInErrors(file, () => plan(file, options, tools, io)),
      failed: (file, error) => ({ file, error, outcome: 'failed', warnings: [] }),
      stops: !keepGoing,
      progress,
      warn,
      keyring: tools.keyring,
    },
    agree,
    io,
  );
  if (written) return [...results];
  const isEnded = results.length < files.length;
  const isPending = results.some(({ write }) => write !== undefined);
  if (!isPending && !isEnded && !options.check) {
    if (first === undefined) sweep(files, options, tools, io);
    else await agree(results);
  }
  return results.map((result) => (result.write === undefined ? result : { ...result, outcome: 'left' }));
}

/** A run that was killed may have left something beside the files, and beside the configuration. */
function sweep(
  files: readonly string[],
  { first }: SyncFilesOptions,
  { configurations }: Tools,
  io: Io,
): void {
  const paths = [
    ...files.map((file) => io.absolute(file)),
    ...configurations.known.map(({ path }) => path),
    ...(first === undefined ? [] : [first.path]),
  ];
  for (const folder of new Set(paths.map((path) => dirname(path)))) io.removeAbandoned(folder);
}

async function plan(file: string, options: SyncFilesOptions, tools: Tools, io: Io): Promise<SyncResult> {
  const config = tools.configurations.for(io.absolute(file));
  // The journal of a renewal has the readers of its values: a rule for all files would open them to others.
  const rule = isJournal(io.absolute(file)) ? undefined : await ruleIfAny(io, config, io.absolute(file));
  if (rule === undefined) return { file, outcome: 'no-rule', warnings: [] };
  const source = await readSource(io, { ...options, file, name: file }, tools.configurations, 'update');
  const compared = await compare(source, rule, tools);
  const { wanted, changesKeys, settings, removed, added } = compared;
  if (!changesKeys && settings.length === 0) return { file, outcome: 'up-to-date', warnings: [] };
  const rotates = removed.length > 0;
  const planned = { added, removed, settings, rotates, names: options.names ?? recipientNames(config) };
  if (options.check) return { file, outcome: 'outdated', plan: planned, warnings: [] };
  const now = io.now();
  const { text, sides, warnings } = await syncText(source, {
    keyring: tools.keyring,
    wanted,
    changesKeys,
    rotates,
    selection: compared.selection === undefined ? undefined : { ...compared.selection, now },
    now,
    indent: indentFor(options, config, source.format.name),
  });
  return {
    file,
    outcome: 'synced',
    plan: { ...planned, sides },
    warnings,
    write: pendingWrite(io, file, text, source.text),
  };
}

type Rule = NonNullable<Awaited<ReturnType<typeof ruleIfAny>>>;

/** What a file has otherwise than its rule, and what it is to have. */
async function compare(source: Source, rule: Rule, { keyring }: Tools): Promise<Compared> {
  const encrypted = readEncrypted(source);
  const groups = await recipientsOf(rule.groups, keyring);
  const named = groups.flat().length > 0;
  // A rule that names nobody leaves that to whoever encrypts.
  const { groups: _, ...others } = rule;
  const { settings, unnamed, missing } = compareWithRule(encrypted, named ? { ...others, groups } : others);
  const threshold = groups.length > 1 ? neededOf(groups.length, rule.threshold) : undefined;
  const wanted = { groups, threshold };
  const isOther = settings.some(({ name }) => name !== 'shamir_threshold');
  return {
    wanted,
    changesKeys: named && planKeys(source, wanted).changed,
    settings,
    removed: unnamed,
    added: missing,
    selection: isOther
      ? { selector: ruledSelector(encrypted, rule), macOnlyEncrypted: rule.macOnlyEncrypted }
      : undefined,
  };
}

interface Compared extends Pick<SyncText, 'wanted' | 'changesKeys'> {
  readonly settings: readonly SettingDifference[];
  readonly removed: readonly RecipientName[];
  readonly added: readonly RecipientName[];
  readonly selection: Omit<NonNullable<SyncText['selection']>, 'now'> | undefined;
}
