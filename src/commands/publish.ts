import { basename, extname, join, relative, sep } from 'node:path';
import type { Config, Destination } from '../config/config.ts';
import { matchDestination } from '../config/destinations.ts';
import type { Warning } from '../core/splice/warning.ts';
import { printPath } from '../core/tree/path.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { readVaultSettings } from '../keys/vault/settings.ts';
import { openRoots } from '../operations/content.ts';
import { pathsOfLosses, readObject } from '../operations/held-secret.ts';
import { openFile } from '../operations/open.ts';
import { publishedText } from '../operations/published.ts';
import { eachFile, type FileResult, type Progress, sealedFiles } from './batch.ts';
import { type CommonOptions, type Tools, toolsOf } from './settings.ts';
import { readSource, requireFile, withFileInErrors } from './source.ts';
import { VaultClient } from './vault/client.ts';

/** Options of `publish`. */
export interface PublishOptions extends CommonOptions {
  /** A file, or with `recursive` a folder. */
  readonly file: string | undefined;
  readonly recursive?: boolean | undefined;
  /** Names of secrets are those of the files without their suffix, whatever the rule says. */
  readonly omitExtensions?: boolean | undefined;
  /** Whether a file is to be published; asked when everything is ready. */
  readonly confirm: (file: string, url: string) => Promise<boolean>;
  readonly progress?: Progress | undefined;
}

/** What came of a file. */
export interface PublishResult extends FileResult {
  readonly status: 'written' | 'unchanged' | 'canceled' | 'failed';
  /** Where the file is published. */
  readonly url?: string | undefined;
}

/** A file that is to be published. */
interface Item {
  readonly file: string;
  /** Its path as it was typed, or as a walk from the typed folder meets it: rules see it so. */
  readonly typed: string;
  /** Its name at the destination, with slashes. */
  readonly name: string;
}

/** What serves all files of a run. */
interface PublishTools extends Tools {
  readonly clients: Map<string | undefined, VaultClient>;
  /** Files by where they are published. */
  readonly taken: Map<string, string>;
}

/** Put the values of encrypted files where `destination_rules` say. */
export async function publish(options: PublishOptions, io: Io): Promise<PublishResult[]> {
  const tools: PublishTools = { ...toolsOf(io, options), clients: new Map(), taken: new Map() };
  const { file: typed } = options;
  if (typed === undefined) {
    if (tools.configurations.for(undefined) === undefined) throw noConfig();
    throw new SottoError('no-file', 'no file was named', {
      inSops: 'Error: no file specified',
      hint: 'name a file, or a folder: sotto publish --recursive secrets/',
    });
  }
  const path = io.absolute(typed);
  if (!io.isFolder(path)) {
    requireFile(io, typed, 'publish');
    return [await publishOne({ file: typed, typed, name: basename(path) }, options, tools, io)];
  }
  if (options.recursive !== true)
    throw new SottoError('usage', `${typed} is a folder`, {
      inSops: "can't operate on a directory without --recursive flag.",
      file: typed,
      hint: 'add --recursive; only encrypted files are published',
    });
  const items = await itemsBelow(typed, options, tools, io);
  return eachFile(
    [...items.keys()],
    {
      ...options,
      work: (file) =>
        publishOne(items.get(file) ?? { file, typed: file, name: basename(file) }, options, tools, io),
      failed: (file, error) => ({ file, error, status: 'failed' }),
    },
    io,
  );
}

async function itemsBelow(
  folder: string,
  options: PublishOptions,
  tools: Tools,
  io: Io,
): Promise<Map<string, Item>> {
  const files = await sealedFiles([folder], options, tools, io);
  return new Map(
    files.map((file) => {
      const own = relative(io.absolute(folder), file);
      return [file, { file, typed: join(folder, own), name: own.split(sep).join('/') }];
    }),
  );
}

function publishOne(
  item: Item,
  options: PublishOptions,
  tools: PublishTools,
  io: Io,
): Promise<PublishResult> {
  const { file } = item;
  return withFileInErrors(file, async () => {
    const { segments, version, client } = await targetOf(item, options, tools, io);
    const { href: url } = client.urlOf({ segments });
    reserve(url, file, tools);
    const { text, warnings } = await valuesOf(file, options, tools, io);
    for (const warning of [...warnings, ...(version === 2 ? lossWarnings(text) : [])])
      options.warn({ file, ...warning });
    if (!(await options.confirm(file, url))) return { file, url, status: 'canceled' };
    return { file, url, status: await client.put({ segments, version, text }) };
  });
}

/** Two files of a folder must not become one secret. @throws SottoError `no-destination` */
function reserve(url: string, file: string, { taken }: PublishTools): void {
  const other = taken.get(url);
  if (other !== undefined)
    throw new SottoError('no-destination', `${other} goes to ${url}, too`, {
      hint: 'rename one of them; without omit_extensions the suffix keeps them apart',
    });
  taken.set(url, file);
}

/** Where a file is published, and who does it. */
interface PublishTarget {
  readonly segments: readonly string[];
  readonly version: 1 | 2;
  readonly client: VaultClient;
}

async function targetOf(
  item: Item,
  options: PublishOptions,
  tools: PublishTools,
  io: Io,
): Promise<PublishTarget> {
  const config = tools.configurations.for(io.absolute(item.file));
  if (config === undefined) throw noConfig();
  config.destinationWarnings.forEach(options.warn);
  const typed = io.platform === 'win32' ? item.typed.replaceAll('\\', '/') : item.typed;
  const rule = await matchDestination(config, typed);
  const { mount, version, path, address } = requireVault(rule.destination, config);
  const isBare = options.omitExtensions === true || rule.omitExtensions;
  const name = isBare ? item.name.slice(0, item.name.length - extname(item.name).length) : item.name;
  if (/(?:^|\/)\.\.?$/.test(name))
    throw new SottoError('no-destination', 'without its suffix the name would be that of a folder', {
      hint: 'rename the file, or leave out omit_extensions',
    });
  const segments = [mount, version === 2 ? 'data' : '', path, name]
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '' && part !== '.');
  return { segments, version, client: clientFor(address, options, tools, io) };
}

function requireVault(destination: Destination | undefined, config: Config): Destination & { kind: 'vault' } {
  if (destination === undefined) {
    throw new SottoError('no-destination', 'no destination configured for this file', {
      hint: `the rule that matches it in ${config.path} has no vault_path`,
    });
  }
  if (destination.kind === 'vault') return destination;
  const name = destination.kind === 's3' ? 'S3' : 'Google Cloud Storage';
  throw new SottoError('not-supported', `publishing to ${name} is not there yet`, {
    exit: 1,
    hint: 'Vault and OpenBao are: vault_path; the encrypted file itself can be copied with the tools of the cloud',
  });
}

/** One for each server. */
function clientFor(
  address: string | undefined,
  { warn }: PublishOptions,
  { clients }: PublishTools,
  io: Io,
): VaultClient {
  const known = clients.get(address);
  if (known !== undefined) return known;
  const client = new VaultClient(readVaultSettings(io, address, warn), io, warn);
  clients.set(address, client);
  return client;
}

async function valuesOf(
  file: string,
  options: PublishOptions,
  { keyring, configurations }: Tools,
  io: Io,
): Promise<{ readonly text: string; readonly warnings: readonly Warning[] }> {
  const source = await readSource(io, { ...options, file, name: file }, configurations, 'update');
  const { content, warnings } = await openRoots(await openFile(source, keyring));
  const published = publishedText(content.roots);
  return { text: published.text, warnings: [...source.warnings, ...warnings, ...published.warnings] };
}

/** Version 2 of Vault's KV keeps numbers as floating-point numbers. */
function lossWarnings(text: string): Warning[] {
  const root = readObject(text);
  const paths = root === undefined ? [] : pathsOfLosses(root).map(printPath);
  if (paths.length === 0) return [];
  return [
    {
      message: `version 2 of Vault's KV keeps only the first 15 to 17 digits of ${paths.join(', ')}`,
      hint: 'make it a text, in quotes',
    },
  ];
}

function noConfig(): SottoError {
  return new SottoError('config-missing', 'nothing says where to: there is no .sops.yaml here, nor above', {
    inSops: 'config file not found',
    hint: 'publish takes the destination from destination_rules in .sops.yaml',
  });
}
