import type { Account, Io } from '../io/io.ts';
import type { Variables } from '../operations/variables.ts';

/** What a child's environment is made of, besides the variables of files. */
export interface ChildSettings {
  /** Nothing of this process's own environment. */
  readonly pristine?: boolean | undefined;
  /** Who the child runs as. */
  readonly account?: Account | undefined;
  /** The variable that holds a private key itself goes on to the child. */
  readonly keepKey: boolean;
}

/** It holds private keys; the other variables for keys name files and commands. */
const KEY_VARIABLE = 'SOPS_AGE_KEY';

/** What must not be seen of this process's own environment: the lines of private keys. */
export function ownSecrets({ environment }: Pick<Io, 'environment'>): string[] {
  return (environment[KEY_VARIABLE] ?? '').split('\n').filter((line) => !line.startsWith('#'));
}

/** The environment of a child: this process's own, then the account's, then the file's; the last one counts. */
export function childEnvironment(
  variables: Variables,
  { pristine = false, account, keepKey }: ChildSettings,
  io: Io,
): { readonly [name: string]: string } {
  const environment = new Map<string, string>();
  // Windows takes PATH and Path for the same.
  const keyOf = (name: string): string => (io.platform === 'win32' ? name.toUpperCase() : name);
  const names = new Map<string, string>();
  const set = (name: string, value: string): void => {
    const before = names.get(keyOf(name));
    if (before !== undefined) environment.delete(before);
    names.set(keyOf(name), name);
    environment.set(name, value);
  };
  if (!pristine)
    for (const [name, value] of Object.entries(io.environment))
      if (value !== undefined && (keepKey || keyOf(name) !== KEY_VARIABLE)) set(name, value);
  if (account !== undefined) {
    set('HOME', account.home);
    set('USER', account.name);
    set('LOGNAME', account.name);
  }
  for (const [name, value] of variables) set(name, value);
  return Object.fromEntries(environment);
}
