import { randomUUID } from 'node:crypto';
import { relative } from 'node:path';
import { recipientsCalled } from '../../config/leaving.ts';
import { SottoError } from '../../errors.ts';
import { openRepository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { add } from '../people/add.ts';
import type { ChangeOptions, PeopleResult } from '../people/change.ts';
import { toolsOf } from '../settings.ts';
import { type SyncResult, sync } from '../sync.ts';
import { makeChallenge } from './age-proof.ts';
import { recordGrant } from './grant.ts';
import { grantedPath, type Place, placeOf, requestPath } from './place.ts';
import { readRequest } from './request.ts';
import { type AccessRequest, invalid, printRequest } from './request-file.ts';
import { isRecorded, memoryOf, type Verified, type VerifyOptions, verify, verifyIn } from './verify.ts';

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
  let signed: string | undefined;
  const result = await add(
    {
      ...options,
      name,
      recipients,
      keyFiles: [],
      to: teams,
      onAgreed: async () => {
        if (!io.exists(record)) signed = await recordGrant(place, request, { ...options, isKept: true }, io);
      },
    },
    io,
  );
  if (result.isWritten) io.remove(requestPath(place, name));
  return { ...result, signed };
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
  return { ...change, results, isWritten, isNeeded: true };
}
