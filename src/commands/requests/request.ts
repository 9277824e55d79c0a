import { randomUUID } from 'node:crypto';
import { relative } from 'node:path';
import { lastModifiedOf } from '../../core/tree/time.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { decodeUtf8 } from '../../operations/content.ts';
import { type CommonOptions, toolsOf } from '../settings.ts';
import { answerTo } from './age-proof.ts';
import { signWithPgp } from './pgp-proof.ts';
import { type Place, placeOf, requestPath, requireFree } from './place.ts';
import {
  type AccessRequest,
  invalid,
  type Proof,
  parseRequest,
  printRequest,
  signedText,
} from './request-file.ts';
import { publicKeyOf, signWithSsh, sshKeyFiles } from './ssh-proof.ts';

/** Options of `request`. */
export interface RequestOptions extends CommonOptions {
  readonly name: string;
  readonly teams: readonly string[];
  /** A key of this machine unless given: of SSH, else of age. */
  readonly recipients: readonly string[];
  /** Asked before anything is written. */
  readonly confirm: (file: string, isThere: boolean) => Promise<boolean>;
}

/** What was written. */
export interface RequestResult {
  readonly file: string;
  readonly isWritten: boolean;
  readonly request: AccessRequest;
  /** Recipients without a proof: they need a challenge. */
  readonly unproven: readonly string[];
}

/** Ask to be let into teams: write a request, signed with the keys that are to read. */
export async function request(options: RequestOptions, io: Io): Promise<RequestResult> {
  const { name, teams } = options;
  const place = placeOf(toolsOf(io, options), randomUUID, io);
  requireFree(place, name, teams);
  const recipients =
    options.recipients.length === 0 ? [await ownKey(io)] : options.recipients.map(normalised);
  const created = lastModifiedOf(io.now());
  const asked: AccessRequest = { repository: place.repository, name, teams, recipients, created, proof: [] };
  // What would be refused later is refused before anybody signs it.
  parseRequest(printRequest(asked));
  const proof: Proof[] = [];
  for (const recipient of recipients) proof.push(...(await proofOf(asked, recipient, io)));
  return written(place, { ...asked, proof }, options, io);
}

async function proofOf(asked: AccessRequest, recipient: string, io: Io): Promise<Proof[]> {
  const text = signedText(asked);
  if (recipient.startsWith('ssh-'))
    return [{ kind: 'ssh', signature: await signWithSsh(text, recipient, io) }];
  if (recipient.startsWith('age1')) return [];
  return [{ kind: 'pgp', ...(await signWithPgp(text, recipient, io)) }];
}

/** A recipient as requests have it: without the comment of an SSH key, a fingerprint in capitals. */
export function normalised(text: string): string {
  const trimmed = text.trim();
  if (trimmed.startsWith('ssh-'))
    return trimmed
      .split(/[ \t]+/)
      .slice(0, 2)
      .join(' ');
  return trimmed.startsWith('age1') ? trimmed : trimmed.replaceAll(' ', '').replace(/^0x/i, '').toUpperCase();
}

/** A key of this machine: one of SSH, which signs; else one of age. */
async function ownKey(io: Io): Promise<string> {
  const [key] = sshKeyFiles(io).flatMap((file) => publicKeyOf(file, io) ?? []);
  if (key !== undefined) return key;
  const { keyChoices } = await import('../init/keys.ts');
  const choice = (await keyChoices(io)).find(({ isNew }) => !isNew);
  if (choice !== undefined) return choice.recipient();
  throw new SottoError('request-invalid', 'no key was found here that could be asked for', {
    hint: '"sotto keygen" makes one; or name a public key: --recipient age1…, an SSH public key, or the fingerprint of a PGP key',
  });
}

async function written(
  place: Place,
  request: AccessRequest,
  { confirm }: Pick<RequestOptions, 'confirm'>,
  io: Io,
): Promise<RequestResult> {
  const path = requestPath(place, request.name);
  const file = relative(io.folder, path);
  const isThere = io.exists(path);
  const isWritten = await confirm(file, isThere);
  const bytes = Buffer.from(printRequest(request));
  if (isWritten && isThere) await io.write(path, bytes);
  else if (isWritten) io.create(path, bytes, 0o644);
  const proven = request.proof.flatMap((proof) =>
    proof.kind === 'age' && proof.answer === undefined ? [] : [proof],
  );
  const unproven = request.recipients.filter(
    (recipient) =>
      recipient.startsWith('age1') &&
      !proven.some((proof) => proof.kind === 'age' && proof.recipient === recipient),
  );
  return { file, isWritten, request, unproven };
}

/** Answer the challenges of a request with the keys of this machine. */
export async function answer(
  options: Omit<RequestOptions, 'teams' | 'recipients'>,
  io: Io,
): Promise<RequestResult> {
  const tools = toolsOf(io, options);
  const place = placeOf(tools, randomUUID, io);
  const request = readRequest(place, options.name, io);
  if (request.repository !== place.repository || request.name !== options.name)
    throw invalid('it was made for another repository, or another name');
  const proof: Proof[] = [];
  for (const one of request.proof)
    proof.push(
      one.kind === 'age' && one.answer === undefined ? await answerTo(request, one, tools.keyring) : one,
    );
  if (!proof.some(({ kind }) => kind === 'age'))
    throw invalid(
      'it has no challenge to answer',
      'a challenge is made with: sotto approve --challenge NAME',
    );
  return written(place, { ...request, proof }, options, io);
}

/** @throws SottoError `request-invalid` */
export function readRequest(place: Place, name: string, io: Io): AccessRequest {
  const path = requestPath(place, name);
  const bytes = io.readBytes(path);
  if (bytes === undefined)
    throw new SottoError('request-invalid', `there is no request of ${name}`, {
      file: relative(io.folder, path),
      hint: `it is made with "sotto request --name ${name} --team TEAM", and comes with a branch`,
    });
  return parseRequest(decodeUtf8(bytes));
}
