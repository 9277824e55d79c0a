import type { KeyEntry, MetadataMap } from '../core/metadata.ts';
import { lastModifiedOf } from '../core/time.ts';
import { SottoError } from '../errors.ts';
import { Gpg } from './gpg.ts';
import type { KeyKind, KeyUse, Recipient } from './key.ts';
import type { KeyWorld } from './world.ts';

const NAME = 'pgp';
/** What sops gives to gpg both as a recipient and as a trusted key: a fingerprint (v4, v5) or a long key id. */
const FINGERPRINT = /^(?:0x)?(?:[0-9a-f]{16}|[0-9a-f]{40}|[0-9a-f]{64})!?$/i;
const LONG_ID_LENGTH = 16;
const FINGERPRINT_LENGTH = 40;

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
  const { message, fingerprint } = await gpg.encrypt(dataKey, id);
  const isLongId = digits(id).length === LONG_ID_LENGTH && fingerprint.endsWith(digits(id));
  return {
    kind: NAME,
    fields: { created_at: lastModifiedOf(now), enc: message, fp: isLongId ? fingerprint : id },
  };
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
  const bare = text.replace(/^0x/i, '').replace(/!$/, '');
  const wrong = /[^0-9a-f]/i.exec(bare);
  const hint = 'a fingerprint has 40 hex digits; gpg --list-keys prints it';
  if (wrong === null) return [`it has ${bare.length} hex digits, not ${FINGERPRINT_LENGTH}`, hint];
  return [`its character ${wrong.index + 1}, "${wrong[0]}", is no hex digit`, hint];
}

function invalid(text: string, problem: string, hint: string): SottoError {
  const shown = text.startsWith('-----') ? '' : ` "${text}"`;
  return new SottoError('recipient-invalid', `malformed PGP fingerprint${shown}: ${problem}`, { hint });
}
