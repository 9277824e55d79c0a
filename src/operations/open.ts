import type { Cipher } from '../core/sops/cipher.ts';
import { conventionsOf } from '../core/sops/conventions.ts';
import { loadCipher } from '../core/sops/load-cipher.ts';
import { DATA_KEY_LENGTH, type HeldOut, longOpener, wholeText } from '../core/sops/long-token.ts';
import { type Metadata, readMetadata, requireVersion } from '../core/sops/metadata.ts';
import { hasMetadata } from '../core/sops/metadata-key.ts';
import { compilePolicy, type Policy } from '../core/sops/policy.ts';
import { hasTokens } from '../core/sops/token.ts';
import { withoutMark } from '../core/splice/byte-order-mark.ts';
import { type DatedVersion, Dating } from '../core/splice/dating.ts';
import { type Decryption, decryptDocument } from '../core/splice/decryption.ts';
import { type Document, type Format, sealedFormat } from '../core/splice/format.ts';
import { isFramed } from '../core/splice/frame.ts';
import { collectLeaves } from '../core/splice/leaf-walk.ts';
import type { MarkupTrust } from '../core/splice/markup.ts';
import type { OpenedLeaves } from '../core/splice/opened-leaves.ts';
import { type OpenedValues, openDocument } from '../core/splice/opened-values.ts';
import type { Path } from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';
import type { Auditor } from '../keys/auditor.ts';
import { KINDS_IN_GROUPS } from '../keys/index.ts';
import type { Keyring, OpenedKey } from '../keys/keyring.ts';
import { recordOpening, recordRefusal } from './audit.ts';
import { conflictLine } from './conflict.ts';

/** A file as text, and how it is written. */
export interface Source {
  readonly text: string;
  readonly format: Format;
  /** Absolute path of the file whose rule holds for it, where there is one. */
  readonly path?: string | undefined;
  /** Absolute path of what was read, which can be another one; `undefined` for a stream. */
  readonly origin?: string | undefined;
  /** It stands in clear, though a creation rule wants it encrypted. */
  readonly inClear?: InClear;
  /** Whether it is noted when its values change. */
  readonly isDated?: () => boolean;
  /** Where the data of its one token is, if it does not stand in the text. */
  readonly held?: HeldOut;
}

/** What was read of a file: its bytes where the text is not all of it. */
export function bytesRead({ text, held }: Source): string | Uint8Array {
  return held === undefined ? text : held.bytes;
}

/** A file in clear that a creation rule wants encrypted. */
export interface InClear {
  /** As the user named it. */
  readonly file: string;
  /** `rule 2 of /x/.sops.yaml` */
  readonly rule: string;
}

/** What to do about a file in clear. */
export function adviceOn({ file, rule }: InClear): string {
  return `the file stands in clear, although ${rule} wants it encrypted; "sotto encrypt -i ${file}" does that`;
}

/** An encrypted file, read. */
export interface EncryptedFile {
  /** The encrypted text. */
  readonly document: Document;
  /** The plain text's format, in the dialect that the metadata names. */
  readonly format: Format;
  readonly metadata: Metadata;
}

/** An encrypted file whose data key is known. */
export interface OpenFile extends EncryptedFile {
  readonly key: OpenedKey;
  readonly cipher: Cipher;
  readonly policy: Policy;
  /** What was read of it. */
  readonly source: Source;
  /** Takes down that it is opened, and changed. */
  readonly auditor: Auditor | undefined;
}

/**
 * What notes when values of a file change that is open.
 *
 * @param opened what they say now @param origins other files from which values come
 */
export function datingOf(
  { source, metadata }: Pick<OpenFile, 'source' | 'metadata'>,
  opened: OpenedLeaves,
  origins: readonly DatedVersion[] = [],
): Dating | undefined {
  return source.isDated?.() === true ? new Dating([{ opened, metadata }, ...origins]) : undefined;
}

const read = new WeakMap<Source, EncryptedFile>();

/**
 * Read an encrypted file; once, however many ask what it says.
 *
 * @throws SottoError `input-invalid` (with sops's exit status 1 for encrypted files), `metadata-missing`, `metadata-invalid`
 */
export function readEncrypted(source: Source): EncryptedFile {
  const known = read.get(source);
  if (known !== undefined) return known;
  const file = readAnew(source);
  read.set(source, file);
  return file;
}

function readAnew(source: Source): EncryptedFile {
  const { format } = source;
  const { document, metadata } = readAny(source);
  if (metadata === undefined) {
    const [message, hint] = withoutMetadata(source, document);
    throw new SottoError('metadata-missing', message, { inSops: 'sops metadata not found', hint });
  }
  requireVersion(metadata, conventionsOf(format));
  const plain = dialectOf(format, metadata);
  return plain === format
    ? { document, format, metadata }
    : { document: readLeniently(source, plain), format: plain, metadata };
}

/** What a text without metadata is, and what to do about it. */
function withoutMetadata(
  { text, inClear }: Source,
  { roots }: Document,
): readonly [message: string, hint: string] {
  if (text.trim() === '')
    return [
      'the file is empty, which an encrypted one never is',
      'restore it from git ("sotto decrypt FILE > FILE" empties it before it is read)',
    ];
  if (roots.some(hasMetadata))
    return [
      'its first document is not encrypted, and a later one is',
      'two files were put into one; take them apart',
    ];
  if (inClear !== undefined) return ['the file is not encrypted', adviceOn(inClear)];
  return hasTokens(text)
    ? [
        'the file has encrypted values, but not the sops block that belongs to them',
        'restore it from git, block and all',
      ]
    : ['the file is not encrypted', ENCRYPTS];
}

/** A file that may be encrypted, read. */
interface AnyFile {
  readonly document: Document;
  /** `undefined` for one that is not. */
  readonly metadata: Metadata | undefined;
}

const readSoFar = new WeakMap<Source, AnyFile>();

/**
 * Read a file that may be encrypted; once, however many ask.
 *
 * @throws SottoError `input-invalid` (exit status 1), `metadata-invalid`
 */
export function readAny(source: Source): AnyFile {
  const known = readSoFar.get(source);
  if (known !== undefined) return known;
  const file = readAnyAnew(source);
  readSoFar.set(source, file);
  return file;
}

function readAnyAnew(source: Source): AnyFile {
  const { format } = source;
  const document = readLeniently(source, format);
  const [root] = document.roots;
  const metadata =
    root === undefined ? undefined : readMetadata(root, KINDS_IN_GROUPS, conventionsOf(format));
  return { document, metadata };
}

function dialectOf(format: Format, { sotto = {} }: Metadata): Format {
  const plain = format.dialect === undefined ? format : format.dialect(sotto);
  if (plain !== undefined) return plain;
  throw new SottoError('metadata-invalid', 'the file is in a dialect that is not known here', {
    hint: 'a newer version of sotto wrote it perhaps; sops can read it',
  });
}

function readLeniently({ text, inClear }: Source, format: Format): Document {
  const sealed = sealedFormat(format);
  try {
    return sealed.read(withoutMark(text, sealed));
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const hint =
      (inClear === undefined ? hintOn(text, format) : adviceOn(inClear)) ??
      error.details.hint ??
      'restore the file from git; a merge may have gone wrong here';
    const inSops = error.details.inSops ?? `Could not unmarshal input data: ${error.message}`;
    if (!hasTokens(text) && text !== '' && conflictLine(text) === undefined) {
      const advice = inClear === undefined ? `${ENCRYPTS}; --input-type names the type of one that is` : hint;
      throw new SottoError(error.code, 'the file is not encrypted', { exit: 1, hint: advice, inSops });
    }
    throw error.with({ exit: 1, hint, inSops });
  }
}

const ENCRYPTS = '"sotto encrypt -i FILE" encrypts it';

/** What the readers of formats can't know: the file is an encrypted one. */
function hintOn(text: string, format: Format): string | undefined {
  if (text === '') return 'an encrypted file is never empty; name it, or hand it over on stdin';
  const line = conflictLine(text);
  if (line === undefined)
    // A file of any other type is encrypted as JSON; what is something else was never encrypted.
    return format.binary !== undefined && !text.startsWith('{')
      ? '"sotto encrypt -i FILE" encrypts a file that is not encrypted; --input-type names the type of one that is'
      : undefined;
  return `git left a conflict in line ${line}; "sotto resolve FILE" settles it`;
}

/**
 * How an opened file is decrypted.
 *
 * @example
 * const options: OpenOptions = { markup: 'accept' };
 * (await decrypt(encrypted, { ...keys, ...options })).text; // 'password: hunter2\n'
 */
export interface OpenOptions {
  /** Go on when the MAC does not fit. */
  readonly ignoreMac?: boolean | undefined;
  /**
   * What to do where nobody vouches for how the file is written: `strict` refuses it, `accept` takes it as it is; unless
   * given it is printed as sops prints it.
   */
  readonly markup?: MarkupTrust | undefined;
  /** Indentation of what is printed. */
  readonly indent?: number | undefined;
}

/** Recovers data keys. */
export type KeyOpener = Pick<Keyring, 'open' | 'auditor'>;

/** Read an encrypted file and recover its data key; values are not decrypted yet. @throws SottoError `no-key-fits` */
export async function openFile(source: Source, keyring: KeyOpener): Promise<OpenFile> {
  const file = readEncrypted(source);
  const policy = await compilePolicy(file.metadata.selector);
  const key = await openKey(source, file.metadata, keyring);
  const cipher = await loadCipher(key.dataKey);
  const { held } = source;
  const opened = { key, cipher, policy, source, auditor: keyring.auditor };
  if (held === undefined) return inOwnDialect({ ...file, ...opened }, source);
  if (key.dataKey.length === DATA_KEY_LENGTH && isAllThere(file, policy, held))
    return { ...file, ...opened, cipher: longOpener(cipher, key.dataKey, held) };
  const whole = readEncrypted({ format: source.format, text: wholeText(held) });
  return { ...whole, ...opened };
}

/** The data key of a file that was read; that it does not open is taken down. @throws SottoError `no-key-fits` */
export async function openKey(source: Source, metadata: Metadata, keyring: KeyOpener): Promise<OpenedKey> {
  try {
    return await keyring.open(metadata, source.path);
  } catch (error) {
    await recordRefusal(keyring.auditor, source, error);
    throw error;
  }
}

/** Whether the token that is held out is all that the file encrypts: what it leaves in clear is taken as it stands. */
function isAllThere({ document }: EncryptedFile, policy: Policy, { token }: HeldOut): boolean {
  const [leaf, ...others] = collectLeaves(document, policy);
  return (
    leaf?.encrypted === true &&
    others.length === 0 &&
    leaf.node.kind === 'value' &&
    leaf.node.value.text === token
  );
}

/** A dialect that no frame vouches for could be anybody's word: the file is read as sops reads it. */
function inOwnDialect(file: OpenFile, source: Source): OpenFile {
  if (file.format.sottoFields === undefined || isFramed({ ...file, sotto: file.metadata.sotto ?? {} }))
    return file;
  const plain = source.format.dialect?.({}) ?? source.format;
  return { ...file, format: plain, document: readLeniently(source, plain) };
}

/**
 * The values of an opened file, checked; for what needs no plain text.
 *
 * @throws SottoError as {@link decryptOpen}
 */
export async function valuesOf(
  file: OpenFile,
  ignoreMac = false,
  about?: readonly Path[],
): Promise<OpenedValues> {
  return recordOpening(file, about, () => openDocument(file.document, { ...file, ignoreMac }));
}

/**
 * Decrypt an opened file. That it was opened is taken down before anything of it is handed out.
 *
 * @param about the values that it is about, where they are not all
 * @throws SottoError `value-undecryptable`, `mac-mismatch`, `markup-unvouched`, `audit-failed`
 */
export async function decryptOpen(
  file: OpenFile,
  { ignoreMac = false, markup, indent }: OpenOptions = {},
  about?: readonly Path[],
): Promise<Decryption> {
  const { document, format, cipher, policy, metadata } = file;
  return recordOpening(file, about, () =>
    decryptDocument(document, { format, cipher, policy, metadata, ignoreMac, markup, indent }),
  );
}

/** Whether a file is encrypted, as sops tells: it has metadata with a version, where there is to be one, and a MAC. */
export function isEncrypted(source: Source): boolean {
  const { metadata } = readAny(source);
  if (metadata === undefined || metadata.mac === '') return false;
  return metadata.version !== '' || !conventionsOf(source.format).needsVersion;
}
