import { createHash } from 'node:crypto';
import { posix, win32 } from 'node:path';
import { messageOf } from '../../errors.ts';
import { oneLine } from '../../text/printable.ts';
import type { KeyHost } from '../host.ts';
import { type AgeIdentity, ageIdentity } from './entry.ts';
import { once } from './file-key.ts';
import {
  type AgeKey,
  decodeIdentities,
  isPlain,
  parseIdentityLines,
  parseIdentityWords,
} from './identity.ts';
import type { KeychainHost } from './keychain.ts';
import type { Plugins } from './plugin/plugins.ts';

/** Where identities can be, and what was found there. */
export interface IdentitySource {
  /** As a user would name it: `SOPS_AGE_KEY_FILE=/x/keys.txt`. */
  readonly name: string;
  readonly identities: readonly AgeIdentity[];
  /** Why nothing was found; empty if something was, or it is simply not there. */
  readonly problem: string;
  readonly isThere: boolean;
  /** The file that has them. */
  readonly file?: string | undefined;
}

/** Looks for identities in one source, on behalf of a recipient. */
type Look = (recipient: string) => Promise<IdentitySource>;

/**
 * All sources that sops has, in its order (sops `age/keysource.go`, loadIdentities), and the credentials of a service in
 * front of the user's own file. A damaged one does not spoil the
 * others. Files are read once, commands once for each recipient, and what they print is only parsed again when it
 * is something else: so a passphrase is asked for once.
 */
export class IdentitySources {
  readonly #host: KeyHost;
  readonly #plugins: Plugins;
  /** Those of SSH keys. */
  readonly #ssh: readonly Look[];
  /** Those of age identities. */
  readonly #age: readonly Look[];

  constructor(host: KeyHost, plugins: Plugins) {
    this.#host = host;
    this.#plugins = plugins;
    const { environment } = host;
    this.#ssh = [
      this.#namedFile('SOPS_AGE_SSH_PRIVATE_KEY_FILE'),
      this.#command('SOPS_AGE_SSH_PRIVATE_KEY_CMD'),
      ...sshKeyFiles(host).map((path) => this.#file(path)),
    ].flatMap((look) => look ?? []);
    this.#age = [
      this.#variable('SOPS_AGE_KEY', environment['SOPS_AGE_KEY']),
      this.#namedFile('SOPS_AGE_KEY_FILE'),
      this.#command('SOPS_AGE_KEY_CMD'),
      ...credentialFiles(host).map((path) => this.#file(path)),
      ...[userKeyFile(host)].flatMap((path) => (path === undefined ? [] : [this.#file(path)])),
    ].flatMap((look) => look ?? []);
  }

  /** @param recipient handed to key commands, as `SOPS_AGE_RECIPIENT` */
  async sshKeys(recipient: string): Promise<IdentitySource[]> {
    return Promise.all(this.#ssh.map((look) => look(recipient)));
  }

  /** @param recipient handed to key commands, as `SOPS_AGE_RECIPIENT` */
  async ageKeys(recipient: string): Promise<IdentitySource[]> {
    return Promise.all(this.#age.map((look) => look(recipient)));
  }

  #variable(name: string, text: string | undefined): Look | undefined {
    if (!isSet(text)) return undefined;
    const bytes = Buffer.from(text);
    const parse = async (): Promise<AgeKey[]> =>
      isPlain(bytes) ? parseIdentityWords(text, this.#plugins) : this.#parse(bytes, name);
    return once(async () => look(name, parse));
  }

  /** A file that a variable names: it has to be there. */
  #namedFile(variable: string): Look | undefined {
    const path = this.#host.environment[variable];
    if (path === undefined) return undefined;
    if (path === '') return once(async () => look(variable, async () => empty()));
    // Its name would show it: in an error, and so in the log of a pipeline.
    if (PRIVATE_KEY.test(path)) return once(async () => look(variable, async () => keyForName()));
    return once(async () =>
      look(`${variable}=${path}`, async () => (await this.#read(path)) ?? missing(), path),
    );
  }

  #file(path: string): Look {
    return once(async () => look(path, () => this.#read(path), path));
  }

  async #read(path: string): Promise<AgeKey[] | undefined> {
    const bytes = this.#host.readBytes(path);
    return bytes === undefined ? undefined : this.#parse(bytes, path, path);
  }

  #command(variable: string): Look | undefined {
    const command = this.#host.environment[variable];
    if (!isSet(command)) return undefined;
    const printed = new Map<string, AgeKey[]>();
    const looked = new Map<string, Promise<IdentitySource>>();
    const run = async (recipient: string): Promise<AgeKey[]> => {
      const bytes = await this.#host.runCommand(command, { SOPS_AGE_RECIPIENT: recipient });
      const hash = createHash('sha256').update(bytes).digest('hex');
      const keys = printed.get(hash) ?? (await this.#parse(bytes, variable));
      printed.set(hash, keys);
      return keys;
    };
    return (recipient) => {
      const place = looked.get(recipient) ?? look(variable, () => run(recipient));
      looked.set(recipient, place);
      return place;
    };
  }

  /** What few people have is only loaded for them: SSH keys, passphrases. */
  async #parse(bytes: Uint8Array, name: string, path?: string): Promise<AgeKey[]> {
    const aids = { plugins: this.#plugins, keychain: keychainReader(this.#host) };
    if (isPlain(bytes)) return parseIdentityLines(decodeIdentities(bytes), aids);
    const { parseIdentityFile } = await import('./identity-file.ts');
    return parseIdentityFile(bytes, {
      name,
      passphrase: () => askPassphrase(this.#host, name),
      publicText: () => {
        const text = path === undefined ? undefined : this.#host.readBytes(`${path}.pub`);
        return text === undefined ? undefined : Buffer.from(text).toString('utf8');
      },
      ...aids,
    });
  }
}

/** Reads the keychain of a machine. */
export function keychainReader(host: KeychainHost): (recipient: string) => Promise<string> {
  return async (recipient) => (await import('./keychain.ts')).readKeychain(host, recipient);
}

/** Where a user's own SSH keys are. */
export function sshKeyFiles({ home, platform }: Pick<KeyHost, 'home' | 'platform'>): string[] {
  if (home === '') return [];
  const { join } = platform === 'win32' ? win32 : posix;
  return ['id_ed25519', 'id_rsa'].map((name) => join(home, '.ssh', name));
}

/** Names that a unit of systemd can give a key among its credentials (`LoadCredential=sotto-key:/etc/…`). */
const CREDENTIALS = ['sotto-key', 'age-key'];

/** Where systemd hands keys to a service (systemd.exec(5), `CREDENTIALS_DIRECTORY`). */
function credentialFiles({ environment }: Pick<KeyHost, 'environment'>): string[] {
  const folder = environment['CREDENTIALS_DIRECTORY'];
  if (folder === undefined || !posix.isAbsolute(folder)) return [];
  return CREDENTIALS.map((name) => posix.join(folder, name));
}

/** `sops/age/keys.txt` in the user's folder for configuration. */
export function userKeyFile({
  environment,
  platform,
  home,
}: Pick<KeyHost, 'environment' | 'platform' | 'home'>): string | undefined {
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
  find: () => Promise<readonly AgeKey[] | undefined>,
  file?: string,
): Promise<IdentitySource> {
  try {
    const keys = await find();
    const identities = (keys ?? []).map((key) => ageIdentity(key, name));
    return { name, file, identities, problem: '', isThere: keys !== undefined };
  } catch (error) {
    const problem = messageOf(error);
    return { name, file, identities: [], problem, isThere: true };
  }
}

function missing(): never {
  throw new Error('there is no such file');
}

/** An identity of age, or a private key in armor, whatever is around it; no name of a file is like that. */
const PRIVATE_KEY = /AGE-(?:SECRET-KEY|PLUGIN)-[A-Z\d-]*1[02-9AC-HJ-NP-Z]{20}|-----BEGIN /i;

function keyForName(): never {
  throw new Error(
    'a private key stands in it, where the name of a file belongs; SOPS_AGE_KEY takes the key itself',
  );
}

function empty(): never {
  throw new Error('it is set, but empty');
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

/**
 * Ask on the terminal for the passphrase of an identity.
 *
 * @param name of the file, or the variable, that it protects
 * @throws Error when there is no terminal, or nobody answers
 */
export async function askPassphrase(
  { askSecret, terminal }: Pick<KeyHost, 'askSecret' | 'terminal'>,
  name: string,
): Promise<string> {
  const answer = await askSecret(`Enter passphrase for ${oneLine(name)}: `);
  if (answer === undefined) {
    const why = terminal() === undefined ? 'there is no terminal to ask for it' : 'nobody gave it';
    throw new Error(`it is protected with a passphrase, and ${why}`);
  }
  if (answer === '') throw new Error('no passphrase was given');
  return answer;
}
