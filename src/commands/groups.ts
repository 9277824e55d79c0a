import type { NamedRecipient } from '../config/config.ts';
import type { Io } from '../io/io.ts';
import type { Keyring } from '../keys/keyring.ts';
import { addGroup, deleteGroup, type GroupOptions, type GroupsResult } from '../operations/groups.ts';
import type { Source } from '../operations/open.ts';
import { deliver, type TextOutput } from './output.ts';
import { recipientsOf } from './recipients.ts';
import { type CommonOptions, Configurations, indentFor, keyringOf } from './settings.ts';
import { about, readSource } from './source.ts';

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
  return change(options, io, (source, settings) => {
    const [group = []] = recipientsOf([recipients], settings.keyring);
    return addGroup(source, group, settings);
  });
}

/** Delete a key group, counted from 0, from an encrypted file. */
export async function deleteKeyGroup(index: number, options: GroupsOptions, io: Io): Promise<GroupsOutput> {
  return change(options, io, (source, settings) => deleteGroup(source, index, settings));
}

async function change(
  options: GroupsOptions,
  io: Io,
  make: (source: Source, settings: GroupOptions & { keyring: Keyring }) => Promise<GroupsResult>,
): Promise<GroupsOutput> {
  const { file, threshold = 0 } = options;
  return about(file, async () => {
    const keyring = keyringOf(io, options);
    const configurations = new Configurations(io, options);
    const source = await readSource(io, { ...options, name: file }, configurations, 'open');
    const config = configurations.for(io.absolute(file));
    const { text, groups, ...result } = await make(source, {
      keyring,
      ...(threshold === 0 ? {} : { threshold }),
      ...indentFor(options, config, source.format.name),
    });
    return {
      ...deliver(io, text, { inPlace: options.inPlace }, file, result.warnings),
      groups,
      threshold: result.threshold,
    };
  });
}
