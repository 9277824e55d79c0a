import type { Format } from '../core/splice/format.ts';
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import type { Keyring } from '../keys/keyring.ts';
import { conflictLine } from '../operations/conflict.ts';
import { contentOf } from '../operations/content.ts';
import { type EncryptOptions as EncryptSettings, encryptAs } from '../operations/encrypt.ts';
import { encryptOnto } from '../operations/encrypt-onto.ts';
import { encryptLong, isLongFile } from '../operations/long-file.ts';
import { openFile } from '../operations/open.ts';
import { refuseStrayTokens } from '../operations/stray-tokens.ts';
import type { TakenOver } from '../operations/take-over.ts';
import { ruleFor } from './configurations.ts';
import { chooseFormats, inDialect, inWrittenDialect } from './format-choice.ts';
import { checkOutput, deliver, type OutputOptions, summarized, type TextOutput } from './output.ts';
import { type Creation, type CreationOptions, creationOf } from './recipients.ts';
import { rulingOn } from './ruling.ts';
import { type CommonOptions, indentFor, requireKeys, type Tools, toolsOf } from './settings.ts';
import { readBytes, readSource, withFileInErrors } from './source.ts';

/** Options of `encrypt`. */
export interface EncryptOptions extends CommonOptions, OutputOptions, CreationOptions {
  /** `undefined` is stdin. */
  readonly file: string | undefined;
  readonly filenameOverride?: string | undefined;
  /** The encrypted version that keeps its key, recipients and unchanged values. */
  readonly onto?: string | undefined;
}

/** Encrypt a file. */
export async function encrypt(options: EncryptOptions, io: Io): Promise<TextOutput> {
  const { file, filenameOverride } = options;
  checkOutput(options, options.onto ?? file);
  const name = filenameOverride ?? file;
  return withFileInErrors(file, async () =>
    options.onto === undefined ? encryptNew(options, name, io) : encryptOver(options, options.onto, io),
  );
}

async function encryptNew(options: EncryptOptions, name: string | undefined, io: Io): Promise<TextOutput> {
  const { file } = options;
  if (name === undefined) {
    throw new SottoError('options-conflict', 'what comes from stdin has no name', {
      inSops: 'Error: must specify --filename-override when reading from stdin',
      hint: 'to encrypt a file, name it: sotto encrypt -i secrets.yaml; what comes from stdin needs a name for its type and creation rule: --filename-override secrets.yaml',
    });
  }
  if (options.inPlace === true) requireOnlyName(io, file ?? name);
  const bytes = await readBytes(io, file);
  if (bytes.length === 0 && file !== undefined && isForStdout(options)) options.warn?.(emptied(file));
  const tools = toolsOf(io, options);
  const { content, warnings, summary } = await encryptBytes(
    bytes,
    name,
    { ...options, replaces: options.inPlace === true },
    tools,
    io,
  );
  return { ...(await deliver(io, content, options, { file, content: bytes }, warnings)), summary };
}

function isForStdout({ inPlace, output, likeSops }: EncryptOptions): boolean {
  return inPlace !== true && output === undefined && likeSops !== true;
}

/** A shell empties what it writes to before anything runs. */
function emptied(file: string): Warning {
  return {
    message: `${file} is empty`,
    hint: `if it was not before: "> ${file}" empties it before it is read, "sotto encrypt -i ${file}" does not; restore it and use that`,
  };
}

/** How the bytes of a file are encrypted. */
export interface BytesOptions extends CommonOptions, CreationOptions, Pick<EncryptSettings, 'origins'> {
  /** It takes the place of a file that may be encrypted in HEAD. */
  readonly replaces?: boolean;
  /** What is read; `undefined` is stdin. */
  readonly file: string | undefined;
}

/** Encrypt the bytes of a file that is not encrypted yet. @param name decides on the type and the rule */
export async function encryptBytes(
  bytes: Uint8Array,
  name: string,
  options: BytesOptions,
  { keyring, configurations }: Tools,
  io: Io,
): Promise<ContentResult> {
  const path = io.absolute(name);
  const config = configurations.for(path);
  const rule = await ruleFor(io, config, path);
  const choice = await chooseFormats(name, options, { plain: bytes, rule });
  const ruled = inDialect(choice.input, rule, config);
  const written = await readable(bytes, async () => inWrittenDialect(ruled, bytes, rule, options, name));
  const input = written.format;
  const output = choice.output === choice.input ? input : inDialect(choice.output, rule, config);
  const creation = await creationOf(options, rule, { format: input, keyring, config });
  requireKeys(options);
  const said: Warning[] = [];
  const result = await readable(bytes, async () => {
    const isLong = isLongFile(bytes, input, output);
    // Of a file that is one value, its start tells.
    const content = contentOf(isLong ? bytes.subarray(0, START) : bytes, input, output);
    if (options.likeSops !== true) refuseStrayTokens(content, input);
    const before =
      options.replaces === true && creation.isDated === true && !isLong
        ? await takenFromHead(path, { input, output, creation, keyring }, io)
        : NOTHING_TAKEN;
    said.push(...before.warnings);
    const settings = {
      ...creation,
      ...before.taken,
      origins: options.origins,
      indent: indentFor(options, config, output.name),
      allowNothing: options.allowNothing === true || options.likeSops === true,
      now: io.now(),
      audit: { auditor: keyring.auditor, path: options.file && io.absolute(options.file) },
    };
    if (isLong) return encryptLong(bytes, output, settings, io.releaseMemory);
    const { text, warnings } = await encryptAs(content, output, settings);
    return { content: text, warnings };
  });
  const { content } = result;
  return {
    content,
    summary: typeof content === 'string' ? summarized({ text: content, format: output }, config) : undefined,
    warnings: [...choice.warnings, ...written.warnings, ...creation.warnings, ...said, ...result.warnings],
  };
}

const NOTHING_TAKEN: { readonly taken: TakenOver; readonly warnings: readonly Warning[] } = {
  taken: {},
  warnings: [],
};

/** What a file has from its version in HEAD; nothing where nobody here can open that. */
async function takenFromHead(
  path: string,
  {
    input,
    output,
    creation,
    keyring,
  }: { input: Format; output: Format; creation: Creation; keyring: Keyring },
  io: Io,
): Promise<typeof NOTHING_TAKEN> {
  const { committedVersion } = await import('./committed-version.ts');
  const source = await committedVersion(io, path, output);
  if (source === undefined) return NOTHING_TAKEN;
  const { takenOver } = await import('../operations/take-over.ts');
  try {
    const before = await openFile(source, keyring);
    return { taken: await takenOver(before, creation, before.format === input), warnings: [] };
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const message = `the version in HEAD does not open, so nobody can tell which values are new: ${error.message}`;
    return {
      taken: { isBlind: true },
      warnings: [
        {
          message,
          hint: 'they count as old as the file; whoever has a key can encrypt it and keep their dates',
        },
      ],
    };
  }
}

/** Bytes of a file that show whether it is a token. */
const START = 1024;

/** An encrypted file, and what there is to say about it. */
export interface ContentResult extends Pick<TextOutput, 'summary'> {
  readonly content: string | Uint8Array;
  readonly warnings: readonly Warning[];
}

/** A file is written anew under one name. @throws SottoError `output-unwritable` */
export function requireOnlyName(io: Io, file: string): void {
  const others = io.nameCount(io.absolute(file)) - 1;
  if (others < 1) return;
  const [names, links, it] = others === 1 ? ['name', 'a hard link', 'it'] : ['names', 'hard links', 'them'];
  const message = `${file} has ${others} other ${names} (${links}), where its text would stay in clear`;
  throw new SottoError('output-unwritable', message, {
    file,
    hint: `remove the other ${names} (find ${it}: find . -samefile ${file}), or encrypt to another file with --output`,
  });
}

/** In sops's words, and with what to do where the reader has nothing better to say. */
async function readable<Result>(plain: Uint8Array, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SottoError) || error.code !== 'input-invalid') throw error;
    const text = Buffer.from(plain).toString();
    const line = conflictLine(text);
    const {
      hint = isTemplate(text, error.details.line) ? TEMPLATE_HINT : 'mend it there; nothing was written',
    } = line === undefined ? error.details : { hint: `git left a conflict in line ${line}; solve it first` };
    const inSops = `Error unmarshalling file: ${error.inSops}`;
    throw error.with({ hint, inSops });
  }
}

const TEMPLATE_HINT =
  'put what is in {{ }} into quotes: a template is no YAML until it is filled in; of a Helm chart, encrypt the values and not the templates';

function isTemplate(text: string, line: number | undefined): boolean {
  return line !== undefined && (text.split('\n')[line - 1] ?? '').includes('{{');
}

async function encryptOver(options: EncryptOptions, onto: string, io: Io): Promise<TextOutput> {
  const { file } = options;
  const plain = await readBytes(io, file);
  const tools = toolsOf(io, options);
  const { keyring, configurations } = tools;
  const source = await readSource(io, { ...options, file: onto, name: onto }, configurations, 'change');
  const config = configurations.for(io.absolute(onto));
  const { ruled } = await rulingOn(source, onto, options, tools, io);
  const result = await readable(plain, async () => {
    if (options.likeSops !== true)
      refuseStrayTokens(contentOf(plain, source.format, source.format), source.format);
    return encryptOnto(source, plain, {
      keyring,
      ignoreMac: options.ignoreMac,
      clear: options.clear === true || options.likeSops === true,
      keepsMac: options.likeSops !== true,
      now: io.now(),
      ruled,
      indent: indentFor(options, config, source.format.name),
    });
  });
  const { warnings } = result;
  if (options.inPlace === true && !result.changed) return { changed: false, warnings };
  const delivered = await deliver(io, result.text, options, { file: onto, content: source.text }, warnings);
  return { ...delivered, summary: summarized({ text: result.text, format: source.format }, config) };
}
