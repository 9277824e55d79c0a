import { basename, dirname, extname, join } from 'node:path';
import type { Decryption } from '../core/decryption.ts';
import { applyEdits } from '../core/edit.ts';
import { metadataTree } from '../core/metadata.ts';
import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { encryptOpenOnto } from '../operations/change.ts';
import { convert } from '../operations/convert.ts';
import { encryptText } from '../operations/encrypt.ts';
import { decryptOpen, type OpenFile, openFile, type Source } from '../operations/open.ts';
import { findEditor } from './editor.ts';
import { exampleOf } from './example.ts';
import type { TextOutput } from './output.ts';
import { type CreationOptions, creationOf } from './recipients.ts';
import {
  type CommonOptions,
  Configurations,
  indentFor,
  keyringOf,
  requireLocalKeys,
  ruleFor,
} from './settings.ts';
import { about, decodeText, formatOf, readSource } from './source.ts';

/** Options of `edit`. */
export interface EditOptions extends CommonOptions, CreationOptions {
  readonly file: string;
  readonly showMetadata?: boolean | undefined;
  /** Something is wrong with the edited text: say so, and ask whether to go on. False ends it. */
  readonly tryAgain: (problem: SottoError) => Promise<boolean>;
}

/** Makes the encrypted file of an edited text. */
type Encryptor = (plain: string) => Promise<string>;

/** Edit an encrypted file in an editor, or start a new one. */
export async function edit(options: EditOptions, io: Io): Promise<TextOutput> {
  const { file } = options;
  const path = io.absolute(file);
  return about(file, async () =>
    io.exists(path) ? editExisting(options, path, io) : editNew(options, path, io),
  );
}

async function editExisting(options: EditOptions, path: string, io: Io): Promise<TextOutput> {
  const { file } = options;
  const source = await readSource(io, { file, name: file, inputType: options.inputType }, 'change');
  const open = await openFile(source, keyringOf(io, options));
  const decryption = decryptOpen(open, options.ignoreMac === true);
  const config = new Configurations(io, options).for(path);
  const output = formatOf(file, options.outputType);
  const indent = indentFor(options, config, output.name);
  const shown = options.showMetadata === true ? withMetadata(open, decryption) : decryption.text;
  const encryptor: Encryptor = async (plain) => {
    const own = options.showMetadata === true ? withoutMetadata(source, plain) : plain;
    return encryptOpenOnto(open, decryption, own, { now: io.now(), output, ...indent }).text;
  };
  const text = await editText(options, shown, encryptor, io);
  const isSame = io.exists(path) && decodeText(io.read(path), file) === source.text;
  if (!isSame) throw keepBeside(io, file, text);
  io.write(path, Buffer.from(text));
  return { written: file, changed: true, warnings: decryption.warnings };
}

async function editNew(options: EditOptions, path: string, io: Io): Promise<TextOutput> {
  const { file } = options;
  const format = formatOf(file, options.inputType);
  const output = formatOf(file, options.outputType);
  const config = new Configurations(io, options).for(path);
  const creation = creationOf(options, await ruleFor(io, config, path));
  requireLocalKeys(options);
  const indent = indentFor(options, config, output.name);
  const warnings: Warning[] = [];
  const encryptor: Encryptor = async (text) => {
    const source = convert({ text, format }, output, indent);
    const result = await encryptText(source, { ...creation, ...indent, now: io.now() });
    warnings.splice(0, warnings.length, ...result.warnings);
    return result.text;
  };
  const text = await editText(options, exampleOf(format), encryptor, io);
  if (io.exists(path)) throw keepBeside(io, file, text);
  io.write(path, Buffer.from(text));
  return { written: file, changed: true, warnings };
}

/** Let the editor run until its text can be encrypted. */
async function editText(options: EditOptions, text: string, encryptor: Encryptor, io: Io): Promise<string> {
  const editor = findEditor(io);
  const folder = io.makePrivateFolder();
  try {
    const path = join(folder.path, basename(options.file));
    io.create(path, Buffer.from(text), 0o600);
    for (;;) {
      await runEditor(editor, path, io);
      try {
        const edited = readEdited(path, options.file, io);
        if (edited === text) throw new SottoError('file-unchanged', 'File has not changed, exiting.');
        return await encryptor(edited);
      } catch (error) {
        if (!(error instanceof SottoError) || !isMendable(error, path, io)) throw error;
        if (!(await options.tryAgain(error))) throw canceled(error);
      }
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
  return new SottoError('canceled', 'User canceled operation', { exit, hint: 'nothing was written' });
}

async function runEditor(editor: readonly string[], path: string, io: Io): Promise<void> {
  const failure = (reason: string): SottoError =>
    new SottoError('editor-failed', `Could not run editor: ${reason}`, {
      hint: 'check SOPS_EDITOR and EDITOR; the file is as it was',
    });
  let result: Awaited<ReturnType<Io['runOnTerminal']>>;
  try {
    result = await io.runOnTerminal([...editor, path]);
  } catch (error) {
    if (error instanceof SottoError) throw error;
    throw failure(`${editor[0]}: ${error instanceof Error ? error.message : 'unknown reason'}`);
  }
  if (result.status !== 0)
    throw failure(result.signal === undefined ? `exit status ${result.status}` : `signal ${result.signal}`);
}

function readEdited(path: string, file: string, io: Io): string {
  if (!io.exists(path)) {
    throw new SottoError('input-unreadable', `Error reading file: the editor removed its copy of ${file}`, {
      hint: `${file} is as it was; an editor has to leave the text under the name that it was given`,
    });
  }
  return decodeText(io.read(path), undefined);
}

/** Someone else's change must not be lost, and the edited text neither: it goes beside the file, encrypted. */
function keepBeside(io: Io, file: string, text: string): SottoError {
  const suffix = extname(file);
  const stem = join(dirname(file), basename(file, suffix));
  let beside = `${stem}.edited${suffix}`;
  for (let number = 2; io.exists(io.absolute(beside)); number += 1)
    beside = `${stem}.edited-${number}${suffix}`;
  io.write(io.absolute(beside), Buffer.from(text));
  return new SottoError('output-unwritable', `${file} was changed while you edited it; it is left as it is`, {
    hint: `your version is in ${beside}, encrypted; compare the two with "sotto decrypt"`,
  });
}

function withMetadata({ document, metadata }: OpenFile, { document: plain }: Decryption): string {
  const node = metadataTree(metadata);
  const edits = plain.roots.flatMap((_, number) =>
    document.format.change(plain, { op: 'set', document: number, path: ['sops'], node, metadata: true }),
  );
  return applyEdits(plain.text, edits);
}

/** What was changed in the metadata has no effect. */
function withoutMetadata({ format }: Source, text: string): string {
  const document = format.read(text);
  const edits = document.roots.flatMap((_, number) =>
    format.change(document, { op: 'remove', document: number, path: ['sops'] }),
  );
  return applyEdits(text, edits);
}
