import type { ErrorCode } from '../errors.ts';
import type { NoAnswer } from './http.ts';

/** Why a service did not wrap or unwrap, as an error of ours. */
export type KmsCode = Extract<ErrorCode, `kms-${string}`> | 'dependency-missing';

/** What to do about a failure. */
export interface Advice {
  readonly code: KmsCode;
  /** Half a sentence. */
  readonly text?: string;
}

/** A service of keys refused, or could not be asked. There is nothing secret in it. */
export class KmsFailure extends Error {
  override readonly name = 'KmsFailure';
  readonly code: KmsCode;
  /** What it said, and who asked. */
  readonly reason: string;
  readonly advice: string | undefined;

  constructor(reason: string, { code, text }: Advice) {
    super(text === undefined ? reason : `${reason}; ${text}`);
    this.code = code;
    this.reason = reason;
    this.advice = text;
  }

  /** The same, for another reason. */
  asAdvice(): Advice {
    return { code: this.code, ...(this.advice === undefined ? {} : { text: this.advice }) };
  }
}

/** Failures by their code, in words that go on from "you can't open FILE:". */
export const KMS_PROBLEMS: { readonly [code in KmsCode]: string } = {
  'dependency-missing': 'the package for the service of its key is not installed',
  'kms-answer-invalid': 'the service of its key answered something else than a key',
  'kms-clock-skew': 'the service of its key says that the clock here is wrong',
  'kms-credentials-expired': 'your credentials for the service of its key have expired',
  'kms-credentials-invalid': 'the service of its key does not take your credentials',
  'kms-credentials-missing': 'there are no credentials here for the service of its key',
  'kms-denied': 'the service of its key does not let you use the key',
  'kms-failed': 'the service of its key failed',
  'kms-key-deleted': 'its key is being deleted',
  'kms-key-disabled': 'its key is disabled',
  'kms-key-missing': 'there is no such key where it should be',
  'kms-key-wrong': 'its data key was not wrapped with this key',
  'kms-throttled': 'the service of its key is asked too much',
  'kms-timeout': 'the service of its key did not answer in time',
  'kms-tls': 'the service of its key does not prove who it is',
  'kms-unreachable': 'the service of its key can not be reached',
  'kms-untrusted': 'the server of its key is one that only the file names',
};

/** What came of a group of entries. */
interface Results {
  readonly part: Uint8Array | undefined;
  readonly failed: readonly {
    readonly hasKey: boolean;
    readonly reasons: readonly string[];
    readonly failures: readonly KmsFailure[];
  }[];
}

/** What is the matter with all entries with which something is, if it is one thing; `undefined` if it is not, or another. */
export function commonProblem(results: readonly Results[]): KmsCode | undefined {
  const failed = results.flatMap(({ part, failed: entries }) => (part === undefined ? entries : []));
  const codes = failed
    .filter(({ hasKey, failures }) => hasKey || failures.length > 0)
    .map(({ failures, reasons }) => (failures.length === reasons.length ? failures[0]?.code : undefined));
  return new Set(codes).size === 1 ? codes[0] : undefined;
}

const LATE = 'SOTTO_KMS_TIMEOUT says how many seconds to wait';

/** Time was up. @param service as in `Vault at https://vault:8200` */
export function lateFailure(service?: string): KmsFailure {
  const reason = 'no answer in time';
  return new KmsFailure(service === undefined ? reason : `${service}: ${reason}`, {
    code: 'kms-timeout',
    text: LATE,
  });
}

/** What to do where there was no answer, or only a part of one. */
export function adviceOnSilence(answer: NoAnswer): Advice {
  switch (answer.fault) {
    case 'late':
      return { code: 'kms-timeout', text: LATE };
    case 'tls':
      return {
        code: 'kms-tls',
        text: 'SSL_CERT_FILE names the authorities to be trusted, as where a proxy looks into TLS',
      };
    case 'broken':
      return { code: 'kms-answer-invalid', text: 'try again; something between here and there may break it' };
    case 'unreachable':
      return {
        code: 'kms-unreachable',
        text: 'check the network, the name of the server, and HTTPS_PROXY and NO_PROXY',
      };
  }
}
