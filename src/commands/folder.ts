import { basename } from 'node:path';
import type { CreationRule } from '../config/config.ts';
import type { Warning } from '../core/splice/warning.ts';
import { attemptAsync, SottoError } from '../errors.ts';
import { detectFormat, nameBySuffix } from '../formats/index.ts';
import type { Io } from '../io/io.ts';
import { type Configurations, ruleIfAny } from './configurations.ts';
import { isKeyFile } from './key-file.ts';

/** git's own files, and the configuration: they are no use encrypted, whatever a rule matches. */
const NEVER = /^(?:\.git.*|\.sops\.ya?ml)$/;

/** Whether a file is git's, or the configuration. */
export function isOfTools(path: string): boolean {
  return NEVER.test(basename(path));
}

/** Files below a folder. */
export interface Sorted {
  /** Files that look encrypted, and those that can't be read, so that the command reports them. */
  readonly sealed: readonly string[];
  readonly clear: readonly string[];
}

/** Tell the encrypted files below a folder from others, by one look at each. */
export function sortedIn(io: Io, folder: string): Sorted {
  const sealed: string[] = [];
  const clear: string[] = [];
  for (const file of io.filesBelow(folder)) (looksEncrypted(io, file) ? sealed : clear).push(file);
  return { sealed, clear };
}

/** A quick look, so that other files of a folder are not complained about. */
function looksEncrypted(io: Io, path: string): boolean {
  try {
    const { buffer, byteOffset, byteLength } = io.read(path);
    const text = Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
    if (nameBySuffix(path) === undefined) return detectFormat(text) !== undefined;
    return text.includes('ENC[AES256_GCM,') && /(?:^|["{,\s])sops(?:["']?\s*:|_mac=)|^\[sops\]/m.test(text);
  } catch {
    return true;
  }
}

/**
 * Files below a folder that a creation rule matches, encrypted or not.
 *
 * @param name the folder, as the user named it
 * @throws SottoError `config-missing` where there are no rules, `config-invalid`
 */
export async function ruledIn(
  io: Io,
  name: string,
  configurations: Configurations,
  warn: (warning: Warning) => void,
): Promise<string[]> {
  const folder = io.absolute(name);
  const found: string[] = [];
  let hasRules = false;
  for (const path of io.filesBelow(folder).filter((file) => !isOfTools(file))) {
    const config = configurations.for(path);
    hasRules ||= config?.rules !== undefined;
    if ((await ruleIfAny(io, config, path)) === undefined) continue;
    found.push(path);
  }
  if (!hasRules)
    throw new SottoError(
      'config-missing',
      `no creation rule says which files of ${name} are to be encrypted`,
      {
        hint: 'name the files, or write a .sops.yaml with creation_rules whose path_regex matches them',
      },
    );
  if (found.length === 0) warn({ message: `no creation rule matches a file in ${name}` });
  return found;
}

/**
 * Warn of files that stand in clear although the path_regex of a rule wants them encrypted.
 *
 * @param name the folder that they are below, as the user named it
 */
export async function warnOfClear(
  io: Io,
  name: string,
  files: readonly string[],
  configurations: Configurations,
  warn: (warning: Warning) => void,
): Promise<void> {
  const clear: string[] = [];
  for (const path of files.filter((file) => !isOfTools(file))) {
    const rule = await ruleOrNone(io, configurations, path);
    if (rule !== undefined && !rule.isForAll && !isKeyFile(io, path, io.read(path))) clear.push(path);
  }
  const [first, ...more] = clear;
  if (first === undefined) return;
  const also = more.length === 0 ? 'stands' : `and ${more.length} more stand`;
  warn({
    message: `${first} ${also} in clear, although a creation rule wants that encrypted`,
    hint: `"sotto encrypt -i ${name}" encrypts what the rules match`,
  });
}

/** A rule that can't be read is reported where it is used. */
async function ruleOrNone(
  io: Io,
  configurations: Configurations,
  path: string,
): Promise<CreationRule | undefined> {
  return attemptAsync(() => ruleIfAny(io, configurations.for(path), path));
}
