import { basename, dirname, extname, join } from 'node:path';
import { sealedFormat } from '../core/splice/format.ts';
import { bodyOf, withMetadataText } from '../core/splice/metadata-edits.ts';
import type { Warning } from '../core/splice/warning.ts';
import { messageOf, SottoError } from '../errors.ts';
import { ChangedMeanwhile } from '../io/atomic-write.ts';
import type { Io, Known } from '../io/io.ts';
import { isBinaryFile, replaceBytes } from '../operations/binary-file.ts';
import type { ChangeOptions } from '../operations/change.ts';
import { contentOf, decodeUtf8, openRoots } from '../operations/content.ts';
import {
  type EncryptOptions,
  encryptAs,
  makeKey,
  type TextResult,
  type WrappedKey,
} from '../operations/encrypt.ts';
import { encryptOpenOnto } from '../operations/encrypt-onto.ts';
import { decryptOpen, type OpenFile, openFile } from '../operations/open.ts';
import { ruleFor } from './configurations.ts';
import { adviceOnUnchanged, type Editor, findEditor } from './editor.ts';
import { exampleOf } from './example.ts';
import { chooseFormats, inDialect, inWrittenDialect } from './format-choice.ts';
import { summarized, type TextOutput } from './output.ts';
import { type CreationOptions, creationOf } from './recipients.ts';
import { rulingOn } from './ruling.ts';
import { type CommonOptions, indentFor, requireKeys, toolsOf } from './settings.ts';
import { knownOf, readSource, withFileInErrors } from './source.ts';

/** Options of `edit`. */
export interface EditOptions extends CommonOptions, CreationOptions {
  readonly file: string;
  readonly showMetadata?: boolean | undefined;
  /** Something is wrong with the edited text: say so, and ask whether to go on. False ends it. */
  readonly tryAgain: (problem: SottoError) => Promise<boolean>;
}

/** What running an editor takes. */
export type EditorRun = Pick<EditOptions, 'file' | 'tryAgain' | 'likeSops' | 'warn'>;

/** Makes the encrypted file of what was edited. */
type Encryptor = (plain: Uint8Array) => Promise<TextResult>;

/** Writes it. @returns what to say when it went beside the file @throws SottoError `output-unwritable` */
type Writer = (text: string) => Promise<SottoError | undefined>;

/** Edit an encrypted file in an editor, or start a new one. */
export async function edit(options: EditOptions, io: Io): Promise<TextOutput> {
  const { file } = options;
  const path = io.absolute(file);
  return withFileInErrors(file, async () =>
    io.exists(path) ? editExisting(options, path, io) : editNew(options, path, io),
  );
}

async function editExisting(options: EditOptions, path: string, io: Io): Promise<TextOutput> {
  const { file, ignoreMac = false } = options;
  const tools = toolsOf(io, options);
  const { keyring, configurations } = tools;
  const source = await readSource(io, { ...options, name: file }, configurations, 'change');
  const { output } = source;
  const { ruled } = await rulingOn(source, file, options, tools, io);
  const open = await openFile(source, keyring);
  const config = configurations.for(path);
  const settings = {
    now: io.now(),
    output,
    clear: options.clear === true || options.likeSops === true,
    keepsMac: options.likeSops !== true,
    ruled,
    indent: indentFor(options, config, output.name),
  };
  const editing = isBinaryFile(open)
    ? await editWhole(open, { ...settings, ignoreMac })
    : await editText(open, options, settings);
  const write = writer(io, knownOf(file, source));
  const { text, warnings } = await runEditor(options, editing, write, io);
  return {
    written: file,
    changed: true,
    warnings: [...source.warnings, ...editing.warnings, ...warnings],
    summary: summarized({ text, format: output }, config),
  };
}

/** What the editor shows, and what becomes of it. */
interface Editing {
  readonly shown: Uint8Array;
  /** The text counts also when it comes back as it was shown. */
  readonly isAlwaysWritten: boolean;
  readonly encryptor: Encryptor;
  readonly warnings: readonly Warning[];
  /** What runs in the place of the user's editor, with more files in its private folder. */
  readonly editorIn?: ((folder: string) => Editor) | undefined;
}

type SealSettings = Omit<ChangeOptions, 'keyring'>;

async function editWhole(open: OpenFile, settings: SealSettings): Promise<Editing> {
  const { content, misfit, warnings } = await openRoots(open, settings.ignoreMac);
  const [root] = content.roots;
  const shown = root === undefined ? undefined : open.format.binary?.print(root);
  return {
    shown: shown ?? new Uint8Array(),
    isAlwaysWritten: misfit !== undefined,
    encryptor: async (plain) => replaceBytes(open, plain, settings),
    warnings,
  };
}

async function editText(open: OpenFile, options: EditOptions, settings: SealSettings): Promise<Editing> {
  const { showMetadata } = options;
  const decryption = await decryptOpen(open, options);
  const { document, misfit } = decryption;
  const shown =
    showMetadata === true
      ? withMetadataText(document, open.metadata, { format: sealedFormat(document.format) })
      : decryption.text;
  const encryptor: Encryptor = async (plain) => {
    const text = decodeUtf8(plain);
    // What was changed in the metadata has no effect.
    const own = showMetadata === true ? bodyOf(open.format.read(text)) : text;
    return encryptOpenOnto(open, decryption, own, settings);
  };
  return {
    shown: Buffer.from(shown),
    isAlwaysWritten: misfit !== undefined,
    encryptor,
    warnings: [...(misfit === undefined ? [] : [misfit]), ...decryption.warnings],
  };
}

async function editNew(options: EditOptions, path: string, io: Io): Promise<TextOutput> {
  const { file } = options;
  const { keyring, configurations } = toolsOf(io, options);
  const config = configurations.for(path);
  const rule = await ruleFor(io, config, path);
  const choice = await chooseFormats(file, options, { plain: new Uint8Array(), rule });
  const format = inDialect(choice.input, rule, config);
  const output = inDialect(choice.output, rule, config);
  const { warnings, ...creation } = await creationOf(options, rule, { format, keyring, config });
  requireKeys(options);
  const indent = indentFor(options, config, output.name);
  // Before anything is typed: a key that can't be used is known then.
  const key = await keyFor(creation);
  const audit = { auditor: keyring.auditor, path };
  const encryptor: Encryptor = async (plain) => {
    const written = inWrittenDialect(format, plain, rule, options, file);
    const target = output === format ? written.format : output;
    const content = contentOf(plain, written.format, target);
    const settings = { ...creation, indent, key, allowNothing: true, now: io.now(), audit };
    const result = await encryptAs(content, target, settings);
    return { ...result, warnings: [...written.warnings, ...result.warnings] };
  };
  const write = writer(io, { name: file, content: undefined });
  const editing = { shown: exampleOf(format), isAlwaysWritten: false, encryptor };
  const result = await runEditor(options, editing, write, io);
  return {
    written: file,
    changed: true,
    warnings: [...choice.warnings, ...warnings, ...result.warnings],
    summary: summarized({ text: result.text, format: output }, config),
  };
}

/** sops ends so here alone when a key of a new file can't be used (`edit.go`, CouldNotRetrieveKey). */
const NO_KEY = 128;

async function keyFor(creation: Pick<EncryptOptions, 'groups' | 'threshold'>): Promise<WrappedKey> {
  try {
    return await makeKey(creation);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const inSops = error.inSops.replace(
      /^Could not generate data key:/,
      'Error encrypting the data key with one or more master keys:',
    );
    throw error.with({ exit: NO_KEY, inSops });
  }
}

/** Let the editor run until its text is encrypted and written: what was typed goes with the folder. */
export async function runEditor(
  options: EditorRun,
  { shown, isAlwaysWritten, encryptor, editorIn }: Omit<Editing, 'warnings'>,
  write: Writer,
  io: Io,
): Promise<TextResult> {
  const folder = io.makePrivateFolder();
  let beside: SottoError | undefined;
  try {
    const editor = editorIn?.(folder.path) ?? findEditor(io, options);
    const path = join(folder.path, basename(options.file));
    io.create(path, shown, 0o600);
    for (;;) {
      const started = io.now().getTime();
      await runOnce(editor, path, io);
      const took = io.now().getTime() - started;
      try {
        const edited = readEdited(path, options.file, io);
        if (!isAlwaysWritten && Buffer.compare(edited, shown) === 0)
          throw new SottoError('file-unchanged', 'nothing was changed in the editor', {
            inSops: 'File has not changed, exiting.',
            hint: adviceOnUnchanged(editor, took, options.file),
          });
        const result = await encryptor(edited);
        beside = await write(result.text);
        if (beside === undefined) return result;
      } catch (error) {
        if (!(error instanceof SottoError) || !isMendable(error, path, io)) throw error;
        if (!(await options.tryAgain(error))) throw canceled(error);
      }
      if (beside !== undefined) throw beside;
    }
  } finally {
    folder.remove();
  }
}

/** What the user can put right in the editor, as long as the text is there. */
function isMendable({ code }: SottoError, path: string, io: Io): boolean {
  return code !== 'file-unchanged' && io.exists(path);
}

/** What is wrong was said already; its exit status stays. */
function canceled({ exit }: SottoError): SottoError {
  return new SottoError('canceled', 'canceled', {
    inSops: 'User canceled operation',
    exit,
    hint: 'nothing was written',
  });
}

async function runOnce({ words, kind, variable }: Editor, path: string, io: Io): Promise<void> {
  const failure = (reason: string): SottoError =>
    new SottoError('editor-failed', `the ${kind} failed: ${reason}`, {
      inSops: `Could not run editor: ${reason}`,
      hint: `check ${kind === 'editor' ? 'SOPS_EDITOR and EDITOR' : variable}; nothing was written`,
    });
  let result: Awaited<ReturnType<Io['runOnTerminal']>>;
  try {
    result = await io.runOnTerminal([...words, path]);
  } catch (error) {
    if (error instanceof SottoError) throw error;
    throw failure(`${words[0]}: ${messageOf(error)}`);
  }
  if (result.status !== 0)
    throw failure(result.signal === undefined ? `exit status ${result.status}` : `signal ${result.signal}`);
}

function readEdited(path: string, file: string, io: Io): Uint8Array {
  if (!io.exists(path)) {
    throw new SottoError('input-unreadable', `the editor removed its copy of ${file}`, {
      inSops: `Error reading file: the editor removed its copy of ${file}`,
      hint: `${file} is as it was; an editor has to leave the text under the name that it was given`,
    });
  }
  return io.read(path);
}

export function writer(io: Io, known: Known): Writer {
  return async (text) => {
    try {
      await io.write(io.absolute(known.name), text, { known });
      return undefined;
    } catch (error) {
      if (error instanceof ChangedMeanwhile) return keepBeside(io, known.name, text);
      throw error;
    }
  };
}

/** Someone else's change must not be lost, and the edited text neither: it goes beside the file, encrypted. */
async function keepBeside(io: Io, file: string, text: string): Promise<SottoError> {
  const suffix = extname(file);
  const stem = join(dirname(file), basename(file, suffix));
  let beside = `${stem}.edited${suffix}`;
  for (let number = 2; io.exists(io.absolute(beside)); number += 1)
    beside = `${stem}.edited-${number}${suffix}`;
  await io.write(io.absolute(beside), text);
  return new SottoError('output-unwritable', `${file} was changed while you edited it; it is left as it is`, {
    hint: `your version is in ${beside}, encrypted; compare the two with "sotto decrypt"`,
  });
}
