import type { Warning } from '../core/splice/warning.ts';
import type { FileKeyOptions } from './file-options.ts';

/**
 * Settings of {@link decryptVariables}.
 *
 * @example
 * const options: VariablesOptions = { identities: identity, prefix: 'APP_' };
 * (await decryptVariables('secrets.yaml', options)).variables; // { APP_PASSWORD: 'hunter2' }
 */
export interface VariablesOptions extends FileKeyOptions {
  /** In front of all names that are made of paths. */
  readonly prefix?: string | undefined;
  /** Names such as `NODE_OPTIONS`, which change what programs load, that a value in clear may have all the same. */
  readonly allowSpecial?: readonly string[] | undefined;
  /** Values in clear are taken from a file whose MAC leaves them out. */
  readonly includeClear?: boolean | undefined;
}

/**
 * Variables for an environment.
 *
 * @example
 * const { variables }: DecryptedVariables = await decryptVariables('secrets.yaml', { identities: identity });
 * const environment = { ...variables, ...process.env };
 * environment['PASSWORD']; // 'hunter2'
 */
export interface DecryptedVariables {
  /** Without prototype. */
  readonly variables: { readonly [name: string]: string };
  readonly warnings: readonly Warning[];
}
