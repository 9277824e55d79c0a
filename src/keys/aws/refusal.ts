import { messageOf } from '../../errors.ts';
import { NoAnswer } from '../http.ts';
import { type Advice, adviceOnSilence, KmsFailure } from '../kms-failure.ts';
import { clean } from '../service-call.ts';

const SKEW: Advice = { code: 'kms-clock-skew', text: 'check the clock of this machine' };
const LOGIN: Advice = {
  code: 'kms-credentials-expired',
  text: 'log in again ("aws sso login"), or get new credentials',
};
const NONE: Advice = {
  code: 'kms-credentials-missing',
  text: 'log in ("aws sso login"), set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
};

/** A request to KMS that failed. */
interface Asked {
  readonly region: string;
  readonly identity: string;
  readonly secrets: readonly string[];
}

/** For messages. */
export function serviceIn(region: string): string {
  return `AWS KMS in ${region}`;
}

/** What KMS said, who asked, and what to do. */
export function kmsFailure(error: unknown, { region, identity, secrets }: Asked): KmsFailure {
  const said = saidBy(error, secrets);
  return new KmsFailure(
    `${serviceIn(region)}, asked by ${identity}: ${said}`,
    adviceOnError(error) ?? adviceOnKms(said),
  );
}

/** What STS said when a role was to be taken on. */
export function roleFailure(error: unknown, role: string, region: string): KmsFailure {
  if (error instanceof KmsFailure) return error;
  const said = saidBy(error, []);
  const reason = `AWS STS in ${region} does not give role ${clean(role, [])}: ${said}`;
  if (/AccessDenied/.test(said))
    return new KmsFailure(reason, {
      code: 'kms-denied',
      text: 'the trust policy of the role has to name who asks, whose own policy has to allow sts:AssumeRole',
    });
  return new KmsFailure(reason, adviceOnError(error) ?? adviceOnCredentials(said) ?? { code: 'kms-failed' });
}

/** Why there are no credentials. */
export function credentialsFailure(error: unknown, profile: string | undefined): KmsFailure {
  if (error instanceof KmsFailure) return error;
  const said = saidBy(error, []);
  const whose = profile === undefined ? '' : ` of profile ${clean(profile, [])}`;
  return new KmsFailure(
    `AWS credentials${whose}: ${said}`,
    adviceOnError(error) ?? adviceOnCredentials(said) ?? NONE,
  );
}

/** There is no such profile. @param places files that were looked into */
export function profileMissing(name: string, places: string): KmsFailure {
  return new KmsFailure(`AWS credentials: there is no profile ${clean(name, [])} in ${places}`, {
    code: 'kms-credentials-missing',
    text: 'make it ("aws configure sso", "aws configure"), or name another one: "aws configure list-profiles"',
  });
}

function saidBy(error: unknown, secrets: readonly string[]): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const status = statusOf(error);
  const reason = error instanceof KmsFailure ? error.reason : messageOf(error);
  const parts = status === undefined ? [reason] : [`${status}`, error.name, error.message];
  return clean(parts.filter((one) => one !== '' && one !== 'UnknownError').join(' '), secrets);
}

function statusOf(error: unknown): number | undefined {
  const metadata: unknown = error instanceof Error ? Reflect.get(error, '$metadata') : undefined;
  const status: unknown =
    typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** Where there is no answer, or none of the service. */
function adviceOnError(error: unknown): Advice | undefined {
  if (error instanceof NoAnswer) return adviceOnSilence(error);
  if (error instanceof KmsFailure) return error.asAdvice();
  // The SDK parses answers.
  if (error instanceof SyntaxError || statusOf(error) === 200) return { code: 'kms-answer-invalid' };
  return undefined;
}

function adviceOnKms(said: string): Advice {
  if (/KMSInvalidState/.test(said))
    return /pending deletion|PendingDeletion/i.test(said)
      ? {
          code: 'kms-key-deleted',
          text: 'until that is done, it can be taken back: aws kms cancel-key-deletion',
        }
      : {
          code: 'kms-key-disabled',
          text: 'the key is not in a state to be used: aws kms describe-key',
        };
  if (/Disabled/.test(said))
    return { code: 'kms-key-disabled', text: 'have the key enabled again: aws kms enable-key' };
  if (/NotFound/.test(said))
    return {
      code: 'kms-key-missing',
      text: 'it, or its alias, is not in that account and region; the ARN names both',
    };
  if (/IncorrectKey|InvalidCiphertext/.test(said))
    return {
      code: 'kms-key-wrong',
      text: 'see in git whether the entry was changed: it was wrapped with another key, or another encryption context',
    };
  if (/Throttling|TooManyRequests|LimitExceeded|SlowDown/i.test(said))
    return { code: 'kms-throttled', text: 'the account asks too much at once; try again later' };
  if (/AccessDenied/.test(said))
    return {
      code: 'kms-denied',
      text: 'the policy of the key and that of who asks have to allow kms:Encrypt and kms:Decrypt',
    };
  return adviceOnCredentials(said) ?? { code: 'kms-failed' };
}

function adviceOnCredentials(said: string): Advice | undefined {
  if (/RequestExpired|Signature expired|not yet current|RequestTimeTooSkewed/i.test(said)) return SKEW;
  if (/SignatureDoesNotMatch|InvalidSignature/.test(said))
    return {
      code: 'kms-credentials-invalid',
      text: 'the secret access key is not the one of that access key',
    };
  if (/UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId/.test(said))
    return {
      code: 'kms-credentials-invalid',
      text: 'AWS does not know that access key, or not in that partition or region; or its session token is old',
    };
  if (/expired/i.test(said)) return LOGIN;
  return undefined;
}
