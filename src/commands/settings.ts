import type { Config, CreationRule } from '../config/config.ts';
import { findConfig } from '../config/find.ts';
import { readConfig } from '../config/read.ts';
import { matchRule } from '../config/rules.ts';
import type { Warning } from '../core/warning.ts';
import { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { Keyring } from '../keys/keyring.ts';
import { decodeText } from './source.ts';

/** Options that most commands have. */
export interface CommonOptions {
  /** `--config`, or SOPS_CONFIG. */
  readonly config?: string | undefined;
  readonly indent?: number | undefined;
  readonly inputType?: string | undefined;
  readonly outputType?: string | undefined;
  readonly decryptionOrder?: readonly string[] | undefined;
  readonly ignoreMac?: boolean | undefined;
}

/** The configuration that holds for a file. */
export interface Settings {
  readonly config: Config | undefined;
  readonly warnings: readonly Warning[];
}

/**
 * Find and read the configuration.
 *
 * @param target absolute path of the file it is for
 * @throws SottoError `config-missing` for one that was named; `config-invalid`
 */
export function loadSettings(io: Io, { config: named }: CommonOptions, target: string | undefined): Settings {
  const given = named === '' ? undefined : named;
  const found = given === undefined ? findConfig(io, target) : { path: io.absolute(given), warnings: [] };
  if (found.path === undefined) return { config: undefined, warnings: found.warnings };
  const config = readConfig(readText(io, found.path, given), found.path);
  return { config, warnings: [...found.warnings, ...config.warnings] };
}

function readText(io: Io, path: string, named: string | undefined): string {
  try {
    return decodeText(io.read(path), path);
  } catch (error) {
    if (!(error instanceof SottoError) || error.code !== 'input-unreadable') throw error;
    const reason = error.message.replace('Error reading file: ', '').replace(path, named ?? path);
    throw new SottoError('config-missing', `could not read config file: ${reason}`, {
      hint: 'check --config and SOPS_CONFIG',
    });
  }
}

/** The creation rule for a file. @throws SottoError `no-matching-rule`, `config-invalid` */
export async function ruleFor(
  io: Io,
  { config }: Settings,
  target: string,
): Promise<CreationRule | undefined> {
  return config === undefined ? undefined : matchRule(io, config, target);
}

/** Indentation of what is printed: the option, else the configuration's for the format. */
export function indentFor(options: CommonOptions, { config }: Settings, format: string): { indent?: number } {
  const indent = options.indent ?? config?.indent[format];
  if (indent === undefined) return {};
  const least = format === 'yaml' ? 0 : -1;
  if (indent < least) {
    throw new SottoError(
      'output-unsupported',
      `Could not marshal tree: indentation of ${indent} is not accepted`,
      {
        hint: 'see stores in .sops.yaml, and --indent',
      },
    );
  }
  return { indent };
}

/** The keys of this machine. @throws SottoError `order-duplicate` */
export function keyringOf(io: Io, { decryptionOrder }: CommonOptions): Keyring {
  return new Keyring({ world: io, ...(decryptionOrder === undefined ? {} : { order: decryptionOrder }) });
}
