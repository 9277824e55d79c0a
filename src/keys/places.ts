import { posix, win32 } from 'node:path';
import { type AgeIdentity, ageIdentity } from './age.ts';
import { parseIdentities } from './identity-file.ts';
import type { KeyWorld } from './world.ts';

/** A place where identities can be, and what was found there. */
export interface IdentityPlace {
  /** As a user would name it: `SOPS_AGE_KEY_FILE=/x/keys.txt`. */
  readonly name: string;
  readonly identities: readonly AgeIdentity[];
  /** Why nothing was found; empty if something was, or the place is simply not there. */
  readonly problem: string;
  readonly isThere: boolean;
}

/**
 * Look in all places that sops looks in (sops `age/keysource.go`, loadIdentities). A bad place does not spoil the
 * others.
 *
 * @param recipient handed to key commands, as `SOPS_AGE_RECIPIENT`
 */
export async function findIdentities(world: KeyWorld, recipient: string): Promise<IdentityPlace[]> {
  const { environment } = world;
  const places: IdentityPlace[] = [];
  for (const name of ['SOPS_AGE_SSH_PRIVATE_KEY_FILE', 'SOPS_AGE_SSH_PRIVATE_KEY_CMD']) {
    if (isSet(environment[name])) places.push(failed(name, 'SSH keys are not supported yet'));
  }
  const key = environment['SOPS_AGE_KEY'];
  if (isSet(key)) places.push(await look('SOPS_AGE_KEY', () => fromVariable(key)));
  const file = environment['SOPS_AGE_KEY_FILE'];
  if (file !== undefined)
    places.push(await look(`SOPS_AGE_KEY_FILE=${file}`, () => fromFile(world, file, true)));
  const command = environment['SOPS_AGE_KEY_CMD'];
  if (isSet(command)) {
    const run = async (): Promise<AgeIdentity[]> =>
      parseIdentities(
        textOf(await world.runCommand(command, { SOPS_AGE_RECIPIENT: recipient })),
        'SOPS_AGE_KEY_CMD',
      );
    places.push(await look('SOPS_AGE_KEY_CMD', run));
  }
  const usual = userKeyFile(world);
  if (usual !== undefined) places.push(await look(usual, () => fromFile(world, usual, false)));
  return places;
}

/** `sops/age/keys.txt` in the user's folder for configuration. */
export function userKeyFile({
  environment,
  platform,
  home,
}: Pick<KeyWorld, 'environment' | 'platform' | 'home'>): string | undefined {
  if (platform === 'win32') {
    const folder = environment['AppData'] ?? environment['APPDATA'];
    return folder === undefined ? undefined : win32.join(folder, 'sops', 'age', 'keys.txt');
  }
  const xdg = environment['XDG_CONFIG_HOME'];
  if (isSet(xdg)) return posix.join(xdg, 'sops/age/keys.txt');
  if (home === '') return undefined;
  return posix.join(
    home,
    platform === 'darwin' ? 'Library/Application Support' : '.config',
    'sops/age/keys.txt',
  );
}

async function look(
  name: string,
  find: () => readonly AgeIdentity[] | undefined | Promise<readonly AgeIdentity[] | undefined>,
): Promise<IdentityPlace> {
  try {
    const identities = await find();
    return { name, identities: identities ?? [], problem: '', isThere: identities !== undefined };
  } catch (error) {
    return failed(name, error instanceof Error ? error.message : 'unreadable');
  }
}

function failed(name: string, problem: string): IdentityPlace {
  return { name, identities: [], problem, isThere: true };
}

/** Identities between white space; this variable is the only place where lines are trimmed. */
function fromVariable(text: string): AgeIdentity[] {
  if (text.trimStart().startsWith('-----BEGIN')) return parseIdentities(text.trim(), 'SOPS_AGE_KEY');
  const words = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(/\s+/))
    .filter((word) => word !== '');
  return words.map((word) => ageIdentity(word, 'SOPS_AGE_KEY'));
}

function fromFile(world: KeyWorld, path: string, required: boolean): AgeIdentity[] | undefined {
  const bytes = world.readBytes(path);
  if (bytes !== undefined) return parseIdentities(textOf(bytes), path);
  if (required) throw new Error('there is no such file');
  return undefined;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
