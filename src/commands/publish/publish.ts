import { basename, extname, join, relative, sep } from 'node:path';
import type { DestinationRule } from '../../config/config.ts';
import { matchDestination } from '../../config/destinations.ts';
import type { Warning } from '../../core/splice/warning.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import type { KeyPlan } from '../../operations/update-keys.ts';
import { eachFile, type FileResult, type Progress, sealedFiles } from '../batch.ts';
import { type CommonOptions, type Tools, toolsOf } from '../settings.ts';
import { requireFile, withFileInErrors } from '../source.ts';
import { type BucketTools, bucketTarget } from './bucket-target.ts';
import type { Target } from './target.ts';
import { type VaultClients, vaultTarget } from './vault/target.ts';

/** Options of `publish`. */
export interface PublishOptions extends CommonOptions {
  /** A file, or with `recursive` a folder. */
  readonly file: string | undefined;
  readonly recursive?: boolean | undefined;
  /** Names of secrets are those of the files without their suffix, whatever the rule says. */
  readonly omitExtensions?: boolean | undefined;
  /** Whether a file is to be published; asked when everything is ready. */
  readonly confirm: (file: string, url: string) => Promise<boolean>;
  /** Told before it whom a copy has and the file has not, and the other way round. */
  readonly onPlan: (file: string, plan: KeyPlan) => void;
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
interface PublishTools extends BucketTools {
  readonly vaults: VaultClients;
  /** Files by where they are published. */
  readonly taken: Map<string, string>;
}

/** Put the values of encrypted files where `destination_rules` say. */
export async function publish(options: PublishOptions, io: Io): Promise<PublishResult[]> {
  const tools: PublishTools = { ...toolsOf(io, options), vaults: new Map(), s3: undefined, taken: new Map() };
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
    const target = await targetOf(item, options, tools, io);
    const { url } = target;
    reserve(url, file, tools);
    const { warnings, plan, put } = await target.prepare();
    const warn = (warning: Warning): void => options.warn({ file, ...warning });
    warnings.forEach(warn);
    if (plan?.changed === true) options.onPlan(file, plan);
    if (!(await options.confirm(file, url))) return { file, url, status: 'canceled' };
    return { file, url, status: await put() };
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

async function targetOf(item: Item, options: PublishOptions, tools: PublishTools, io: Io): Promise<Target> {
  const config = tools.configurations.for(io.absolute(item.file));
  if (config === undefined) throw noConfig();
  config.destinationWarnings.forEach(options.warn);
  const typed = io.platform === 'win32' ? item.typed.replaceAll('\\', '/') : item.typed;
  const rule = await matchDestination(config, typed);
  const { destination } = rule;
  if (destination === undefined)
    throw new SottoError('no-destination', 'no destination configured for this file', {
      hint: `the rule that matches it in ${config.path} has no vault_path, s3_bucket or gcs_bucket`,
    });
  const name = nameOf(item, rule, options);
  const { file } = item;
  return destination.kind === 'vault'
    ? vaultTarget({ file, name, destination }, options, tools, io)
    : bucketTarget({ file, name, destination, recreation: rule.recreation }, options, tools, io);
}

/** The name of a file at its destination. @throws SottoError `no-destination` */
function nameOf({ name }: Item, rule: DestinationRule, { omitExtensions }: PublishOptions): string {
  if (omitExtensions !== true && !rule.omitExtensions) return name;
  const bare = name.slice(0, name.length - extname(name).length);
  if (/(?:^|\/)\.\.?$/.test(bare))
    throw new SottoError('no-destination', 'without its suffix the name would be that of a folder', {
      hint: 'rename the file, or leave out omit_extensions',
    });
  return bare;
}

function noConfig(): SottoError {
  return new SottoError('config-missing', 'nothing says where to: there is no .sops.yaml here, nor above', {
    inSops: 'config file not found',
    hint: 'publish takes the destination from destination_rules in .sops.yaml',
  });
}
