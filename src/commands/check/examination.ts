import { isUtf8 } from 'node:buffer';
import { posix } from 'node:path';
import { attemptAsync } from '../../errors.ts';
import { nameBySuffix } from '../../formats/index.ts';
import { checkSealed, conflictIn, type Found } from '../../operations/check/check-sealed.ts';
import { type Finding, regionOf } from '../../operations/check/finding.ts';
import { guessedSecretsIn, knownSecretsIn } from '../../operations/check/known-secret.ts';
import { privateKeysIn } from '../../operations/check/private-key.ts';
import { mayBeSealed, metadataIn, readSealed, type SealedFile } from '../../operations/check/sealed-file.ts';
import { loadSecretlint } from '../../operations/check/secretlint.ts';
import type { Source } from '../../operations/open.ts';
import { chooseFormats } from '../format-choice.ts';
import { isJournal } from '../renew/journal.ts';
import type { Readers } from './readers.ts';
import { type Rulebook, type Ruled, ruleName } from './rulebook.ts';

/** What a file is: encrypted, meant to be and in clear, or nobody's business but the search for secrets. */
export type FileKind = 'sealed' | 'exposed' | 'other';

/** What one version of one file shows. */
export interface Examined {
  readonly kind: FileKind;
  readonly findings: readonly Finding[];
  /** Its MAC was checked, and what was found then is among the findings. */
  readonly isMacChecked?: boolean;
}

/** Where no text is expected. */
const SNIFFED = 8000;
/** Files that a rule for a folder does not mean. */
const NEVER_SECRET =
  /^(?:\.git(?:ignore|attributes|keep)|\.keep|\.editorconfig|\.sops\.yaml|(?:README|LICENSE)\b.*)$/i;

/** Looks at files one by one, by their paths and bytes alone. */
export class Examination {
  readonly #rulebook: Rulebook;
  readonly #readers: Readers;

  constructor(rulebook: Rulebook, readers: Readers) {
    this.#rulebook = rulebook;
    this.#readers = readers;
  }

  /** @param bytes of the file @param path from the top of the tree */
  async examine(path: string, bytes: Uint8Array): Promise<Examined> {
    const text = textOf(bytes);
    const keys = privateKeysIn(text).map(({ start, end, what }) => ({
      rule: 'private-key' as const,
      message: `${what} stands in clear`,
      region: regionOf(text, start, end),
      fix: { command: ['git', 'rm', '--cached', path], automatic: false },
    }));
    const { kind, findings } = await this.#look(path, bytes, text);
    return { kind, findings: [...keys, ...findings].map((found) => ({ ...found, file: path })) };
  }

  /** An encrypted file; `undefined` where it is none, or can't be read. */
  async sealed(path: string, bytes: Uint8Array): Promise<SealedFile | undefined> {
    const text = textOf(bytes);
    if (!mayBeSealed(text)) return undefined;
    const source = await this.#sourceOf(path, text, await this.#rulebook.ruleOrNone(path));
    if (source === undefined) return undefined;
    return attemptAsync(() => readSealed(source));
  }

  /** Whether a version of a file that is encrypted, or should be, stands in clear. */
  isClear(bytes: Uint8Array): boolean {
    const text = textOf(bytes);
    return text.trim() !== '' && !mayBeSealed(text) && conflictIn(text, '') === undefined;
  }

  /** Whether a rule speaks of this file, and means it. */
  async isMeant(path: string): Promise<boolean> {
    const ruled = await this.#rulebook.ruleOrNone(path);
    return ruled?.isSpecific === true && !NEVER_SECRET.test(posix.basename(path));
  }

  async #look(path: string, bytes: Uint8Array, text: string): Promise<{ kind: FileKind; findings: Found[] }> {
    const ruled = await this.#rulebook.ruleOrNone(path);
    const isMeant = ruled?.isSpecific === true && !NEVER_SECRET.test(posix.basename(path));
    if (mayBeSealed(text)) {
      const conflict = conflictIn(text, path);
      if (conflict !== undefined) return { kind: 'sealed', findings: [conflict] };
      const source = await this.#sourceOf(path, text, ruled);
      if (source !== undefined) {
        const isSealed = metadataIn(source) !== undefined;
        if (isSealed || isMeant || this.#saysItsFormat(path, text))
          return { kind: 'sealed', findings: await this.#checkSealed(path, source, ruled) };
      }
    } else if (isMeant && ruled !== undefined && text.trim() !== '') {
      return { kind: 'exposed', findings: [conflictIn(text, path) ?? plaintextFile(path, ruled)] };
    }
    return { kind: 'other', findings: isBinary(bytes) ? [] : await secretsIn(path, text) };
  }

  async #checkSealed(path: string, source: Source, ruled: Ruled | undefined): Promise<Found[]> {
    const chapter = this.#rulebook.chapterFor(path);
    const { findings } = await checkSealed(source, {
      file: path,
      rule:
        ruled === undefined
          ? undefined
          : { name: ruleName(ruled), terms: await this.#readers.termsOf(ruled.rule) },
      names: this.#rulebook.namesFor(path),
      hasPeople: chapter?.config?.root?.get('sotto')?.get('people') !== undefined,
      strengthOf: (recipient) => this.#readers.strengthOf(recipient),
    });
    const isUnruled = ruled === undefined && chapter?.config?.rules !== undefined && !isJournal(path);
    return isUnruled
      ? [...findings, { rule: 'no-rule', message: `no rule of ${chapter.path} matches it` }]
      : [...findings];
  }

  /** A broken file counts as encrypted where its name says how to read it, and its tokens stand as values do. */
  #saysItsFormat(path: string, text: string): boolean {
    return nameBySuffix(path, { sealed: text }) !== undefined && LONE_TOKEN.test(text);
  }

  async #sourceOf(path: string, text: string, ruled: Ruled | undefined): Promise<Source | undefined> {
    return attemptAsync(async () => {
      const { input } = await chooseFormats(path, {}, { sealed: text, rule: ruled?.rule });
      return { text, format: input };
    });
  }
}

/** The metadata's MAC, or a value: a token alone on its line. */
const LONE_TOKEN = /^[\s"'\w.-]*[:=][ \t]*["']?ENC\[AES256_GCM,/m;

function plaintextFile(path: string, ruled: Ruled): Found {
  return {
    rule: 'plaintext-file',
    message: `the file stands in clear, ${ruleName(ruled)} wants it encrypted`,
    fix: { command: ['sotto', 'encrypt', '-i', path], automatic: true },
  };
}

async function secretsIn(path: string, text: string): Promise<Found[]> {
  const search = await loadSecretlint();
  const known = [...knownSecretsIn(text), ...(await search(text, path))];
  const guesses = guessedSecretsIn(text, path).filter(
    ({ start, end }) => !known.some((one) => one.start < end && start < one.end),
  );
  return [...known, ...guesses].map(({ start, end, what, isGuess }) => ({
    rule: isGuess === true ? 'looks-secret' : 'secret-in-clear',
    message: isGuess === true ? what : `${what} stands in clear`,
    region: regionOf(text, start, end),
  }));
}

/** Other bytes than UTF-8 are shown as Latin 1, in which every byte is a character: what is searched for is ASCII. */
function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString(isUtf8(buffer) ? 'utf8' : 'latin1');
}

function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, SNIFFED).includes(0);
}
