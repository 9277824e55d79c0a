import type { KeyHost, ProgramResult } from '../host.ts';
import { type SessionKeys, sessionKeysOf } from './message.ts';

/** sops's variable for another program than `gpg` (sops `pgp/keysource.go`, SopsGpgExecEnv). */
const PROGRAM_VARIABLE = 'SOPS_GPG_EXEC';
/** Nobody is asked on gpg's own stdin; a passphrase is asked for by the agent's pinentry. */
const QUIETLY: readonly string[] = ['--batch', '--no-tty', '--status-fd', '2'];
const STATUS = '[GNUPG:] ';
/** The part of a number of libgpg-error that is the code (`gpg-error.h`, GPG_ERR_CODE_MASK). */
const CODE_MASK = 0xffff;

/** Reasons why a secret key could not be used, by code (`gpg-error.h`). */
const DECRYPT_REASONS: ReadonlyMap<number, string> = new Map([
  [11, 'wrong passphrase'],
  [62, 'nobody entered the passphrase in time'],
  [77, 'gpg-agent is not running, and was not started'],
  [78, 'gpg-agent failed'],
  [85, 'gpg-agent has no pinentry to ask for the passphrase; install one, or set pinentry-program'],
  [86, 'pinentry failed to ask for the passphrase'],
  [99, 'the question for the passphrase was canceled'],
  [108, 'the smart card was removed'],
  [112, 'the smart card with the key is not there'],
  [198, 'the question for the passphrase was canceled'],
  [
    0x8066,
    'pinentry has no terminal to ask for the passphrase; set GPG_TTY=$(tty), or unlock the key before (gpg-preset-passphrase)',
  ],
]);

/** A message that gpg encrypted. */
export interface Encrypted {
  /** Armored, without white space around it. */
  readonly message: string;
  /** The fingerprint of the key that gpg took, its primary one; empty if it did not say. */
  readonly fingerprint: string;
  /** The id of the key or subkey for which the message is encrypted, 16 hex digits in capitals. */
  readonly keyId: string;
}

/** The program gpg, with the keyring, agent and pinentry that the user has. One call at a time: keyrings have locks. */
export class Gpg {
  readonly #host: KeyHost;
  #last: Promise<unknown> = Promise.resolve();
  #terminal: string | undefined;

  constructor(host: KeyHost) {
    this.#host = host;
  }

  /** The program's name, for messages. */
  get name(): string {
    const name = this.#host.environment[PROGRAM_VARIABLE];
    return name === undefined || name === '' ? 'gpg' : name;
  }

  /** Its full path; `undefined` if it is not installed. */
  get path(): string | undefined {
    return this.#host.findProgram(this.name);
  }

  /** Its full path. @throws Error that says what to do if it is not installed */
  requirePath(): string {
    const { path } = this;
    if (path !== undefined) return path;
    throw new Error(`${this.name} was not found; install GnuPG, or name the program in ${PROGRAM_VARIABLE}`);
  }

  /**
   * Encrypt for a key, whether or not gpg trusts it. sops says `--trusted-key`, by which gpg trusts the key ultimately
   * from then on; `--trust-model always` holds for this call only.
   *
   * @param key a fingerprint or a long key id; with `!` behind it gpg takes no other subkey
   * @throws Error with the reason and what to do
   */
  async encrypt(plain: Uint8Array, key: string): Promise<Encrypted> {
    const args = ['--no-default-recipient', '--yes', '--encrypt', '-a', '-r', key];
    const alone = ['--trust-model', 'always', '--no-encrypt-to', '--no-throw-keyids'];
    const result = await this.#run([...args, ...alone], plain);
    const message = Buffer.from(result.stdout).toString('latin1').trim();
    if (result.status !== 0 || message === '') throw new Error(await this.#whyNotFor(key, result));
    const keyId = onlyKeyOf(sessionKeysOf(message));
    return { message, fingerprint: statusOf(result, 'KEY_CONSIDERED')[0]?.[0] ?? '', keyId };
  }

  /**
   * Decrypt a message that was encrypted for a key.
   *
   * @returns `null` when there is no secret key for it
   * @throws Error with the reason
   */
  async decrypt(message: string): Promise<Uint8Array | null> {
    refuseWithoutKey(sessionKeysOf(message));
    const args = this.#host.isUnattended === true ? ['--pinentry-mode', 'error', '-d'] : ['-d'];
    const result = await this.#run(args, Buffer.from(message, 'latin1'), this.#withTerminal());
    if (result.status === 0) {
      refuseUnlessDecrypted(result);
      if (result.stdout.length > 0) return result.stdout;
      throw new Error('gpg decrypted nothing; the message may need a newer gpg');
    }
    const codes = statusOf(result, 'ERROR').map(([, code = '']) => Number(code) & CODE_MASK);
    const reason = codes.map((code) => DECRYPT_REASONS.get(code)).find((known) => known !== undefined);
    if (reason !== undefined) throw new Error(reason);
    const agent = complaints(result).find((line) => line.includes('agent') && !line.includes("server '"));
    if (agent !== undefined) throw new Error(agent);
    if (codes.length === 0 && statusOf(result, 'NO_SECKEY').length > 0) return null;
    throw new Error(complaints(result)[0] ?? `gpg ended with status ${result.status}`);
  }

  /** Why gpg did not encrypt: it says itself that a key is missing; for others its listing tells more. */
  async #whyNotFor(key: string, result: ProgramResult): Promise<string> {
    const [said = `gpg ended with status ${result.status}`] = complaints(result);
    const [invalid] = statusOf(result, 'INV_RECP');
    if (invalid === undefined) return said;
    const listing = await this.#run(['--with-colons', '--list-keys', key], undefined);
    const fields = Buffer.from(listing.stdout)
      .toString('utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find(([type]) => type === 'pub');
    if (fields === undefined)
      return `gpg has no public key for it; get the key from its owner and import it (gpg --import FILE), or ask a key server (gpg --recv-keys ${key})`;
    return problemOf(fields) ?? said;
  }

  async #run(
    args: readonly string[],
    stdin: Uint8Array | undefined,
    environment: { readonly [name: string]: string } = {},
  ): Promise<ProgramResult> {
    const path = this.requirePath();
    const run = this.#last.then(() =>
      this.#host.runProgram(path, [...QUIETLY, ...args], { environment, stdin }),
    );
    this.#last = run.catch(() => undefined);
    return run;
  }

  /** gpg's stdin is no terminal here, so pinentry has to be told where there is one. */
  #withTerminal(): { GPG_TTY?: string } {
    if ((this.#host.environment['GPG_TTY'] ?? '') !== '') return {};
    this.#terminal ??= this.#host.terminal() ?? '';
    return this.#terminal === '' ? {} : { GPG_TTY: this.#terminal };
  }
}

/** The key for which gpg encrypted. @throws Error unless it is one key, and nothing else opens the message */
function onlyKeyOf(keys: SessionKeys | undefined): string {
  if (keys === undefined) throw new Error(`gpg made a message that can not be read`);
  const [keyId, ...others] = keys.keyIds;
  if (keyId !== undefined && others.length === 0 && keys.passwords === 0) return keyId;
  throw new Error(
    `gpg encrypted for ${keys.keyIds.length} keys, not for one; take lines such as "recipient" and "group" out of gpg.conf`,
  );
}

/** A message that needs no secret key is one that anybody can make, and asking for its password helps nobody but them. */
function refuseWithoutKey(keys: SessionKeys | undefined): void {
  if (keys === undefined || keys.keyIds.length > 0) return;
  const state = keys.passwords > 0 ? 'encrypted with a password only' : 'not encrypted';
  throw new Error(`its message is ${state}, so it is not from a tool that encrypts for keys`);
}

/**
 * gpg hands out what is in a message whether or not it was encrypted, and ends with 0. Only its status lines tell that a
 * secret key gave the session key, and that all of the text comes from inside of the encryption (GnuPG `doc/DETAILS`).
 *
 * @throws Error when they do not
 */
function refuseUnlessDecrypted(result: ProgramResult): void {
  const lines = statusLines(result).map(([kind = '']) => kind);
  const count = (kind: string): number => lines.filter((one) => one === kind).length;
  const [begin, text, okay, end] = ['BEGIN_DECRYPTION', 'PLAINTEXT', 'DECRYPTION_OKAY', 'END_DECRYPTION'].map(
    (kind) => (count(kind) === 1 ? lines.indexOf(kind) : Number.NaN),
  );
  const isInside = Number(begin) < Number(text) && Number(text) < Number(okay) && Number(okay) < Number(end);
  if (isInside && count('DECRYPTION_KEY') > 0) return;
  throw new Error(
    isInside
      ? 'gpg did not say that a secret key opened the message; it may be encrypted with a password only (or gpg is older than 2.1.19)'
      : 'gpg did not say that the message was encrypted',
  );
}

/** What is wrong with a key, by the fields of its line `pub` (GnuPG `doc/DETAILS`). */
function problemOf(fields: readonly string[]): string | undefined {
  const validity = fields[1] ?? '';
  const capabilities = fields[11] ?? '';
  if (validity === 'r')
    return 'the key was revoked; take it out of .sops.yaml, and ask its owner for the new one';
  if (validity === 'e') {
    const date = new Date(Number(fields[6]) * 1000);
    const when = Number.isNaN(date.getTime()) ? '' : ` on ${date.toISOString().slice(0, 10)}`;
    return `the key expired${when}; ask its owner to prolong it, and import it again (gpg --import FILE)`;
  }
  if (capabilities.includes('D')) return 'the key is disabled; gpg --edit-key can enable it';
  if (!capabilities.includes('E'))
    return 'the key has no valid subkey for encryption; ask its owner for one, and import the key again';
  return undefined;
}

/** The arguments of each status line of a kind. */
function statusOf(result: ProgramResult, kind: string): string[][] {
  return statusLines(result).flatMap(([found, ...args]) => (found === kind ? [args] : []));
}

/** The words of each status line, of which the first is its kind. */
function statusLines({ stderr }: ProgramResult): string[][] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith(STATUS))
    .map((line) => line.slice(STATUS.length).trim().split(' '));
}

/** What gpg says for people, without its name in front. */
function complaints({ stderr }: ProgramResult): string[] {
  return stderr
    .split('\n')
    .filter((line) => /^gpg\S*: /.test(line))
    .map((line) => line.replace(/^gpg\S*: /, '').trim());
}
