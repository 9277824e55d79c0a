import { join } from 'node:path';
import { RunAuditor } from '../../audit/auditor.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { userKeyFile } from '../../keys/age/identity-sources.ts';
import { type KeyHost, NO_HOST } from '../../keys/host.ts';
import { Keyring } from '../../keys/keyring.ts';
import type { Found } from '../../operations/check/check-sealed.ts';
import { type Finding, regionAt } from '../../operations/check/finding.ts';
import type { SealedFile } from '../../operations/check/sealed-file.ts';
import { openFile, valuesOf } from '../../operations/open.ts';
import type { Examination, Examined } from './examination.ts';
import type { CheckResult } from './result.ts';
import type { ReadFile, TreeFile } from './tree.ts';

/** Checks what takes a data key, as far as age keys are at hand. */
class MacCheck {
  readonly #keyring: Keyring;
  /** Whether there may be a key; a quick look. */
  readonly hasKeys: boolean;

  constructor(io: Io) {
    this.#keyring = new Keyring({
      host: quietly(io),
      services: [],
      order: ['age'],
      refusal: undefined,
      auditor: new RunAuditor(io, { task: { verb: 'check' }, warn: () => undefined }),
    });
    this.hasKeys = hasKeys(io);
  }

  /** @returns `undefined` where no key fits */
  async check({ source, metadata }: SealedFile): Promise<Found[] | undefined> {
    if (!metadata.groups.flat().some(({ kind }) => kind === 'age')) return undefined;
    try {
      const { warnings } = await valuesOf(await openFile(source, this.#keyring));
      return warnings
        .filter(({ message }) => message.startsWith('an encrypted comment does not decrypt'))
        .map(({ message, line }) => ({ rule: 'comment-tampered', message, ...regionOf(line) }));
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
      const { code, message, details } = error;
      if (code !== 'mac-mismatch' && code !== 'value-undecryptable') return undefined;
      return [{ rule: code, message, ...regionOf(details.line) }];
    }
  }
}

/** Where keys are that need nobody to be asked (`identity-sources.ts`). */
function hasKeys(io: Io): boolean {
  const { environment, home } = io;
  if (
    ['SOPS_AGE_KEY', 'SOPS_AGE_KEY_FILE', 'SOPS_AGE_SSH_PRIVATE_KEY_FILE'].some(
      (name) => (environment[name] ?? '') !== '',
    )
  )
    return true;
  const files = [userKeyFile(io), join(home, '.ssh', 'id_ed25519'), join(home, '.ssh', 'id_rsa')];
  return files.some((file) => file !== undefined && io.isFile(file));
}

/** What checking MACs gives: files with what was found in them besides. */
export interface Macs {
  readonly checked: ReadonlyMap<TreeFile, Examined>;
  readonly findings: readonly Finding[];
  readonly state: CheckResult['macs'];
}

/**
 * Check the MACs of encrypted files, where that was not done before.
 *
 * @param read gives files with their bytes, in their order
 */
export async function checkMacs(
  all: ReadonlyMap<TreeFile, Examined>,
  isWanted: boolean,
  examination: Examination,
  io: Io,
  read: (files: readonly TreeFile[]) => AsyncIterable<ReadFile>,
): Promise<Macs> {
  const checked = new Map<TreeFile, Examined>();
  const findings: Finding[] = [];
  const sealed = [...all].filter(([, { kind }]) => kind === 'sealed');
  const left = sealed.filter(([, { isMacChecked }]) => isMacChecked !== true);
  const macCheck = new MacCheck(io);
  const wanted = new Map(isWanted && macCheck.hasKeys ? left : []);
  for await (const { file, bytes } of read([...wanted.keys()])) {
    const examined = wanted.get(file);
    if (examined === undefined) continue;
    const version = bytes === undefined ? undefined : await examination.sealed(file.path, bytes);
    const found = version === undefined ? [] : await macCheck.check(version);
    if (found === undefined) continue;
    const own = found.map((one) => ({ ...one, file: file.path }));
    checked.set(file, { ...examined, findings: [...examined.findings, ...own], isMacChecked: true });
    findings.push(...own);
  }
  const isAll = sealed.length > 0 && checked.size === left.length;
  return { checked, findings, state: isAll ? 'checked' : 'not-checked' };
}

function regionOf(line: number | undefined): Pick<Found, 'region'> {
  return line === undefined ? {} : { region: regionAt({ line }) };
}

/** Keys in files and variables, and nobody is asked, no program started, no network used. */
function quietly(io: Io): KeyHost {
  const { environment, platform, home } = io;
  return {
    ...NO_HOST,
    environment,
    platform,
    home,
    now: () => io.now(),
    readBytes: (path) => io.readBytes(path),
  };
}
