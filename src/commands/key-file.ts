import type { Io } from '../io/io.ts';
import { LARGEST_SETTING } from '../io/read-file.ts';
import { sshKeyFiles, userKeyFile } from '../keys/age/identity-sources.ts';

/** A private key of SSH or PGP, as their programs write it. */
const ARMOR = /^\s*-----BEGIN (?:OPENSSH PRIVATE KEY|PGP PRIVATE KEY BLOCK)-----/;
const IDENTITY = /^AGE-(?:SECRET-KEY|PLUGIN)-/i;
/** Variables that name files with keys. */
const VARIABLES = ['SOPS_AGE_KEY_FILE', 'SOPS_AGE_SSH_PRIVATE_KEY_FILE'] as const;

/**
 * Whether a file holds a private key that opens files, or is in a place where one is looked for: encrypted with others
 * it would lock its owner out. A value among others that is such a key is a secret like any.
 */
export function isKeyFile(io: Io, path: string, bytes: Uint8Array): boolean {
  if (placesOf(io).has(io.realPath(path))) return true;
  if (bytes.length > LARGEST_SETTING) return false;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (ARMOR.test(text)) return true;
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.length > 0 && lines.every((line) => IDENTITY.test(line));
}

const PLACES = new WeakMap<Io, ReadonlySet<string>>();

/** Where keys are looked for, behind all links; worked out once a run. */
function placesOf(io: Io): ReadonlySet<string> {
  const known = PLACES.get(io);
  if (known !== undefined) return known;
  const named = VARIABLES.flatMap((name) => io.environment[name] || []).map((file) => io.absolute(file));
  const own = userKeyFile(io);
  const places = [...named, ...sshKeyFiles(io), ...(own === undefined ? [] : [own])];
  const real = new Set(places.map((place) => io.realPath(place)));
  PLACES.set(io, real);
  return real;
}
