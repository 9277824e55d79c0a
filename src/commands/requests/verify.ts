import { randomUUID } from 'node:crypto';
import { join, relative } from 'node:path';
import { openRepository, type Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { type CommonOptions, toolsOf } from '../settings.ts';
import { isAnswered } from './age-proof.ts';
import { pgpSigner } from './pgp-proof.ts';
import { grantedPath, type Place, placeOf, requestPath, requireFree } from './place.ts';
import { readRequest } from './request.ts';
import { type AccessRequest, invalid, type Signature, signedText } from './request-file.ts';
import { sshSigner } from './ssh-proof.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Older requests are not granted. */
const LIFETIME = 30 * DAY;
/** Clocks differ by that much. */
const AHEAD = 5 * 60 * 1000;

/** What a request proves. */
export interface Verified {
  readonly request: AccessRequest;
  readonly proofs: readonly ProofState[];
  /** Milliseconds since it was made. */
  readonly age: number;
  /** Who made the commit that the file is from, which anybody can choose. */
  readonly author: string | undefined;
}

/** What shows that whoever asks has the key of a recipient. */
export interface ProofState {
  readonly recipient: string;
  /** `elsewhere`: the answer is right, but the challenge was not made in this clone, and could be anybody's. */
  readonly state: 'ssh' | 'pgp' | 'age' | 'elsewhere' | 'none';
}

/** Options of verifying. */
export interface VerifyOptions extends CommonOptions {
  readonly name: string;
  /** Recipients without a proof are let in, too. */
  readonly noProof: boolean;
}

/** Verify a request: no key is needed. @throws SottoError `request-invalid` */
export async function verify(options: VerifyOptions, io: Io): Promise<Verified> {
  const place = placeOf(toolsOf(io, options), randomUUID, io);
  const repository = await openRepository(io);
  return verifyIn(place, repository, options, io);
}

/** Verify the request of somebody that stands in the work tree. @throws SottoError `request-invalid` */
export async function verifyIn(
  place: Place,
  repository: Repository,
  { name, noProof }: Pick<VerifyOptions, 'name' | 'noProof'>,
  io: Io,
): Promise<Verified> {
  const request = readRequest(place, name, io);
  const proofs = await verifyRequest(request, { name, noProof }, place, repository, io);
  const path = relative(repository.root, requestPath(place, name));
  const said = await repository.try(['log', '-1', '--format=%an <%ae>', '--', path]);
  const author = Buffer.from(said.stdout).toString().trim();
  return { request, proofs, age: ageOf(request, io), author: author === '' ? undefined : author };
}

/** Verify a request, wherever it was read. @throws SottoError `request-invalid` */
export async function verifyRequest(
  request: AccessRequest,
  { name, noProof }: Pick<VerifyOptions, 'name' | 'noProof'>,
  place: Place,
  repository: Repository,
  io: Io,
): Promise<ProofState[]> {
  if (request.name !== name) throw invalid(`it is of ${request.name}, not of ${name}`);
  if (request.repository !== place.repository) throw invalid('it was made for another repository');
  const age = ageOf(request, io);
  if (!(age <= LIFETIME)) throw invalid('it is older than 30 days');
  if (age < -AHEAD) throw invalid('it is from the future', 'look at the clocks of both machines');
  requireFree(place, name, request.teams);
  await refuseReplay(place, repository, request);
  const signers = await signersOf(request, io);
  const proofs = request.recipients.map((recipient): ProofState => {
    const kind = signers.get(recipient);
    if (kind !== undefined) return { recipient, state: kind };
    const proof = request.proof.find((one) => one.kind === 'age' && one.recipient === recipient);
    if (proof?.kind !== 'age' || proof.answer === undefined) return { recipient, state: 'none' };
    if (!isAnswered(request, proof)) throw invalid('the answer is not what its challenge has');
    return { recipient, state: io.exists(memoryOf(repository, proof.commitment)) ? 'age' : 'elsewhere' };
  });
  const unproven = proofs.find(({ state }) => state === 'none');
  if (unproven !== undefined && !noProof)
    throw invalid(
      `nothing proves that whoever asks has the key of ${unproven.recipient.slice(0, 40)}`,
      `sotto approve --challenge ${name} writes a challenge, which "sotto request --answer --name ${name}" answers; --no-proof goes on without`,
    );
  return proofs;
}

/** Whether it is old, or new, enough to be granted. */
export function isOfAge(request: AccessRequest, io: Io): boolean {
  const age = ageOf(request, io);
  return age <= LIFETIME && age >= -AHEAD;
}

function ageOf({ created }: AccessRequest, io: Io): number {
  return io.now().getTime() - Date.parse(created);
}

/** Each signature has to be of one of the recipients. @throws SottoError `request-invalid` */
async function signersOf(request: AccessRequest, io: Io): Promise<Map<string, 'ssh' | 'pgp'>> {
  const text = signedText(request);
  const signers = new Map<string, 'ssh' | 'pgp'>();
  for (const proof of request.proof) {
    if (proof.kind === 'age') continue;
    const signer = await signerOf(text, proof, request, io);
    if (signer === undefined || !request.recipients.includes(signer))
      throw invalid('a signature is not one of its recipients over this very request');
    signers.set(signer, proof.kind);
  }
  return signers;
}

/** Which of some recipients signed a text; `undefined` if none did. */
export function signerOf(
  text: string,
  proof: Signature,
  { recipients }: Pick<AccessRequest, 'recipients'>,
  io: Io,
): Promise<string | undefined> {
  return proof.kind === 'pgp'
    ? pgpSigner(text, proof, io)
    : sshSigner(
        text,
        proof.signature,
        recipients.filter((one) => one.startsWith('ssh-')),
        io,
      );
}

/** A request that was granted once does not come back after its person was removed. */
async function refuseReplay(place: Place, repository: Repository, request: AccessRequest): Promise<void> {
  if (await isRecorded(place, repository, request)) throw invalid('it was granted before');
}

/** Whether any commit has the record that a request was granted. */
export async function isRecorded(
  place: Place,
  repository: Repository,
  request: AccessRequest,
): Promise<boolean> {
  const path = relative(repository.root, grantedPath(place, request));
  return (await repository.run(['log', '--all', '-1', '--format=%H', '--', path])).length > 0;
}

/** Where this clone notes the challenges that it made. */
export function memoryOf({ commonFolder }: Repository, commitment: string): string {
  return join(commonFolder, 'sotto', 'challenges', commitment);
}
