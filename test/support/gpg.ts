import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VECTORS } from './cases.ts';
import { spawnSync } from './processes.ts';

/** Why tests with gpg can't run here; `undefined` if they can. Printed where they are skipped. */
export const GPG_MISSING: string | undefined =
  spawnSync('gpg', ['--version']).status === 0 ? undefined : 'skipped: gpg is not installed';

/** A throw-away home of gpg. */
export interface GpgHome {
  readonly path: string;
  /** Run gpg in it. @returns what it prints @throws Error with its stderr */
  gpg(args: readonly string[], stdin?: string | Uint8Array): Buffer;
  /** Import a key file of the vectors, `pgp-grace-rsa.sec.asc`. */
  importKey(name: string): void;
  /** Make a key. @returns its fingerprint */
  makeKey(name: string, key?: KeySettings): string;
  /** Let a script answer for pinentry. */
  answerWith(script: string): void;
  end(): void;
}

/** What kind of key is made. */
export interface KeySettings {
  readonly algorithm?: string;
  readonly usage?: string;
  /** As gpg has it: `1y`, `0` for never. */
  readonly expires?: string;
  readonly passphrase?: string;
  /** When it is made, `20200101T000000`; now if left out. */
  readonly at?: string;
}

/** Start a home. Its path is short, as sockets in it can't have long ones. */
export function startGpgHome(): GpgHome {
  const path = mkdtempSync('/tmp/sg-');
  const env = { PATH: process.env['PATH'], GNUPGHOME: path };
  const gpg: GpgHome['gpg'] = (args, stdin = '') => {
    const quietly = ['--batch', '--no-tty', '--pinentry-mode', 'loopback'];
    const passphrase = args.includes('--passphrase') ? [] : ['--passphrase', ''];
    const { status, stdout, stderr } = spawnSync('gpg', [...quietly, ...passphrase, ...args], {
      env,
      input: stdin,
    });
    if (status !== 0) throw new Error(`gpg ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const stopAgent = (): void => {
    spawnSync('gpgconf', ['--kill', 'all'], { env });
  };
  return {
    path,
    gpg,
    importKey: (name) => {
      gpg(['--import'], readFileSync(join(VECTORS, 'keys', name)));
    },
    makeKey: (
      name,
      { algorithm = 'future-default', usage = 'default', expires = '0', passphrase = '', at } = {},
    ) => {
      const when = at === undefined ? [] : ['--faked-system-time', at];
      gpg([...when, '--passphrase', passphrase, '--quick-gen-key', name, algorithm, usage, expires]);
      return fingerprintOf(gpg, name);
    },
    answerWith: (script) => {
      const pinentry = join(path, 'pinentry');
      writeFileSync(pinentry, script, { mode: 0o755 });
      writeFileSync(join(path, 'gpg-agent.conf'), `pinentry-program ${pinentry}\n`);
      stopAgent();
    },
    end: () => {
      stopAgent();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** The fingerprint of the key of a name. */
export function fingerprintOf(gpg: GpgHome['gpg'], name: string): string {
  const listing = gpg(['--with-colons', '--list-keys', name]).toString();
  return /^fpr:+([0-9A-F]+):/m.exec(listing)?.[1] ?? '';
}

/** A pinentry that answers each question for a passphrase in one way. */
export function pinentry(answer: string): string {
  return `#!/bin/sh
echo OK
while read line; do
  case $line in
    GETPIN*) ${answer} ;;
    BYE*) echo OK; exit ;;
    *) echo OK ;;
  esac
done
`;
}
