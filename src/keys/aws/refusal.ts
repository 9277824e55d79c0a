import { messageOf } from '../../errors.ts';
import { clean } from '../service-call.ts';

const SKEW = 'clock skew: check the clock of this machine';
const LOGIN = 'expired token: log in again ("aws sso login"), or get new credentials';

/** A request to KMS that failed. */
interface Asked {
  readonly region: string;
  readonly identity: string;
  readonly secrets: readonly string[];
}

/** What KMS said, who asked, and what to do. */
export function kmsFailure(error: unknown, { region, identity, secrets }: Asked): Error {
  const said = saidBy(error, secrets);
  return new Error(`AWS KMS in ${region}, asked by ${identity}: ${said}${advised(adviceOnKms(said))}`);
}

/** What STS said when a role was to be taken on. */
export function roleFailure(error: unknown, role: string, region: string): Error {
  if (error instanceof CredentialsFailure) return error;
  const said = saidBy(error, []);
  const advice = /AccessDenied/.test(said)
    ? 'denied: the trust policy of the role has to name who asks, whose own policy has to allow sts:AssumeRole'
    : adviceOnCredentials(said);
  return new CredentialsFailure(
    `AWS STS in ${region} does not give role ${clean(role, [])}: ${said}${advised(advice)}`,
  );
}

/** Why there are no credentials. */
export function credentialsFailure(error: unknown, profile: string | undefined): Error {
  const said = saidBy(error, []);
  const advice =
    adviceOnCredentials(said) ??
    'no credentials: log in ("aws sso login"), set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
  const whose = profile === undefined ? '' : ` of profile ${clean(profile, [])}`;
  return new CredentialsFailure(`AWS credentials${whose}: ${said}${advised(advice)}`);
}

/** It says what to do already. */
class CredentialsFailure extends Error {
  override readonly name = 'CredentialsFailure';
}

function saidBy(error: unknown, secrets: readonly string[]): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const metadata: unknown = Reflect.get(error, '$metadata');
  const status: unknown =
    typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : undefined;
  const parts = typeof status === 'number' ? [`${status}`, error.name, error.message] : [messageOf(error)];
  return clean(parts.filter((one) => one !== '' && one !== 'UnknownError').join(' '), secrets);
}

function adviceOnKms(said: string): string | undefined {
  if (/KMSInvalidState/.test(said))
    return /pending deletion|PendingDeletion/i.test(said)
      ? 'pending deletion: until that is done, it can be taken back: aws kms cancel-key-deletion'
      : 'disabled: the key is not in a state to be used: aws kms describe-key';
  if (/Disabled/.test(said)) return 'disabled: have the key enabled again: aws kms enable-key';
  if (/NotFound/.test(said))
    return 'no such key: it, or its alias, is not in that account and region; the ARN names both';
  if (/IncorrectKey|InvalidCiphertext/.test(said))
    return 'wrong key: it was wrapped with another key, or another encryption context';
  if (/AccessDenied/.test(said))
    return 'denied: the policy of the key and that of who asks have to allow kms:Encrypt and kms:Decrypt';
  return adviceOnCredentials(said);
}

function adviceOnCredentials(said: string): string | undefined {
  if (/RequestExpired|Signature expired|not yet current|RequestTimeTooSkewed/i.test(said)) return SKEW;
  if (/SignatureDoesNotMatch|InvalidSignature/.test(said))
    return 'no credentials: the secret access key is not the one of that access key';
  if (/UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId/.test(said))
    return 'no credentials: AWS does not know that access key, or not in that partition or region; or its session token is old';
  if (/expired/i.test(said)) return LOGIN;
  return undefined;
}

function advised(advice: string | undefined): string {
  return advice === undefined ? '' : `; ${advice}`;
}
