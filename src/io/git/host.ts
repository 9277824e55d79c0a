import type { KeyHost } from '../../keys/host.ts';

export type Environment = KeyHost['environment'];

/** What git is run with. */
export type GitHost = Pick<KeyHost, 'environment' | 'findProgram' | 'runProgram' | 'startProgram'> & {
  /** The working folder of what it runs. */
  readonly folder: string;
};

/** Of the variables of this process git gets all that are its own, as a hook does, but no private key. */
export const ENVIRONMENT: Environment = { SOPS_AGE_KEY: undefined, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
