import { basename, dirname, extname, join } from 'node:path';
import type { Decryption } from '../core/decryption.ts';
import { applyEdits } from '../core/edit.ts';
import { sealedFormat } from '../core/format.ts';
import { hasMetadata, METADATA_KEY } from '../core/leaf.ts';
import { metadataTree } from '../core/metadata.ts';
import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import type { Io, PrivateFolder } from '../io/io.ts';
import {
  type ChangeOptions,
  encryptOpenAs,
  encryptOpenOnto,
  isWhole,
  replaceWhole,
} from '../operations/change.ts';
import { contentOf, decodeUtf8, openRoots } from '../operations/content.ts';
import { encryptAs, type TextResult } from '../operations/encrypt.ts';
import { decryptOpen, type OpenFile, openFile, type Source } from '../operations/open.ts';
import { findEditor } from './editor.ts';
import { exampleOf } from './example.ts';
import type { TextOutput } from './output.ts';
import { type CreationOptions, creationOf } from './recipients.ts';
import { type CommonOptions, indentFor, keyringOf, loadSettings, ruleFor } from './settings.ts';
import { about, decodeText, formatOf, formatWarnings, readSource } from './source.ts';

/** Options of `edit`. */
export interface EditOptions extends CommonOptions, CreationOptions {
  readonly file: string;
  readonly showMetadata?: boolean | undefined;
  /** Something is wrong with the edited text: say so, and ask whether to go on. False ends it. */
  readonly tryAgain: (problem: SottoError) => Promise<boolean>;
}

/** Makes the encrypted file of what was edited. */
type Encryptor = (plain: Uint8Array) => Promise<TextResult>;

/** Edit an encrypted file in an editor, or start a new one. */
export async function edit(options: EditOptions, io: Io): Promise<TextOutput> {
  const { file } = options;
  const path = io.absolute(file);
  return about(file, async () =>
    io.exists(path) ? editExisting(options, path, io) : editNew(options, path, io),
  );
}

async function editExisting(options: EditOptions, path: string, io: Io): Promise<TextOutput> {
  const { file, ignoreMac = false } = options;
  const source = await readSource(io, { file, name: file, inputType: options.inputType }, 'change');
  const output = await formatOf(file, options.outputType ?? options.inputType, source.text);
  const open = await openFile(source, keyringOf(io, options));
  const settings = loadSettings(io, options, path);
  const indent = indentFor(options, settings, output.name);
  const { shown, encryptor, warnings } = isWhole(open)
    ? editWhole(open, { ...indent, ignoreMac, now: io.now() })
    : editText(open, options, { ...indent, now: io.now() });
  const converted: Encryptor = async (plain) =>
    output.name === source.format.name
      ? encryptor(plain)
      : encryptOpenAs(open, plain, output, { ...indent, now: io.now() });
  const { text } = await runEditor(options, shown, converted, io);
  refuseIfChanged(options.file, path, source, text, io);
  io.write(path, Buffer.from(text));
  return { written: file, changed: true, warnings: [...settings.warnings, ...warnings] };
}

/** What the editor shows, and what becomes of it. */
interface Editing {
  readonly shown: Uint8Array;
  readonly encryptor: Encryptor;
  readonly warnings: readonly Warning[];
}

function editWhole(open: OpenFile, settings: Omit<ChangeOptions, 'keyring'>): Editing {
  const { content, warnings } = openRoots(open, settings.ignoreMac);
  const [root] = content.roots;
  const shown = root === undefined ? undefined : open.format.whole?.print(root);
  return {
    shown: shown ?? new Uint8Array(),
    encryptor: async (plain) => replaceWhole(open, plain, settings),
    warnings,
  };
}

function editText(
  open: OpenFile,
  { ignoreMac, showMetadata }: EditOptions,
  settings: { readonly now: Date; readonly indent?: number },
): Editing {
  const decryption = decryptOpen(open, ignoreMac === true);
  const shown = showMetadata === true ? withMetadata(open, decryption) : decryption.text;
  const encryptor: Encryptor = async (plain) => {
    const text = decodeUtf8(plain);
    const own = showMetadata === true ? withoutMetadata(open, text) : text;
    return encryptOpenOnto(open, decryption, own, settings);
  };
  return { shown: Buffer.from(shown), encryptor, warnings: decryption.warnings };
}

async function editNew(options: EditOptions, path: string, io: Io): Promise<TextOutput> {
  const { file } = options;
  const format = await formatOf(file, options.inputType);
  const output = await formatOf(file, options.outputType ?? options.inputType);
  const settings = loadSettings(io, options, path);
  const { warnings, ...creation } = creationOf(options, await ruleFor(io, settings, path), {
    format,
    keyring: keyringOf(io, options),
    config: settings.config,
  });
  const indent = indentFor(options, settings, output.name);
  const encryptor: Encryptor = async (plain) => {
    const content = contentOf(plain, format, output);
    return encryptAs(content, output, { ...creation, ...indent, now: io.now() });
  };
  const result = await runEditor(options, exampleOf(format), encryptor, io);
  io.write(path, Buffer.from(result.text), { mode: 0o644 });
  const own = formatWarnings(output, options.outputType ?? options.inputType);
  return {
    written: file,
    changed: true,
    warnings: [...settings.warnings, ...own, ...warnings, ...result.warnings],
  };
}

/** Let the editor run until its text can be encrypted. */
async function runEditor(
  options: EditOptions,
  shown: Uint8Array,
  encryptor: Encryptor,
  io: Io,
): Promise<TextResult> {
  const editor = findEditor(io);
  const folder = io.makePrivateFolder();
  try {
    const path = join(folder.path, basename(options.file));
    io.create(path, shown, 0o600);
    for (;;) {
      const edited = await runOnce(editor, folder, path, io);
      if (Buffer.compare(edited, shown) === 0)
        throw new SottoError('file-unchanged', 'File has not changed, exiting.');
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

async function runOnce(
  editor: readonly string[],
  _folder: PrivateFolder,
  path: string,
  io: Io,
): Promise<Uint8Array> {
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
  return io.read(path);
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
