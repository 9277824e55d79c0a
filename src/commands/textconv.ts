import type { Config } from '../config/config.ts';
import { recipientNames } from '../config/names.ts';
import type { Metadata } from '../core/sops/metadata.ts';
import { DEFAULT_SELECTOR } from '../core/sops/policy.ts';
import { hasTokens } from '../core/sops/token.ts';
import { attempt, messageOf, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { shortForm } from '../keys/index.ts';
import { readersOf } from '../operations/compare/comparison.ts';
import { readVersion, type Version } from '../operations/compare/version.ts';
import { decodeUtf8, openContent } from '../operations/content.ts';
import { maskedText, maskTokens } from '../operations/masked-text.ts';
import { type KeyOpener, openFile, type Source } from '../operations/open.ts';
import { legible, oneLine } from '../text/printable.ts';
import { Configurations } from './configurations.ts';
import { chooseFormats } from './format-choice.ts';
import { mayReveal } from './git/reveal.ts';
import { type CommonOptions, toolsOf } from './settings.ts';

/**
 * A file as git shows it: its plain text where only a person looks at it, masked anywhere else, with who can read it.
 * What is not encrypted is shown as it is. It never fails, and asks nobody: git would stop in the middle of its output.
 */
export async function textconv(
  file: string,
  options: () => CommonOptions,
  io: Io,
): Promise<string | Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = io.read(io.absolute(file));
  } catch (error) {
    return said('', [problemOf(error)]);
  }
  if (!hasTokens(Buffer.from(bytes))) return bytes;
  try {
    const text = decodeUtf8(bytes);
    return await shownText(file, text, options, unattended(io));
  } catch (error) {
    return said(maskTokens(Buffer.from(bytes).toString('utf8')), [problemOf(error)]);
  }
}

async function shownText(file: string, text: string, options: () => CommonOptions, io: Io): Promise<string> {
  const { input: format } = await chooseFormats(file, {}, { sealed: text });
  const source = { text, format };
  const version = await readVersion(source);
  const { metadata } = version;
  if (metadata === undefined) return said(maskTokens(text), ['its sops block is missing']);
  const quiet = (): CommonOptions => ({ ...options(), warn: () => undefined });
  const about = [aboutReaders(version, metadata, configOf(io, quiet)), ...aboutSettings(metadata)];
  const reveal = await mayReveal(io);
  if (!reveal.isAllowed) {
    const why = reveal.reason === undefined ? [] : [`masked: ${reveal.reason}`];
    return said(maskedText(version), [...why, ...about]);
  }
  try {
    return said(await plainText(source, toolsOf(io, quiet()).keyring), about);
  } catch (error) {
    return said(maskedText(version), [problemOf(error), ...about]);
  }
}

/** @throws SottoError where it can't be opened, or its MAC does not fit */
async function plainText(source: Source, keyring: KeyOpener): Promise<string> {
  const { content } = await openContent(await openFile(source, keyring), {});
  if ('text' in content) return content.text;
  const { binary } = source.format;
  const [root] = content.roots;
  if (binary === undefined || root === undefined) throw new Error('there is nothing in it');
  const bytes = binary.print(root);
  const text = decodeUtf8(bytes);
  if (text.includes('\0')) throw new Error('it holds no text');
  return text;
}

function aboutReaders(version: Version, { lastModified }: Metadata, config: Config | undefined): string {
  const names = recipientNames(config);
  const readers = readersOf(version).map((one) => names.nameOf(one) ?? shortForm(one));
  return `readers ${readers.join(', ')}; ${lastModified}`;
}

/** What is not as usual. */
function aboutSettings({ selector, groups, threshold, macOnlyEncrypted }: Metadata): string[] {
  const isUsual = selector.kind === DEFAULT_SELECTOR.kind && selector.pattern === DEFAULT_SELECTOR.pattern;
  return [
    ...(isUsual || selector.pattern === '' ? [] : [`${selector.kind}=${selector.pattern}`]),
    ...(groups.length < 2 ? [] : [`${threshold ?? groups.length} of ${groups.length} key groups needed`]),
    ...(macOnlyEncrypted ? ['mac_only_encrypted'] : []),
  ];
}

/** Names need no configuration, and one that is broken is told of elsewhere. */
function configOf(io: Io, options: () => CommonOptions): Config | undefined {
  return attempt(() => new Configurations(io, options()).for(undefined));
}

/** A text for people, and what there is to say about it. */
function said(text: string, about: readonly string[]): string {
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  return `${legible(text)}${end}${about.map((line) => `# sops: ${oneLine(line)}\n`).join('')}`;
}

function problemOf(error: unknown): string {
  if (error instanceof SottoError && error.is('no-key-fits')) return 'no key here opens it';
  return error instanceof SottoError || error instanceof Error
    ? (messageOf(error).split('\n', 1)[0] ?? '')
    : 'it can not be read';
}

/** The same world, where nobody can be asked. */
function unattended(io: Io): Io {
  const nobody = { value: async () => undefined };
  return Object.create(io, {
    isUnattended: { value: true },
    isTerminal: { value: false },
    terminal: { value: () => undefined },
    ask: nobody,
    askSecret: nobody,
    askOpenly: nobody,
  });
}
