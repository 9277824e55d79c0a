import { RunAuditor } from '../audit/auditor.ts';
import type { Task } from '../audit/context.ts';
import type { Config } from '../config/config.ts';
import type { WantedPath } from '../core/tree/find-path.ts';
import { parseSopsPath } from '../core/tree/sops-path.ts';
import { attempt, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import type { KeyHost } from '../keys/host.ts';
import type { RecipientName } from '../keys/index.ts';
import { Keyring } from '../keys/keyring.ts';
import type { Names } from '../keys/names.ts';
import type { ServiceAddress } from '../keys/service/address.ts';
import { KeyService } from '../keys/service/key-service.ts';
import type { ChangeOptions } from '../operations/change.ts';
import type { NewFileOptions } from '../operations/encrypt.ts';
import type { OpenOptions } from '../operations/open.ts';
import { type ConfigurationOptions, Configurations } from './configurations.ts';

/** Options that most commands have. */
export interface CommonOptions
  extends OpenOptions,
    ConfigurationOptions,
    Pick<ChangeOptions, 'clear'>,
    Pick<NewFileOptions, 'allowNothing'> {
  /** What is recorded of the run. */
  readonly task?: Task | undefined;
  readonly inputType?: string | undefined;
  readonly outputType?: string | undefined;
  readonly decryptionOrder?: readonly string[] | undefined;
  /** False: keys of this machine are not used. */
  readonly localKeys?: boolean | undefined;
  /** Addresses of key services, which are asked behind this machine. */
  readonly keyServices?: readonly ServiceAddress[] | undefined;
  /** Write an encrypted file as it is, whatever its creation rule says. */
  readonly acceptFile?: boolean | undefined;
  /** Told what goes well, with `--verbose`. */
  readonly inform?: ((text: string) => void) | undefined;
}

/** Indentation of what is printed: the option, else the configuration's for the format. @throws SottoError */
export function indentFor(
  options: CommonOptions,
  config: Config | undefined,
  format: string,
  failed = 'Could not marshal tree',
): number | undefined {
  const indent = options.indent ?? config?.indent[format];
  if (indent === undefined) return undefined;
  const least = format === 'yaml' ? 0 : -1;
  if (indent < least) {
    throw new SottoError('output-unsupported', `there is no indentation of ${indent}`, {
      hint: 'see stores in .sops.yaml, and --indent',
      inSops: `${failed}: ${format === 'yaml' ? 'YAML Negative indentation not accepted' : 'Error marshaling to json: JSON Indentation parameter smaller than -1 is not accepted'}`,
    });
  }
  return indent;
}

/** The path that a user wrote; what sops takes for one where it is called so. @throws SottoError `path-invalid` */
export function wantedPath(text: string, { likeSops }: Pick<CommonOptions, 'likeSops'>): WantedPath {
  return likeSops === true ? parseSopsPath(text) : { written: text };
}

/** What serves all files of a run: keys, and configurations, are read once. */
export interface Tools {
  readonly keyring: Keyring;
  readonly configurations: Configurations;
}

/** @throws SottoError `order-duplicate` */
export function toolsOf(io: Io, options: CommonOptions): Tools {
  const configurations = new Configurations(io, options);
  return { keyring: keyringOf(io, options, configurations), configurations };
}

/** The keys of this machine, and those of key services. @throws SottoError `order-duplicate` */
function keyringOf(io: Io, options: CommonOptions, configurations: Configurations): Keyring {
  const { decryptionOrder, localKeys, keyServices = [], inform } = options;
  return new Keyring({
    host: options.likeSops === true ? withoutCredentials(io) : io,
    services: keyServices.map((service) => new KeyService(service, io)),
    order: decryptionOrder,
    refusal: localKeys === false ? NO_LOCAL_KEYS : undefined,
    isNamed: (recipient) => isNamed(recipient, options, configurations, io),
    names: options.likeSops === true ? undefined : (path) => namesFor(configurations, path),
    auditor: auditorFor(io, options, configurations),
    onOpened: () => inform?.('Data key recovered successfully'),
  });
}

/** sops does not look for keys among the credentials of a service. */
function withoutCredentials(io: Io): KeyHost {
  const { CREDENTIALS_DIRECTORY: _, ...environment } = io.environment;
  return Object.create(io, { environment: { value: environment } });
}

/** A configuration is only read for that if it has the word in it. */
function auditorFor(io: Io, options: CommonOptions, configurations: Configurations): RunAuditor {
  const { task = { verb: 'sotto' }, likeSops, warn } = options;
  const wish = likeSops === true ? undefined : configurations.settingOf('audit');
  return new RunAuditor(io, { task, likeSops, warn, wish });
}

/** The names of recipients, as the configuration that holds for a file has them. */
export async function namesFor(configurations: Configurations, path: string | undefined): Promise<Names> {
  const { recipientNames } = await import('../config/names.ts');
  // What is wrong with the configuration is not what is told here.
  return attempt(() => recipientNames(configurations.for(path))) ?? recipientNames(undefined);
}

/** sops sends its tokens wherever a file says; its log has a warning then. */
async function isNamed(
  recipient: RecipientName,
  { likeSops, warn }: CommonOptions,
  { known }: Configurations,
  { environment }: Io,
): Promise<boolean> {
  const { namesRecipient } = await import('../config/names.ts');
  const isInRule = known.some((config) => namesRecipient(config, recipient));
  if (likeSops !== true || isInRule || recipient.kind !== 'hc_vault') return isInRule || likeSops === true;
  const { isAllowed, isOwn, originOf } = await import('../keys/vault/allow-list.ts');
  if (isAllowed(recipient.id, environment) === undefined && !isOwn(recipient.id, environment))
    warn?.({
      message: `the token of Vault is sent to ${originOf(recipient.id)}, which neither VAULT_ADDR nor a rule names; SOPS_HC_VAULT_ALLOWLIST says where it may go`,
    });
  return true;
}

const NO_LOCAL_KEYS =
  'keys of this machine are turned off (--enable-local-keyservice, SOPS_ENABLE_LOCAL_KEYSERVICE), and there is no --keyservice';

/** @throws SottoError `wrap-failed` when there is nothing to wrap data keys with */
export function requireKeys({ localKeys, keyServices = [] }: CommonOptions): void {
  if (localKeys !== false || keyServices.length > 0) return;
  throw new SottoError('wrap-failed', 'there is nothing to encrypt the data key with', {
    inSops: 'Could not generate data key: [no key services provided, cannot update master keys]',
    hint: NO_LOCAL_KEYS,
  });
}
