import { recipientNames } from '../config/names.ts';
import type { Format } from '../core/splice/format.ts';
import type { Warning } from '../core/splice/warning.ts';
import type { Path } from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { isSameRecipient, nameOf } from '../keys/index.ts';
import type { ChangeOptions } from '../operations/change.ts';
import { readEncrypted, type Source } from '../operations/open.ts';
import {
  encryptRest,
  joinValues,
  originOf,
  refuseExposed,
  type SplitFile,
  splitOpen,
} from '../operations/split.ts';
import { ruleIfAny } from './configurations.ts';
import { encryptBytes } from './encrypt.ts';
import { chooseFormats } from './format-choice.ts';
import { reapplied } from './reapplied.ts';
import { rulingOn } from './ruling.ts';
import { type CommonOptions, indentFor, type Tools, toolsOf, wantedPath } from './settings.ts';
import { knownOf, readSource, type SealedSource, withFileInErrors } from './source.ts';

/** Options of `split`. */
export interface SplitOptions extends CommonOptions {
  readonly file: string;
  /** As in `a.b`. */
  readonly paths: readonly string[];
  /** The file that gets the values. */
  readonly to: string;
}

/** What `split` has done. */
export interface SplitResult {
  readonly moved: readonly Path[];
  /** Who can read the old file and not the new one, for people. */
  readonly known: readonly string[];
  readonly warnings: readonly Warning[];
}

/**
 * Move values to a file with other readers. That file is written and read back first, so that a run that ends at any
 * moment loses nothing; the same command again finishes it.
 *
 * @throws SottoError `set-invalid`, `value-exposed`, `options-conflict`, and those of reading, opening and encrypting
 */
export async function split(options: SplitOptions, io: Io): Promise<SplitResult> {
  const { file, to } = options;
  if (io.realPath(io.absolute(file)) === io.realPath(io.absolute(to)))
    throw new SottoError('options-conflict', 'the values would stay where they are', {
      hint: 'give --to the name of another file',
    });
  const tools = toolsOf(io, options);
  return reapplied(io, file, () => splitOnce(options, tools, io));
}

async function splitOnce(options: SplitOptions, tools: Tools, io: Io): Promise<SplitResult> {
  const { file, to } = options;
  const { source, parts, rest } = await withFileInErrors(file, async () => {
    const source = await readSource(io, { ...options, name: file }, tools.configurations, 'change');
    const settings = await settingsFor(file, source, options, tools, io);
    const parts = await splitOpen(
      source,
      options.paths.map((path) => wantedPath(path, options)),
      settings,
    );
    return { source, parts, rest: await encryptRest(parts, settings) };
  });
  const { text, target, warnings } = await withFileInErrors(to, async () => {
    const made = await targetText(parts, options, tools, io);
    await refuseExposed(parts, { text: made.text, format: parts.file.format });
    return made;
  });
  if (text !== target?.text) await io.write(io.absolute(to), text, { known: knownOrNew(to, target) });
  await withFileInErrors(to, () => requireWritten(to, text, options, tools, io));
  await io.write(io.absolute(file), rest.text, { known: knownOf(file, source) });
  const known = stillKnowing(source, await readTarget(to, options, tools, io), tools, file, io);
  const same = known.length === 0 ? [sameReaders(file, to)] : [];
  return {
    moved: parts.paths,
    known,
    warnings: [...source.warnings, ...warnings, ...rest.warnings, ...same],
  };
}

async function settingsFor(
  file: string,
  source: SealedSource,
  options: SplitOptions,
  tools: Tools,
  io: Io,
): Promise<ChangeOptions> {
  const { ruled } = await rulingOn(source, file, options, tools, io);
  const config = tools.configurations.for(io.absolute(file));
  return {
    keyring: tools.keyring,
    markup: options.markup,
    now: io.now(),
    ruled,
    indent: indentFor(options, config, source.format.name),
  };
}

/** The encrypted text of the file that gets the values. */
async function targetText(
  parts: SplitFile,
  options: SplitOptions,
  tools: Tools,
  io: Io,
): Promise<{ readonly text: string; readonly target?: Source; readonly warnings: readonly Warning[] }> {
  const { to } = options;
  if (io.exists(io.absolute(to))) {
    const target = await readTarget(to, options, tools, io);
    requireSameFormat(parts, target.format);
    const result = await joinValues(parts, target, await settingsFor(to, target, options, tools, io));
    return { text: result.text, target, warnings: [...target.warnings, ...result.warnings] };
  }
  const bytes = Buffer.from(parts.taken);
  const { inputType: _, outputType: __, ...others } = options;
  const rule = await ruleIfAny(io, tools.configurations.for(io.absolute(to)), io.absolute(to));
  requireSameFormat(parts, (await chooseFormats(to, {}, { plain: bytes, rule })).input);
  const { content, warnings } = await encryptBytes(
    bytes,
    to,
    { ...others, file: to, origins: [originOf(parts)] },
    tools,
    io,
  );
  return { text: Buffer.from(content).toString(), warnings };
}

function readTarget(to: string, options: SplitOptions, tools: Tools, io: Io): Promise<SealedSource> {
  const { inputType: _, outputType: __, ...others } = options;
  return readSource(io, { ...others, file: to, name: to }, tools.configurations, 'change');
}

function requireSameFormat({ file: { format } }: SplitFile, wanted: Format): void {
  if (format.name === wanted.name) return;
  throw new SottoError(
    'output-unsupported',
    `values of ${format.name} can not go into a file of ${wanted.name}`,
    {
      hint: 'name a file of the same type, or use "sotto get" and "sotto set"',
    },
  );
}

function knownOrNew(to: string, target: Source | undefined) {
  return target === undefined ? { name: to, content: undefined } : knownOf(to, target);
}

/** What stands on the disk is what was made. */
async function requireWritten(
  to: string,
  text: string,
  options: SplitOptions,
  tools: Tools,
  io: Io,
): Promise<void> {
  const written = await readTarget(to, options, tools, io);
  if (written.text === text) return;
  throw new SottoError('output-unwritable', 'the file does not hold what was written', {
    hint: 'somebody else changed it; nothing was taken out of the other file, so run the command again',
  });
}

/** The one thing that it is done for did not come of it. */
function sameReaders(file: string, to: string): Warning {
  return {
    file: to,
    message: `whoever can read ${file} can read this file, too`,
    hint: `in .sops.yaml, give it a rule of its own above the one that holds for it now; then: sotto sync ${to}`,
  };
}

/** Whoever could read the values goes on knowing them: they stand in the history of the old file. */
function stillKnowing(
  source: Source,
  target: Source,
  { configurations }: Tools,
  file: string,
  io: Io,
): string[] {
  const names = recipientNames(configurations.for(io.absolute(file)));
  const [before, after] = [source, target].map((one) =>
    readEncrypted(one).metadata.groups.flat().map(nameOf),
  );
  return (before ?? [])
    .filter((one) => !(after ?? []).some((other) => isSameRecipient(one, other)))
    .map((one) => names.describe(one));
}
