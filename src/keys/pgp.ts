import type { KeyEntry, MetadataMap } from '../core/metadata.ts';
import { lastModifiedOf } from '../core/time.ts';
import { messageOf, SottoError } from '../errors.ts';
import { Gpg, type Sealed } from './gpg.ts';
import type { KeyKind, KeyUse, Recipient } from './key.ts';
import type { KeyWorld } from './world.ts';

const NAME = 'pgp';
/** What sops gives to gpg both as a recipient and as a trusted key: a fingerprint (v4, v5) or a long key id. */
const FINGERPRINT = /^(?:0x)?(?:[0-9a-f]{16}|[0-9a-f]{40}|[0-9a-f]{64})!?$/i;
const LONG_ID_LENGTH = 16;
const FINGERPRINT_LENGTH = 40;
/** Of these the key id is the beginning. */
const V5_LENGTH = 64;

/** PGP keys, through the program gpg. The old `secring.gpg`, which sops looks into first, is gpg's own business here. */
export const pgp: KeyKind = { name: NAME, isLocal: true, idOf, fieldsOf, isSame, start };

function idOf({ fp }: MetadataMap): string {
  return typeof fp === 'string' ? fp : '';
}

function fieldsOf(id: string): MetadataMap {
  return { fp: id };
}

/** Upper and lower case are one, and a long key id is the end of its fingerprint. */
function isSame(one: string, other: string): boolean {
  const [short = '', long = ''] = [digits(one), digits(other)].sort((a, b) => a.length - b.length);
  return short === long || (short.length === LONG_ID_LENGTH && long.endsWith(short));
}

function digits(fingerprint: string): string {
  return fingerprint.replaceAll(' ', '').replace(/^0x/i, '').toUpperCase();
}

/** Without what gpg takes in front and behind. */
function bare(id: string): string {
  return id.replace(/^0x/i, '').replace(/!$/, '');
}

function start(world: KeyWorld): KeyUse {
  const gpg = new Gpg(world);
  const parse = (text: string): Recipient => {
    const id = text.replaceAll(' ', '');
    const problem = problemOf(id);
    if (problem !== undefined) throw invalid(id, ...problem);
    return { kind: NAME, id, wrap: (dataKey) => wrap(gpg, id, dataKey, world.now()) };
  };
  const identity = { kind: NAME, source: 'gpg', unwrap: (entry: KeyEntry) => unwrap(gpg, entry) };
  return {
    parse,
    recipientOf: ({ fields }) => parse(idOf(fields)),
    identitiesFor: async () => {
      gpg.require();
      return [identity];
    },
    noneFits: 'gpg has no secret key for it',
    advice: 'import the secret key (gpg --import FILE), or set GNUPGHOME to the folder that has it',
    places: () => Promise.resolve([describe(gpg, world)]),
  };
}

async function wrap(gpg: Gpg, id: string, dataKey: Uint8Array, now: Date): Promise<KeyEntry> {
  const { message, fingerprint } = await sealFor(gpg, id, dataKey);
  const isLongId = digits(id).length === LONG_ID_LENGTH && fingerprint.endsWith(digits(id));
  return {
    kind: NAME,
    fields: { created_at: lastModifiedOf(now), enc: message, fp: isLongId ? fingerprint : id },
  };
}

/**
 * Of a key with several subkeys gpg takes the one that it likes best, also when another one was named, unless that has
 * a `!` behind it. Who names a subkey means that one, and the file is to say for whom it is.
 */
async function sealFor(gpg: Gpg, id: string, dataKey: Uint8Array): Promise<Sealed> {
  const sealed = await gpg.encrypt(dataKey, id);
  if (names(id, sealed)) return sealed;
  const exact = `${bare(id)}!`;
  const again = await gpg.encrypt(dataKey, exact).catch((error) => {
    throw new Error(`it is a subkey with which gpg can not encrypt (${exact}: ${messageOf(error)})`);
  });
  if (names(id, again)) return again;
  throw new Error(`gpg encrypted for the key ${again.keyId} instead; write ${exact}, or name another key`);
}

/** Whether a text names the key for which a message is encrypted: that key itself, or the primary one above it, if gpg said which. */
function names(id: string, { fingerprint, keyId }: Sealed): boolean {
  if (fingerprint === '') return true;
  const wanted = digits(bare(id));
  const isPrimary = wanted.length === LONG_ID_LENGTH ? fingerprint.endsWith(wanted) : fingerprint === wanted;
  if (isPrimary && !id.endsWith('!')) return true;
  return (
    (wanted.length === V5_LENGTH ? wanted.slice(0, LONG_ID_LENGTH) : wanted.slice(-LONG_ID_LENGTH)) === keyId
  );
}

async function unwrap(gpg: Gpg, { fields: { enc } }: KeyEntry): Promise<Uint8Array | null> {
  if (typeof enc !== 'string' || enc === '') throw new Error('the entry has no enc');
  return gpg.decrypt(enc);
}

function describe(gpg: Gpg, { environment }: KeyWorld): string {
  const { path, name } = gpg;
  if (path === undefined) return `${name}: not found`;
  const home = environment['GNUPGHOME'];
  return home === undefined || home === '' ? path : `${path}, GNUPGHOME=${home}`;
}

/** What is wrong with a text that is no fingerprint, and what to do. */
function problemOf(text: string): readonly [problem: string, hint: string] | undefined {
  if (FINGERPRINT.test(text)) return undefined;
  if (text === '') return ['it is empty', 'a fingerprint has 40 hex digits; gpg --list-keys prints it'];
  if (/-----BEGIN/.test(text))
    return [
      'it is a key, not the fingerprint of one',
      'import the key (gpg --import FILE) and name its fingerprint; gpg --show-keys FILE prints it',
    ];
  if (text.includes('@'))
    return [
      'it is an e-mail address, and anybody can make a key with that',
      `name the fingerprint; gpg --list-keys ${text.replace(/[^\w.@+-]/g, '')} prints it`,
    ];
  const hex = bare(text);
  const wrong = /[^0-9a-f]/i.exec(hex);
  const hint = 'a fingerprint has 40 hex digits; gpg --list-keys prints it';
  if (wrong === null) return [`it has ${hex.length} hex digits, not ${FINGERPRINT_LENGTH}`, hint];
  return [`its character ${wrong.index + 1}, "${wrong[0]}", is no hex digit`, hint];
}

function invalid(text: string, problem: string, hint: string): SottoError {
  const shown = text.startsWith('-----') ? '' : ` "${text}"`;
  return new SottoError('recipient-invalid', `malformed PGP fingerprint${shown}: ${problem}`, { hint });
}
