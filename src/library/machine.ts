import { RunAuditor } from '../audit/auditor.ts';
import { Configurations } from '../commands/configurations.ts';
import { encryptBytes } from '../commands/encrypt.ts';
import { indentFor } from '../commands/settings.ts';
import { readBytes, readSource, withFileInErrors } from '../commands/source.ts';
import { SELECTOR_KINDS, type Selector } from '../core/sops/policy.ts';
import type { Warning } from '../core/splice/warning.ts';
import type { Io } from '../io/io.ts';
import { nodeIo } from '../io/node-io.ts';
import { type KeyHost, NO_HOST } from '../keys/host.ts';
import { Keyring } from '../keys/keyring.ts';
import {
  type AsText,
  type AsValues,
  type DecryptedText,
  type DecryptedValues,
  textOf,
  valuesOf,
} from './decrypt.ts';
import type { EncryptFileOptions, FileKeyOptions, FileOptions } from './file-options.ts';
import { groupsOf, identitiesOf } from './keys.ts';
import type { Result } from './text.ts';
import { warningsOf } from './words.ts';

/** {@link decryptFile}, once this machine is needed. */
export async function decryptHere(
  file: string,
  options: FileKeyOptions & (AsText | AsValues),
): Promise<DecryptedText | DecryptedValues> {
  const here = new Here(options);
  return withFileInErrors(file, async () => {
    const { io, configurations, warnings } = here;
    const output = options.values === true ? undefined : options.output;
    const types = { inputType: options.format, outputType: output ?? options.format };
    const source = await readSource(io, { file, name: file, ...types }, configurations, 'open');
    const opening = { source, keyring: keyringOf(here, options), reach: 'machine' } as const;
    const config = configurations.for(io.absolute(file));
    const said = warningsOf([...warnings, ...source.warnings], 'machine');
    if (options.values === true) {
      const result = await valuesOf(opening, options);
      return { ...result, warnings: [...said, ...result.warnings] };
    }
    const indent = indentFor({ indent: options.indent, warn: here.warn }, config, source.output.name);
    const result = await textOf(opening, { ...options, output: source.output, indent });
    return { ...result, warnings: [...said, ...result.warnings] };
  });
}

/** {@link encryptFile}, once this machine is needed. */
export async function encryptHere(file: string, options: EncryptFileOptions): Promise<Result> {
  const here = new Here(options);
  return withFileInErrors(file, async () => {
    const { io, configurations, warnings } = here;
    const bytes = await readBytes(io, file);
    const keyring = new Keyring({ host: hostOf(io), auditor: here.auditor });
    const { recipients, selector, macOnlyEncrypted, allowNothing, indent } = options;
    const settings = {
      inputType: options.format,
      outputType: options.output ?? options.format,
      ...(recipients === undefined ? {} : await groupsOf(recipients)),
      selectors: selectorsOf(selector),
      macOnlyEncrypted,
      allowNothing,
      indent,
      warn: here.warn,
    };
    const { content, ...result } = await encryptBytes(
      bytes,
      file,
      { ...settings, file },
      { keyring, configurations },
      io,
    );
    return {
      text: typeof content === 'string' ? content : Buffer.from(content).toString(),
      changed: true,
      warnings: warningsOf([...warnings, ...result.warnings], 'machine'),
    };
  });
}

/** This machine, and what was found wrong with its configuration. */
export class Here {
  readonly io: Io;
  readonly configurations: Configurations;
  readonly warnings: Warning[] = [];
  /** What the machine wants recorded is recorded here, too. */
  readonly auditor: RunAuditor;

  constructor({ environment, config }: FileOptions) {
    this.io = nodeIo(environment === undefined ? process.env : { ...environment });
    this.configurations = new Configurations(this.io, { config, warn: this.warn });
    this.auditor = new RunAuditor(this.io, { task: { verb: 'library' }, warn: this.warn });
  }

  readonly warn = (warning: Warning): void => {
    this.warnings.push(warning);
  };
}

/** The given keys and no others, or those of this machine. */
export function keyringOf(
  { io, auditor }: Here,
  { identities, passphrase, decryptionOrder }: FileKeyOptions,
): Keyring {
  const order = decryptionOrder === undefined ? {} : { order: decryptionOrder };
  if (identities !== undefined)
    return new Keyring({ identities: identitiesOf({ identities, passphrase }), auditor, ...order });
  return new Keyring({ host: hostOf(io, passphrase), auditor, ...order });
}

/** What keys of this machine need. A library asks nobody on the terminal, and prints nothing there. */
function hostOf(io: Io, passphrase?: () => Promise<string>): KeyHost {
  const { environment, platform, home, now, readBytes, findProgram, dial } = io;
  const { runCommand, runProgram, startProgram } = io;
  return {
    ...NO_HOST,
    ...{ environment, platform, home, now, readBytes, findProgram, dial },
    ...{ runCommand, runProgram, startProgram },
    askSecret: async () => passphrase?.(),
  };
}

/** A selector in place of the rule's, of whatever kind that is. */
function selectorsOf(selector: Selector | undefined): { readonly [kind: string]: string } | undefined {
  if (selector === undefined) return undefined;
  return {
    ...Object.fromEntries(SELECTOR_KINDS.map((kind) => [kind, ''])),
    [selector.kind]: selector.pattern,
  };
}
