import { createHash, randomBytes } from 'node:crypto';
import type { Keyring } from '../../keys/keyring.ts';
import { type AccessRequest, invalid, type Proof, signedText } from './request-file.ts';

type AgeProof = Extract<Proof, { kind: 'age' }>;

const NONCE_LENGTH = 32;

/** What somebody who has the key is to find: it says for which request, so that nothing else can be put in its place. */
function challengeText(request: AccessRequest, nonce: string): string {
  return `sotto challenge v1\n${sha256(signedText(request))}\n${nonce}\n`;
}

/** Make a challenge for a recipient of a request; no key is needed. */
export async function makeChallenge(
  request: AccessRequest,
  recipient: string,
  keyring: Keyring,
): Promise<AgeProof> {
  const text = challengeText(request, randomBytes(NONCE_LENGTH).toString('base64'));
  const { wrap } = await keyring.recipient({ kind: 'age', id: recipient });
  const { fields } = await wrap(Buffer.from(text));
  return { kind: 'age', recipient, challenge: String(fields['enc']), commitment: sha256(text) };
}

/**
 * Open a challenge. What is in it is only handed out if it is a challenge for this very request, and nothing else: else
 * whoever makes requests could have data keys opened.
 *
 * @throws SottoError `request-invalid`, the same whatever was wrong
 */
export async function answerTo(request: AccessRequest, proof: AgeProof, keyring: Keyring): Promise<AgeProof> {
  const { recipient, challenge } = proof;
  const text = await opened(recipient, challenge, keyring);
  const answered = { ...proof, answer: text };
  if (text !== undefined && isAnswered(request, answered)) return answered;
  throw invalid(
    'its challenge does not open here, or is not one for this request, so it is not answered',
    'the key of the recipient has to be here; else have a new challenge made: sotto approve --challenge NAME',
  );
}

async function opened(recipient: string, challenge: string, keyring: Keyring): Promise<string | undefined> {
  try {
    const bytes = await keyring.unwrap({ kind: 'age', fields: { recipient, enc: challenge } });
    return Buffer.from(bytes).toString('latin1');
  } catch {
    // The reasons would tell who else can be made to open what.
    return undefined;
  }
}

/** Whether the answer is what the challenge has, and the challenge is for this request. */
export function isAnswered(request: AccessRequest, { answer, commitment }: AgeProof): boolean {
  const [, hash, nonce] =
    /^sotto challenge v1\n([0-9a-f]{64})\n([A-Za-z0-9+/]{43}=)\n$/.exec(answer ?? '') ?? [];
  if (answer === undefined || hash === undefined || nonce === undefined) return false;
  return answer === challengeText(request, nonce) && sha256(answer) === commitment;
}

/** In hexadecimal digits. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
