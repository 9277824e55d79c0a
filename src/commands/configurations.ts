import { dirname } from 'node:path';
import type { Config, CreationRule } from '../config/config.ts';
import { type FoundConfig, findConfig } from '../config/find.ts';
import { strangeOwner, TRUST_VARIABLE } from '../config/owner.ts';
import { readConfig } from '../config/read.ts';
import { matchRule } from '../config/rules.ts';
import type { ConfigValue } from '../config/value.ts';
import type { Warning } from '../core/splice/warning.ts';
import { attempt, SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { decodeUtf8 } from '../operations/content.ts';

/** Which configuration a run goes by. */
export interface ConfigurationOptions {
  /** `--config`, or SOPS_CONFIG. */
  readonly config?: string | undefined;
  /** Look for the configuration from the working folder only, as sops does. */
  readonly likeSops?: boolean | undefined;
  /** Told at once what is wrong with the configuration, so that an error that comes of it does not hide it. */
  readonly warn: (warning: Warning) => void;
}

/** Finds and reads configurations, each of them once, however many files there are. */
export class Configurations {
  readonly #io: Io;
  readonly #options: ConfigurationOptions;
  readonly #read = new Map<string, Config>();
  /** By the folder of the file that it is for. */
  readonly #found = new Map<string | undefined, FoundConfig>();
  readonly #warned = new Set<string>();

  constructor(io: Io, options: ConfigurationOptions) {
    this.#io = io;
    this.#options = options;
  }

  /**
   * The configuration that holds for a file; `undefined` if there is none.
   *
   * @param target absolute path of the file; `undefined` is stdin
   * @throws SottoError `config-missing` for one that was named; `config-invalid`
   */
  for(target: string | undefined): Config | undefined {
    const { config: named, likeSops, warn } = this.#options;
    const given = named === '' ? undefined : named;
    if (given !== undefined) return this.#readOnce(this.#io.absolute(given), given);
    const { path, warnings } = this.#find(likeSops === true ? undefined : target);
    warnings.forEach(warn);
    if (path === undefined) return undefined;
    this.#checkOwner(path, target);
    return this.#readOnce(path, undefined);
  }

  /** Go by another text of a configuration, which is to be written. @throws SottoError `config-invalid` */
  replace(path: string, text: string): Config {
    const config = readConfig(text, path);
    this.#read.set(path, config);
    return config;
  }

  /** Those that were read so far. */
  get known(): readonly Config[] {
    return [...this.#read.values()];
  }

  /**
   * What a setting of `sotto:` is for a file. A configuration that does not even have its name is not looked into, and
   * what is wrong with one is told elsewhere.
   */
  settingOf(name: string): (target: string | undefined) => ConfigValue | undefined {
    const mentions = new Map<string, boolean>();
    return (target) => {
      const { config: named, likeSops } = this.#options;
      const isNamed = named !== undefined && named !== '';
      const path = isNamed
        ? this.#io.absolute(named)
        : this.#find(likeSops === true ? undefined : target).path;
      if (path === undefined) return undefined;
      const isMentioned = mentions.get(path) ?? this.#mentions(path, name);
      mentions.set(path, isMentioned);
      if (!isMentioned) return undefined;
      return attempt(() => this.for(target))
        ?.root?.get('sotto')
        ?.get(name);
    };
  }

  #mentions(path: string, name: string): boolean {
    // One that was read is known; a stream could be read only once.
    const known = this.#read.get(path);
    if (known !== undefined) return known.root?.get('sotto')?.get(name) !== undefined;
    return (
      this.#io.isFile(path) && attempt(() => Buffer.from(this.#io.readSetting(path)).includes(name)) === true
    );
  }

  #find(target: string | undefined): FoundConfig {
    const folder = target === undefined ? undefined : dirname(target);
    const found = this.#found.get(folder) ?? findConfig(this.#io, target);
    this.#found.set(folder, found);
    return found;
  }

  #checkOwner(path: string, target: string | undefined): void {
    const { likeSops, warn } = this.#options;
    const owner = strangeOwner(this.#io, path, target);
    if (owner === undefined) return;
    const message = `${path} belongs to another user (${owner}), and is outside of the repository`;
    const hint = `it decides for whom files are encrypted: name it with --config, or set ${TRUST_VARIABLE}=${owner}`;
    if (likeSops !== true) throw new SottoError('config-untrusted', message, { file: path, hint });
    if (!this.#warned.has(path)) warn({ message });
    this.#warned.add(path);
  }

  #readOnce(path: string, named: string | undefined): Config {
    const known = this.#read.get(path);
    if (known !== undefined) return known;
    const config = readConfig(readText(this.#io, path, named), path);
    config.warnings.forEach(this.#options.warn);
    this.#read.set(path, config);
    return config;
  }
}

function readText(io: Io, path: string, named: string | undefined): string {
  // One that was named may be a stream; nobody waits for one that was found.
  if (named === undefined && !io.isFile(path)) {
    throw new SottoError('config-missing', `${path} is no regular file, and so no configuration`, {
      inSops: `could not read config file: ${path} is no regular file`,
      file: path,
      hint: 'take it away, or name another one with --config',
    });
  }
  try {
    return decodeUtf8(io.readSetting(path), path);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    if (error.code === 'input-invalid') {
      throw new SottoError('config-invalid', error.message, {
        ...error.details,
        inSops: `error loading config: Could not unmarshal config file: ${error.inSops}`,
      });
    }
    const reason = error.inSops.replace('Error reading file: ', '').replace(path, named ?? path);
    throw new SottoError(
      'config-missing',
      `${error.message.replace(path, named ?? path)}, the configuration`,
      {
        inSops: `could not read config file: ${reason}`,
        file: named ?? path,
        hint: named === undefined ? 'check its permissions' : 'check --config and SOPS_CONFIG',
      },
    );
  }
}

/** The creation rule for a file. @throws SottoError `no-matching-rule`, `config-invalid` */
export async function ruleFor(
  io: Io,
  config: Config | undefined,
  target: string,
): Promise<CreationRule | undefined> {
  return config === undefined ? undefined : matchRule(io, config, target);
}

/** The creation rule for a file that need not have one. @throws SottoError `config-invalid` */
export async function ruleIfAny(
  io: Io,
  config: Config | undefined,
  target: string,
): Promise<CreationRule | undefined> {
  try {
    return await ruleFor(io, config, target);
  } catch (error) {
    if (error instanceof SottoError && error.code === 'no-matching-rule') return undefined;
    throw error;
  }
}
