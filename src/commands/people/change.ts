import { dirname, relative } from 'node:path';
import type { Config, CreationRule } from '../../config/config.ts';
import { ConfigText } from '../../config/config-text.ts';
import { attemptAsync, SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { isSameRecipient, nameOf, type RecipientName } from '../../keys/index.ts';
import type { Names } from '../../keys/names.ts';
import { decodeUtf8 } from '../../operations/content.ts';
import { readEncrypted } from '../../operations/open.ts';
import { type Progress, sealedFiles } from '../batch.ts';
import { ruleIfAny } from '../configurations.ts';
import { isJournal } from '../renew/journal.ts';
import type { CommonOptions, Tools } from '../settings.ts';
import { readSource } from '../source.ts';
import { type SyncResult, syncFiles } from '../sync.ts';

/** What adding and removing somebody have in common. */
export interface ChangeOptions extends CommonOptions {
  /** Go on with other files when one can't be opened. */
  readonly keepGoing: boolean;
  /** Asked once, when all texts are made and read back. */
  readonly confirm: (config: ConfigChange, plans: readonly SyncResult[]) => Promise<boolean>;
  readonly progress?: Progress | undefined;
}

/** How the configuration changes. */
export interface ConfigChange {
  /** From the working folder. */
  readonly file: string;
  /** What changes in it, for people. */
  readonly says: readonly string[];
  /** Files of hers or his that no rule speaks of, which stay as they are. */
  readonly unruled: readonly string[];
}

/** What came of it. */
export interface PeopleResult extends ConfigChange {
  readonly results: readonly SyncResult[];
  readonly isWritten: boolean;
  /** False where all is as it should be already, and nobody was asked. */
  readonly isNeeded: boolean;
  /** Where whoever did it signed that somebody is let in, from the working folder; `undefined` where nobody could. */
  readonly signed?: string | undefined;
}

/** A configuration that is about to be changed. */
export interface OpenedConfig {
  readonly config: Config;
  readonly text: ConfigText;
  readonly before: string;
}

/** The configuration of the working folder, with its text. @throws SottoError `config-missing`, `config-invalid` */
export function openConfig({ configurations }: Tools, io: Io): OpenedConfig {
  const config = configurations.for(undefined);
  if (config === undefined)
    throw new SottoError('config-missing', 'there is no .sops.yaml here, nor above', {
      hint: '"sotto init" makes one, with you in it',
    });
  const before = decodeUtf8(io.readSetting(config.path), config.path);
  return { config, before, text: new ConfigText(before, config.path) };
}

/**
 * Write a configuration that was changed, and make all files as it says that it concerns: those whose readers the rules
 * name otherwise than before, and those that somebody in question can read. All texts are made and read back before the
 * first is written; the configuration goes first, so that `sync` can finish what was interrupted.
 *
 * @param concerned recipients whose files are looked at in any case
 * @param names of recipients, for what is shown
 * @throws SottoError for a file that can't be opened or changed, unless that is to be passed over
 */
export async function applyChange(
  { config, text, before }: OpenedConfig,
  says: readonly string[],
  concerned: readonly RecipientName[],
  names: Names,
  options: ChangeOptions,
  tools: Tools,
  io: Io,
): Promise<PeopleResult> {
  const { configurations } = tools;
  const after = configurations.replace(config.path, text.text);
  const folder = dirname(config.path);
  const found = await sealedFiles([folder], options, tools, io);
  const files: string[] = [];
  const unruled: string[] = [];
  for (const path of found) {
    const file = relative(io.folder, path);
    const [was, is] = isJournal(path)
      ? []
      : [await ruleIfAny(io, config, path), await ruleIfAny(io, after, path)];
    const changes = is !== undefined && groupsIn(was) !== groupsIn(is);
    const reads = !changes && concerned.length > 0 && (await isReader(file, concerned, options, tools, io));
    if (reads && is === undefined) unruled.push(file);
    else if (reads || changes) files.push(file);
  }
  const change = { file: relative(io.folder, config.path), says, unruled };
  let isWritten = false;
  const results = await syncFiles(
    files,
    {
      ...options,
      check: false,
      names,
      first: { path: config.path, content: text.text, known: { name: change.file, content: before } },
      confirm: async (plans) => {
        isWritten = await options.confirm(change, plans);
        return isWritten;
      },
    },
    tools,
    io,
  );
  return { ...change, results, isWritten, isNeeded: true };
}

/** Whom rules name, to be compared; the files of a repository have few rules. */
const GROUPS = new WeakMap<CreationRule, string>();

function groupsIn(rule: CreationRule | undefined): string {
  if (rule === undefined) return '';
  const groups =
    GROUPS.get(rule) ?? JSON.stringify(rule.groups.map((group) => group.map(({ kind, id }) => [kind, id])));
  GROUPS.set(rule, groups);
  return groups;
}

async function isReader(
  file: string,
  concerned: readonly RecipientName[],
  options: CommonOptions,
  { configurations }: Tools,
  io: Io,
): Promise<boolean> {
  // That it can't be read is said when it is its turn.
  return (
    (await attemptAsync(async () => {
      const source = await readSource(io, { ...options, file, name: file }, configurations, 'update');
      const held = readEncrypted(source).metadata.groups.flat().map(nameOf);
      return held.some((one) => concerned.some((other) => isSameRecipient(other, one)));
    })) ?? true
  );
}
