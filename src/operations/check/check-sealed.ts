import type { Metadata } from '../../core/sops/metadata.ts';
import { parseToken } from '../../core/sops/token.ts';
import { SottoError } from '../../errors.ts';
import { type RecipientName, nameOf as recipientName } from '../../keys/index.ts';
import type { Names } from '../../keys/names.ts';
import { conflictLine } from '../conflict.ts';
import type { Source } from '../open.ts';
import { compareWithRule, type RuleTerms } from '../rule-differences.ts';
import { type Finding, type Fix, regionAt } from './finding.ts';
import type { FindingId } from './findings.ts';
import {
  nameOf,
  readSealed,
  type SealedFile,
  type SealedPlace,
  tokenOf,
  whereabouts,
} from './sealed-file.ts';

/** What a finding says besides its file. */
export type Found = Omit<Finding, 'file'>;

/** What is known of an encrypted file besides its text. */
export interface SealedContext {
  /** As fixes name it. */
  readonly file: string;
  /** What its rule says, and how the rule is called; `undefined` where there is none. */
  readonly rule: { readonly name: string; readonly terms: RuleTerms } | undefined;
  readonly names: Names;
  /** sotto.people is there: everybody should have a name. */
  readonly hasPeople: boolean;
  /** Whether a quantum computer can't unwrap what is wrapped for a recipient, or why it is none. */
  strengthOf(recipient: RecipientName): Promise<'classic' | 'post-quantum' | { readonly problem: string }>;
}

/** What was found in an encrypted file, and the file where it can be read. */
export interface SealedCheck {
  readonly findings: readonly Found[];
  readonly sealed?: SealedFile;
}

/** A finding of a conflict that git left in a text. */
export function conflictIn(text: string, file: string): Found | undefined {
  const line = conflictLine(text);
  if (line === undefined) return undefined;
  const region = { line, column: 1, endLine: line, endColumn: 8 };
  return found('conflict-markers', 'git left a conflict here', {
    region,
    fix: resolveFix(file),
  });
}

/** Check an encrypted file without a key. */
export async function checkSealed(source: Source, context: SealedContext): Promise<SealedCheck> {
  let sealed: SealedFile;
  try {
    sealed = await readSealed(source);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    return { findings: [unreadable(error)] };
  }
  const findings = [
    ...checkMetadata(sealed.metadata),
    ...(sealed.policy === undefined ? [invalidSelector(sealed.metadata)] : checkPlaces(sealed, context)),
    ...(await checkReaders(sealed, context)),
    ...checkRule(sealed, context),
  ];
  return { findings, sealed };
}

function found(rule: FindingId, message: string, more: Omit<Found, 'rule' | 'message'> = {}): Found {
  return { rule, message, ...more };
}

function resolveFix(file: string): Fix {
  return { command: ['sotto', 'resolve', file], automatic: false };
}

function unreadable({ code, message, details: { line, column = 1 } }: SottoError): Found {
  const isMetadata = code === 'metadata-invalid' || code === 'metadata-missing';
  const said = message.replace(/^Could not unmarshal input data: /, '');
  return found(
    isMetadata ? 'metadata-incomplete' : 'unreadable',
    code === 'metadata-missing'
      ? 'there are encrypted values, and not the sops block that belongs to them'
      : said,
    line === undefined ? {} : { region: regionAt({ line, column }) },
  );
}

function checkMetadata({ mac, lastModified, groups }: Metadata): Found[] {
  const missing = [
    ...(mac === '' ? ['the MAC'] : []),
    ...(lastModified === '' ? ['lastmodified'] : []),
    ...(groups.flat().some(({ fields }) => (fields['enc'] ?? '') === '') ? ['the key of a recipient'] : []),
  ];
  const gaps = missing.map((what) => found('metadata-incomplete', `${what} is missing in the sops metadata`));
  return mac !== '' && !isSound(mac)
    ? [...gaps, found('metadata-incomplete', 'the MAC is no encrypted value')]
    : gaps;
}

function isSound(token: string): boolean {
  return problemOf(token) === undefined;
}

const TYPES: ReadonlySet<string> = new Set(['str', 'int', 'float', 'bytes', 'bool', 'comment', 'time']);
/** Bytes of a tag (sops `aes/cipher.go`). */
const TAG = 16;

/** What is wrong with a token. */
function problemOf(text: string): string | undefined {
  try {
    const { iv, tag, type } = parseToken(text);
    if (iv.length === 0) return 'has no IV';
    if (tag.length !== TAG) return `has a tag of ${tag.length} bytes instead of ${TAG}`;
    return TYPES.has(type) ? undefined : 'is of an unknown type';
  } catch {
    return 'is cut or changed';
  }
}

function invalidSelector({ selector }: Metadata): Found {
  return found(
    'selector-invalid',
    `${selector.kind} is no expression that RE2 understands: ${selector.pattern}`,
  );
}

function checkPlaces({ places, metadata, source }: SealedFile, { file }: SealedContext): Found[] {
  const { text } = source;
  const at = (place: SealedPlace) => whereabouts(place, text);
  const findings: Found[] = [];
  /** Tokens with what they are bound to, and IVs with the data that they encrypt. */
  const bound = new Map<string, SealedPlace>();
  const used = new Map<string, string>();
  if (isSound(metadata.mac)) remember(metadata.mac, used);
  for (const place of places) {
    const { leaf, isComment, looksSealed, isEmpty } = place;
    const name = nameOf(place);
    if (!leaf.encrypted) {
      if (tokenOf(place) !== undefined && !leaf.selected)
        findings.push(
          found(
            'token-in-clear-place',
            `${name} is encrypted, and the selector leaves it in clear`,
            at(place),
          ),
        );
      continue;
    }
    if (!looksSealed) {
      if (isEmpty) continue;
      findings.push(
        isComment
          ? found('comment-in-clear', `${name} stands in clear`, at(place))
          : found('value-in-clear', `${name} stands in clear, its selector encrypts it`, {
              ...at(place),
              fix: resolveFix(file),
            }),
      );
      continue;
    }
    const problem = problemOf(place.text);
    if (problem !== undefined) {
      findings.push(found('token-malformed', `the token of ${name} ${problem}`, at(place)));
      continue;
    }
    const first = bound.get(place.text);
    if (first === undefined) bound.set(place.text, place);
    else if (first.leaf.aad !== leaf.aad)
      findings.push(found('token-moved', `${name} has the token of ${nameOf(first)}`, at(place)));
    if (!remember(place.text, used))
      findings.push(
        found('iv-reused', `${name} was encrypted with an IV that another value has`, {
          ...at(place),
          fix: { command: ['sotto', 'rotate', '-i', file], automatic: true },
        }),
      );
  }
  return [...findings, ...nothingEncrypted(places, metadata)];
}

/** @returns false if the IV encrypts other data already */
function remember(token: string, used: Map<string, string>): boolean {
  const { iv, data } = parseToken(token);
  const key = Buffer.from(iv).toString('base64');
  const content = Buffer.from(data).toString('base64');
  const before = used.get(key);
  if (before === undefined) used.set(key, content);
  return before === undefined || before === content;
}

function nothingEncrypted(
  places: readonly SealedPlace[],
  { selector: { kind, pattern } }: Metadata,
): Found[] {
  const values = places.filter(({ isComment, isEmpty }) => !isComment && !isEmpty);
  if (values.length === 0 || values.some(({ leaf, looksSealed }) => leaf.selected || looksSealed)) return [];
  return [found('nothing-encrypted', `${kind}: ${pattern} selects none of its values`)];
}

async function checkReaders({ metadata }: SealedFile, context: SealedContext): Promise<Found[]> {
  const { names, hasPeople, strengthOf } = context;
  const readers = metadata.groups.map((group) => group.map(recipientName));
  const all = readers.flat();
  const findings: Found[] = [];
  const weak: RecipientName[] = [];
  let hasStrong = false;
  for (const one of all) {
    const strength = await strengthOf(one);
    if (strength === 'post-quantum') hasStrong = true;
    else if (strength === 'classic') weak.push(one);
    else findings.push(found('recipient-malformed', `${names.describe(one)}: ${strength.problem}`));
    if (hasPeople && names.nameOf(one) === undefined)
      findings.push(
        found('recipient-unknown', `${names.describe(one)} can read it, and is nobody of sotto.people`),
      );
  }
  if (all.length === 1)
    findings.push(found('single-recipient', 'one key alone opens it: if it is lost, so are the values'));
  if (hasStrong && weak.length > 0)
    findings.push(
      found(
        'weak-mix',
        `it is encrypted for post-quantum keys, and for ${listed(weak, names)}, who ${weak.length === 1 ? 'has' : 'have'} none`,
      ),
    );
  return findings;
}

function checkRule(sealed: SealedFile, { rule, names, file }: SealedContext): Found[] {
  if (rule === undefined) return [];
  const { settings, unnamed, missing } = compareWithRule(sealed, rule.terms);
  const fix: Fix = { command: ['sotto', 'sync', file], automatic: true };
  return [
    ...settings.map((one) =>
      found('selector-differs', `it has ${one.file}, ${rule.name} ${one.rule}`, { fix }),
    ),
    ...unnamed.map((one) =>
      found('recipient-extra', `${names.describe(one)} can read it, ${rule.name} does not say so`, { fix }),
    ),
    ...missing.map((one) =>
      found('recipient-missing', `${names.describe(one)} can not read it, though ${rule.name} says so`, {
        fix,
      }),
    ),
  ];
}

function listed(all: readonly RecipientName[], names: Names): string {
  return all.map((one) => names.describe(one)).join(', ');
}
