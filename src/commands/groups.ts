import type { NamedRecipient } from '../config/config.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { nameOf, type RecipientName } from '../keys/index.ts';
import { addGroup, deleteGroup, type GroupOptions, type GroupsResult } from '../operations/groups.ts';
import { readEncrypted, type Source } from '../operations/open.ts';
import { deliver, type TextOutput } from './output.ts';
import { recipientsOf } from './recipients.ts';
import { rulingOn } from './ruling.ts';
import { type CommonOptions, indentFor, toolsOf } from './settings.ts';
import { readSource, withFileInErrors } from './source.ts';

/** Options of `groups add` and `groups delete`. */
export interface GroupsOptions extends CommonOptions {
  readonly file: string;
  readonly inPlace: boolean;
  /** How many groups are needed to open the file. */
  readonly threshold?: number | undefined;
}

/** What came of a file. */
export interface GroupsOutput extends TextOutput {
  /** The recipients' texts, group by group. */
  readonly groups: readonly (readonly string[])[];
  /** How many groups open the file. */
  readonly threshold: number;
}

/** Add a key group of some recipients to an encrypted file. */
export async function addKeyGroup(
  recipients: readonly NamedRecipient[],
  options: GroupsOptions,
  io: Io,
): Promise<GroupsOutput> {
  return change(options, io, async (source, settings) => {
    const [group = []] = await recipientsOf([recipients], settings.keyring);
    if (group.length === 0 && options.likeSops !== true)
      throw new SottoError('no-recipients', 'the new key group would have no recipient', {
        hint: 'name who is in it: sotto groups add -i -f FILE --age RECIPIENT',
      });
    return {
      byUser: group,
      after: (groups) => [...groups, group],
      make: () => addGroup(source, group, settings),
    };
  });
}

/** Delete a key group, counted from 0, from an encrypted file. */
export async function deleteKeyGroup(index: number, options: GroupsOptions, io: Io): Promise<GroupsOutput> {
  return change(options, io, async (source, settings) => ({
    byUser: [],
    after: (groups) => groups.filter((_, number) => number !== index),
    make: () => deleteGroup(source, index, settings),
  }));
}

/** A change of groups that is about to be made. */
interface GroupsChange {
  /** Recipients whom flags name. */
  readonly byUser: readonly RecipientName[];
  /** Who will be in which group. */
  after(groups: readonly (readonly RecipientName[])[]): readonly (readonly RecipientName[])[];
  make(): Promise<GroupsResult>;
}

async function change(
  options: GroupsOptions,
  io: Io,
  prepare: (source: Source, settings: GroupOptions) => Promise<GroupsChange>,
): Promise<GroupsOutput> {
  const { file, threshold } = options;
  return withFileInErrors(file, async () => {
    const tools = toolsOf(io, options);
    const { keyring, configurations } = tools;
    const source = await readSource(io, { ...options, name: file }, configurations, 'open');
    const config = configurations.for(io.absolute(file));
    const { byUser, after, make } = await prepare(source, {
      keyring,
      threshold,
      indent: indentFor(options, config, source.format.name),
    });
    const held = readEncrypted(source).metadata.groups.map((entries) => entries.map(nameOf));
    const ruling = await rulingOn(source, file, options, tools, io);
    ruling.requireNamed(after(held), byUser);
    const { text, groups, ...result } = await make();
    const input = { file, content: source.text };
    const delivered = await deliver(io, text, { inPlace: options.inPlace }, input, result.warnings);
    return { ...delivered, groups, threshold: result.threshold };
  });
}
