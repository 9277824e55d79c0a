import { randomUUID } from 'node:crypto';
import { join, relative } from 'node:path';
import { recipientsCalled } from '../../config/leaving.ts';
import { SottoError } from '../../errors.ts';
import { openRepository, type Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { add } from '../people/add.ts';
import type { ChangeOptions, PeopleResult } from '../people/change.ts';
import { type CommonOptions, toolsOf } from '../settings.ts';
import { type SyncResult, sync } from '../sync.ts';
import { isAnswered, makeChallenge } from './age-proof.ts';
import { pgpSigner } from './pgp-proof.ts';
import { grantedPath, type Place, placeOf, requestPath, requireFree } from './place.ts';
import { readRequest } from './request.ts';
import { type AccessRequest, invalid, type Proof, printRequest, signedText } from './request-file.ts';
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

async function verifyIn(
  place: Place,
  repository: Repository,
  { name, noProof }: Pick<VerifyOptions, 'name' | 'noProof'>,
  io: Io,
): Promise<Verified> {
  const request = readRequest(place, name, io);
  if (request.name !== name) throw invalid(`it is of ${request.name}, not of ${name}`);
  if (request.repository !== place.repository) throw invalid('it was made for another repository');
  const age = io.now().getTime() - Date.parse(request.created);
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
  const path = relative(repository.root, requestPath(place, name));
  const said = await repository.try(['log', '-1', '--format=%an <%ae>', '--', path]);
  const author = Buffer.from(said.stdout).toString().trim();
  return { request, proofs, age, author: author === '' ? undefined : author };
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

function signerOf(
  text: string,
  proof: Exclude<Proof, { kind: 'age' }>,
  { recipients }: AccessRequest,
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
async function isRecorded(place: Place, repository: Repository, request: AccessRequest): Promise<boolean> {
  const path = relative(repository.root, grantedPath(place, request));
  return (await repository.run(['log', '--all', '-1', '--format=%H', '--', path])).length > 0;
}

/** Where this clone notes the challenges that it made. */
function memoryOf({ commonFolder }: Repository, commitment: string): string {
  return join(commonFolder, 'sotto', 'challenges', commitment);
}

/** Write challenges for the recipients of a request that have no proof; no key is needed. */
export async function challenge(
  options: VerifyOptions & { readonly confirm: (file: string) => Promise<boolean> },
  io: Io,
): Promise<{ readonly file: string; readonly isWritten: boolean }> {
  const tools = toolsOf(io, options);
  const place = placeOf(tools, randomUUID, io);
  const repository = await openRepository(io);
  const { request, proofs } = await verifyIn(place, repository, { ...options, noProof: true }, io);
  const wanted = proofs.flatMap(({ recipient, state }) =>
    state === 'none' || state === 'elsewhere' ? [recipient] : [],
  );
  const path = requestPath(place, request.name);
  const file = relative(io.folder, path);
  const kept = request.proof.filter((one) => one.kind !== 'age' || !wanted.includes(one.recipient));
  const made = [];
  for (const recipient of wanted) made.push(await makeChallenge(request, recipient, tools.keyring));
  if (made.length === 0) throw invalid('all its keys are proven already', 'sotto approve NAME goes on');
  if (!(await options.confirm(file))) return { file, isWritten: false };
  for (const { commitment } of made) io.create(memoryOf(repository, commitment), Buffer.alloc(0), 0o600);
  await io.write(path, printRequest({ ...request, proof: [...kept, ...made] }));
  return { file, isWritten: true };
}

/** Options of `approve`. */
export interface ApproveOptions extends VerifyOptions, ChangeOptions {
  /** Nobody looks at what is approved. */
  readonly isUnasked: boolean;
  /** Asked what no proof can say: whether the keys are those of whoever the name means. */
  readonly isHers: (verified: Verified) => Promise<boolean>;
}

/**
 * Verify a request, have somebody say whose keys these are, and let them in. That it was granted is recorded first: a run
 * that is interrupted leaves no request that would hold once more when its person is gone; the same command finishes it.
 */
export async function approve(options: ApproveOptions, io: Io): Promise<PeopleResult> {
  const tools = toolsOf(io, options);
  const place = placeOf(tools, randomUUID, io);
  const begun = await begunRequest(place, options, io);
  if (begun !== undefined) return finish(place, begun, options, io);
  const verified = await verify(options, io);
  const { request, proofs } = verified;
  if (options.isUnasked && proofs.some(({ state }) => state === 'elsewhere'))
    throw invalid(
      'its challenge was not made in this clone, so it could be of whoever asks',
      'run it without --yes and look who made the challenge, or make a new one: sotto approve --challenge NAME',
    );
  if (!(await options.isHers(verified)))
    throw new SottoError('canceled', 'nothing was changed', {
      hint: 'ask her, by another way than the repository',
    });
  const { name, teams, recipients } = request;
  const record = grantedPath(place, request);
  const result = await add(
    {
      ...options,
      name,
      recipients,
      keyFiles: [],
      to: teams,
      confirm: async (change, plans) => {
        const isAgreed = await options.confirm(change, plans);
        if (isAgreed && !io.exists(record)) io.create(record, Buffer.from(printRequest(request)), 0o644);
        return isAgreed;
      },
    },
    io,
  );
  if (result.isWritten) io.remove(requestPath(place, name));
  return result;
}

/** A request that was granted here, and whose person is in the configuration already: nothing but the end is missing. */
async function begunRequest(
  place: Place,
  { name }: Pick<ApproveOptions, 'name'>,
  io: Io,
): Promise<AccessRequest | undefined> {
  const request = readRequest(place, name, io);
  if (request.name !== name || !io.exists(grantedPath(place, request))) return undefined;
  const there = recipientsCalled(place.opened.config, name).map(({ id }) => id);
  if (there.length === 0 || !request.recipients.every((recipient) => there.includes(recipient)))
    return undefined;
  return (await isRecorded(place, await openRepository(io), request)) ? undefined : request;
}

async function finish(
  place: Place,
  { name }: AccessRequest,
  options: ApproveOptions,
  io: Io,
): Promise<PeopleResult> {
  const change = { file: relative(io.folder, place.opened.config.path), says: [], unruled: [] };
  let isWritten = true;
  const confirm = async (plans: readonly SyncResult[]): Promise<boolean> => {
    isWritten = await options.confirm(change, plans);
    return isWritten;
  };
  const results = await sync({ ...options, files: [], check: false, confirm }, io);
  if (isWritten) io.remove(requestPath(place, name));
  return { ...change, results, isWritten };
}
