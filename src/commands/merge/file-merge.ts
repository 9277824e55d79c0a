import type { Config } from '../../config/config.ts';
import { hasLifecycle } from '../../config/lifecycle/opt-in.ts';
import { hasTokens } from '../../core/sops/token.ts';
import type { Format } from '../../core/splice/format.ts';
import { attempt, attemptAsync } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { isSameRecipient, type RecipientName } from '../../keys/index.ts';
import { decodeUtf8 } from '../../operations/content.ts';
import type { MergeInput } from '../../operations/merge/open-versions.ts';
import type { MergeOptions } from '../../operations/merge/options.ts';
import { ruleIfAny } from '../configurations.ts';
import { chooseFormats } from '../format-choice.ts';
import { type CommonOptions, indentFor, namesFor, type Tools } from '../settings.ts';

/** The bytes of three versions of a file. */
export interface Versions {
  readonly base: Uint8Array | undefined;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

/** What merging a file takes, keys and rules included. */
export interface FileMerge {
  readonly input: MergeInput;
  readonly options: MergeOptions;
  readonly format: Format;
}

/**
 * Read three versions of a file as texts of its format.
 *
 * @param path the file's, absolute: it decides on format, rule and names
 * @returns `undefined` if none of them is encrypted
 * @throws SottoError `input-invalid` for what is no text
 */
export async function fileMerge(
  versions: Versions,
  path: string,
  common: CommonOptions,
  { keyring, configurations }: Tools,
  io: Io,
): Promise<FileMerge | undefined> {
  const [base, ours, theirs] = [versions.base, versions.ours, versions.theirs].map((bytes) =>
    bytes === undefined || bytes.length === 0 ? undefined : decodeUtf8(bytes),
  );
  const sealed = [ours, theirs].find((text) => text !== undefined && hasTokens(text));
  if (sealed === undefined) return undefined;
  // One that can't be read, as it may have conflicts itself, names nobody.
  const config = attempt(() => configurations.for(path));
  const { input: format } = await chooseFormats(
    path,
    {},
    { sealed, rule: () => ruleIfAny(io, config, path) },
  );
  const isDated = (): boolean => common.likeSops !== true && hasLifecycle(config);
  const source = (text: string): MergeInput['ours'] => ({ text, format, path, origin: path, isDated });
  const wanted = await namedFor(config, path, io);
  return {
    format,
    input: {
      base: base === undefined ? undefined : source(base),
      ours: source(ours ?? ''),
      theirs: source(theirs ?? ''),
    },
    options: {
      keyring,
      names: await namesFor(configurations, path),
      now: io.now(),
      isNamed: (recipient) => wanted.some((one) => isSameRecipient(one, recipient)),
      indent: indentFor(common, config, format.name),
    },
  };
}

async function namedFor(config: Config | undefined, path: string, io: Io): Promise<readonly RecipientName[]> {
  return (await attemptAsync(async () => (await ruleIfAny(io, config, path))?.groups.flat() ?? [])) ?? [];
}
