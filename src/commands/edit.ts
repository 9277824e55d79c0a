import { basename, dirname, extname, join } from 'node:path';
import type { Decryption } from '../core/decryption.ts';
import { applyEdits } from '../core/edit.ts';
import { sealedFormat } from '../core/format.ts';
import { hasMetadata, METADATA_KEY } from '../core/leaf.ts';
import { metadataTree } from '../core/metadata.ts';
import { SottoError } from '../errors.ts';
import type { Io, PrivateFolder } from '../io/io.ts';
import { encryptOpenOnto } from '../operations/change.ts';
import { encryptText } from '../operations/encrypt.ts';
import { decryptOpen, type OpenFile, openFile, type Source } from '../operations/open.ts';
import { inDialect } from './dialect.ts';
import { findEditor } from './editor.ts';
import { exampleOf } from './example.ts';
import type { TextOutput } from './output.ts';
import { type CreationOptions, creationOf } from './recipients.ts';
import { type CommonOptions, indentFor, keyringOf, loadSettings, ruleFor } from './settings.ts';
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
  const settings = loadSettings(io, options, path);
  const indent = indentFor(options, settings, source.format.name);
  const shown = options.showMetadata === true ? withMetadata(open, decryption) : decryption.text;
  const encryptor: Encryptor = async (plain) => {
    const own = options.showMetadata === true ? withoutMetadata(open, plain) : plain;
    return encryptOpenOnto(open, decryption, own, { now: io.now(), ...indent }).text;
  };
  const text = await editText(options, shown, encryptor, io);
  refuseIfChanged(options.file, path, source, text, io);
  io.write(path, Buffer.from(text));
  return { written: file, changed: true, warnings: [...settings.warnings, ...decryption.warnings] };
}

async function editNew(options: EditOptions, path: string, io: Io): Promise<TextOutput> {
  const { file } = options;
  const settings = loadSettings(io, options, path);
  const rule = await ruleFor(io, settings, path);
  const format = inDialect(formatOf(file, options.inputType), rule, settings);
  const creation = creationOf(options, rule);
  const indent = indentFor(options, settings, format.name);
  const encryptor: Encryptor = async (text) => {
    return (await encryptText({ text, format }, { ...creation, ...indent, now: io.now() })).text;
  };
  const text = await editText(options, exampleOf(format), encryptor, io);
  io.write(path, Buffer.from(text), { mode: 0o644 });
  return { written: file, changed: true, warnings: settings.warnings };
}

/** Let the editor run until its text can be encrypted. */
async function editText(options: EditOptions, text: string, encryptor: Encryptor, io: Io): Promise<string> {
  const editor = findEditor(io);
  const folder = io.makePrivateFolder();
  try {
    const path = join(folder.path, basename(options.file));
    io.create(path, Buffer.from(text), 0o600);
    for (;;) {
      const edited = await runEditor(editor, folder, path, io);
      if (edited === text) throw new SottoError('file-unchanged', 'File has not changed, exiting.');
      try {
        return await encryptor(edited);
      } catch (error) {
        if (!(error instanceof SottoError) || !(await options.tryAgain(error))) throw error;
      }
    }
  } finally {
    folder.remove();
  }
}

async function runEditor(
  editor: readonly string[],
  _folder: PrivateFolder,
  path: string,
  io: Io,
): Promise<string> {
  const failure = (reason: string): SottoError =>
    new SottoError('editor-failed', `Could not run editor: ${reason}`, {
      hint: 'check SOPS_EDITOR and EDITOR; the file is as it was',
    });
  let result: Awaited<ReturnType<Io['runOnTerminal']>>;
  try {
    result = await io.runOnTerminal([...editor, path]);
  } catch (error) {
    if (error instanceof SottoError) throw error;
    throw failure(error instanceof Error ? error.message : 'unknown reason');
  }
  if (result.status !== 0)
    throw failure(result.signal === undefined ? `exit status ${result.status}` : `signal ${result.signal}`);
  return decodeText(io.read(path), path);
}

/** Someone else's change must not be lost, and the edited text neither. */
function refuseIfChanged(file: string, path: string, source: Source, text: string, io: Io): void {
  if (io.exists(path) && decodeText(io.read(path), file) === source.text) return;
  const suffix = extname(path);
  const beside = join(dirname(path), `${basename(path, suffix)}.edited${suffix}`);
  io.write(beside, Buffer.from(text));
  throw new SottoError('output-unwritable', `${file} was changed while you edited it; it is left as it is`, {
    hint: `your version is in ${beside}, encrypted; compare the two with "sotto decrypt"`,
  });
}

function withMetadata({ metadata }: OpenFile, { document: plain }: Decryption): string {
  const node = metadataTree(metadata);
  const edits = plain.roots.flatMap((_, number) =>
    sealedFormat(plain.format).change(plain, {
      op: 'set',
      document: number,
      path: [METADATA_KEY],
      node,
      metadata: true,
    }),
  );
  return applyEdits(plain.text, edits);
}

/** What was changed in the metadata has no effect. */
function withoutMetadata({ format }: OpenFile, text: string): string {
  const document = format.read(text);
  const edits = document.roots.flatMap((root, number) =>
    hasMetadata(root)
      ? format.change(document, { op: 'remove', document: number, path: [METADATA_KEY] })
      : [],
  );
  return applyEdits(text, edits);
}
