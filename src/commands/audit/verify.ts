import { type ChainCheck, verifyChain } from '../../io/chain/verify.ts';
import type { Io } from '../../io/io.ts';
import { logsOf } from './logs.ts';

/** What is known of a log. */
export interface LogCheck extends ChainCheck {
  readonly log: string;
}

/** Options of `audit verify`. */
export interface VerifyOptions {
  readonly log: string | undefined;
  /** The oldest records may have been removed. */
  readonly pruned: boolean;
}

/** Look whether logs are as they were written. @throws SottoError `file-missing`, `config-invalid` */
export function verifyLogs({ log, pruned }: VerifyOptions, io: Io): LogCheck[] {
  return logsOf(io, log).map(({ path, files }) => ({ log: path, ...verifyChain(files, pruned) }));
}
