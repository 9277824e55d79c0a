import { oneLine } from '../../text/printable.ts';
import type { KeyHost, ProgramResult } from '../host.ts';

/** What a keychain needs of the machine. */
export type KeychainHost = Pick<KeyHost, 'platform' | 'findProgram' | 'runProgram'>;

/** A program in front of the system's keychain. The secret is never among its arguments, which other users can see. */
interface KeychainProgram {
  readonly name: string;
  /** Which package has it, where it need not be there. */
  readonly package?: string;
  readonly keep: (recipient: string, secret: string) => Call;
  readonly read: (recipient: string) => Call;
  /** The command line that prints the secret, for people. */
  readonly shown: (recipient: string) => string;
}

interface Call {
  readonly args: readonly string[];
  readonly stdin?: string;
}

const SERVICE = 'sotto';

/** The Secret Service of Linux desktops (GNOME Keyring, KWallet, KeePassXC). */
const SECRET_TOOL: KeychainProgram = {
  name: 'secret-tool',
  package: 'libsecret-tools (Debian, Ubuntu) or libsecret',
  keep: (recipient, stdin) => ({
    args: ['store', `--label=sotto: ${shortOf(recipient)}`, ...attributesOf(recipient)],
    stdin,
  }),
  read: (recipient) => ({ args: ['lookup', ...attributesOf(recipient)] }),
  shown: (recipient) => `secret-tool lookup ${attributesOf(recipient).join(' ')}`,
};

/** The keychain of macOS; with `-i` the program reads its commands from stdin. */
const SECURITY: KeychainProgram = {
  name: 'security',
  keep: (recipient, secret) => ({
    args: ['-i'],
    stdin: `add-generic-password -U -s ${SERVICE} -a ${recipient} -w ${secret}\n`,
  }),
  read: (recipient) => ({ args: ['find-generic-password', '-s', SERVICE, '-a', recipient, '-w'] }),
  shown: (recipient) => `security find-generic-password -s ${SERVICE} -a ${recipient} -w`,
};

function attributesOf(recipient: string): string[] {
  return ['service', SERVICE, 'recipient', recipient];
}

function shortOf(recipient: string): string {
  return recipient.length <= 70 ? recipient : `${recipient.slice(0, 24)}…${recipient.slice(-8)}`;
}

/** The command line with which people read a secret. */
export function readingCommand({ platform }: Pick<KeychainHost, 'platform'>, recipient: string): string {
  return programFor(platform).shown(recipient);
}

/**
 * Keep an identity in the keychain, and read it back: what is not there afterwards would be lost.
 *
 * @throws Error with the reason, in which there is no secret
 */
export async function keepInKeychain(host: KeychainHost, recipient: string, identity: string): Promise<void> {
  const program = programFor(host.platform);
  const { status, stderr } = await run(host, program, program.keep(recipient, identity));
  const said = oneLine(stderr.trim());
  if (status !== 0) throw new Error(`${program.name} failed${said === '' ? '' : `: ${said}`}`);
  if ((await readKeychain(host, recipient)) !== identity)
    throw new Error(
      `${program.name} does not give back what it was to keep${said === '' ? '' : `: ${said}`}`,
    );
}

/** The identity of a recipient, as the keychain has it. @throws Error with the reason */
export async function readKeychain(host: KeychainHost, recipient: string): Promise<string> {
  const program = programFor(host.platform);
  const { status, stdout, stderr } = await run(host, program, program.read(recipient));
  const secret = Buffer.from(stdout).toString().trim();
  if (status === 0 && secret !== '') return secret;
  const said = oneLine(stderr.trim());
  throw new Error(`the keychain does not give it out${said === '' ? '' : `: ${said}`}`);
}

async function run(
  host: KeychainHost,
  { name, package: origin }: KeychainProgram,
  { args, stdin = '' }: Call,
): Promise<ProgramResult> {
  const path = host.findProgram(name);
  if (path === undefined)
    throw new Error(`${name} is not in the PATH${origin === undefined ? '' : `; it is part of ${origin}`}`);
  return host.runProgram(path, args, { stdin: Buffer.from(stdin), environment: WITHOUT_KEYS });
}

/** The program has no use for the keys in it. */
const WITHOUT_KEYS = { SOPS_AGE_KEY: undefined };

function programFor(platform: string): KeychainProgram {
  if (platform === 'darwin') return SECURITY;
  if (platform !== 'win32') return SECRET_TOOL;
  throw new Error('there is no keychain that sotto knows on Windows');
}
