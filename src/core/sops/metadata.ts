import { SottoError } from '../../errors.ts';
import { canonicalFloat } from '../tree/number.ts';
import { partsOf } from '../tree/rows.ts';
import { normaliseLastModified, parseTime } from '../tree/time.ts';
import { type EntryNode, type MapNode, NOWHERE, type TreeNode } from '../tree/tree.ts';
import type { Value } from '../tree/value.ts';
import { type Conventions, SOPS_CONVENTIONS } from './conventions.ts';
import { Fields, isList, isMap, type MetadataMap, type MetadataValue, toData } from './fields.ts';
import { isMetadata } from './metadata-key.ts';
import { SELECTOR_KINDS, type Selector } from './policy.ts';
import { versionProblemInGo } from './sops-version.ts';

/**
 * One wrapped data key (or share of it): an item of `sops.age`, `sops.pgp`, `sops.kms`, …
 * All fields are kept as they were read, unknown ones too.
 *
 * @example
 * const fields: MetadataMap = { id: 'vault:one', enc: 'c2hhcmU=', created_at: '2026-01-02T03:04:05Z' };
 * const entry: KeyEntry = { kind: 'age', fields };
 * entry.kind; // 'age'
 */
export interface KeyEntry {
  /** The metadata list that holds it: `age`, `pgp`, `kms`, `gcp_kms`, `azure_kv`, `hc_vault`, `hckms`, … */
  readonly kind: string;
  readonly fields: MetadataMap;
}

/** How the entries of a kind of key stand in the metadata. */
export interface KeyList {
  readonly name: string;
  /** Entries say in `created_at` when they were made. */
  readonly isDated?: boolean;
  /** Fields besides `enc` and `created_at` that sops writes even when they are empty: it has no `omitempty` for them. */
  readonly always?: readonly string[];
  /** The one field that is a mapping of texts. */
  readonly mapping?: string;
  /** sops writes the list into each of `key_groups`, even when it is empty (sops `stores/stores.go`, keygroup). */
  readonly isInEveryGroup?: boolean;
}

export type { MetadataMap, MetadataValue } from './fields.ts';

/** The `sops` block of a file. */
export interface Metadata {
  /** Key groups; without `key_groups` in the file there is exactly one. */
  readonly groups: readonly (readonly KeyEntry[])[];
  /** The lists of keys that are known, in the order in which sops puts them into a group (sops `stores/stores.go`). */
  readonly lists: readonly KeyList[];
  readonly threshold?: number;
  /** As in the file; RFC 3339. */
  readonly lastModified: string;
  /** The encrypted MAC, an ENC token; empty if there is none. */
  readonly mac: string;
  readonly selector: Selector;
  /** The selector is sops's default, and is not written: so it is in a new binary file. */
  readonly hidesSelector?: boolean;
  readonly macOnlyEncrypted: boolean;
  readonly version: string;
  /** Our own additions, `sops.sotto`, as far as they are known here; sops ignores them. */
  readonly sotto?: MetadataMap;
  /** Keys that sops does not know either; written back as they are. */
  readonly unknown: MetadataMap;
}

const KNOWN: ReadonlySet<string> = new Set([
  ...SELECTOR_KINDS,
  'key_groups',
  'lastmodified',
  'mac',
  'mac_only_encrypted',
  'shamir_threshold',
  'sotto',
  'version',
]);

/** The fields of `sops.sotto`. */
const OUR_FIELDS = ['changed', 'dialect', 'expires', 'frame', 'layout'] as const;

/**
 * The metadata of a file, read as leniently as sops does: any order, numbers for strings and the other way round,
 * nulls and empty lists.
 *
 * @param root the first document
 * @param lists those of keys that are known; others count as unknown fields
 * @param conventions of its format: they say what holds where it names no selector or version
 * @returns `undefined` when there is none: the file is not encrypted
 * @throws SottoError `metadata-invalid`
 */
export function readMetadata(
  root: MapNode,
  lists: readonly KeyList[],
  conventions: Conventions = SOPS_CONVENTIONS,
): Metadata | undefined {
  const [entry, another] = partsOf(root).filter(isMetadata);
  if (entry?.kind !== 'entry') return undefined;
  if (another !== undefined) throw invalid('there are two sops keys', 'Found duplicate sops entry');
  const data = toData(entry.value);
  if (!isMap(data)) throw invalid('sops is no mapping', 'Found sops entry that is not a mapping');
  const fields = new Fields(data, invalid);
  const lastModified = fields.text('lastmodified');
  normaliseLastModified(lastModified);
  const threshold = fields.whole('shamir_threshold');
  const sotto = knownAdditions(data['sotto']);
  return {
    groups: groupsOf(fields, lists),
    lists,
    ...(threshold > 0 ? { threshold } : {}),
    lastModified,
    mac: fields.text('mac'),
    selector: selectorOf(fields, conventions),
    macOnlyEncrypted: fields.truth('mac_only_encrypted'),
    version: fields.text('version'),
    ...(sotto === undefined ? {} : { sotto }),
    unknown: unknownIn(data, lists),
  };
}

function unknownIn(data: MetadataMap, lists: readonly KeyList[]): MetadataMap {
  const isKnown = (key: string): boolean => KNOWN.has(key) || lists.some(({ name }) => name === key);
  return Object.fromEntries(Object.entries(data).filter(([key]) => !isKnown(key.toLowerCase())));
}

/** What we understand of our own additions; all else would outlive what it is about when the file is written. */
function knownAdditions(sotto: MetadataValue | undefined): MetadataMap | undefined {
  if (!isMap(sotto)) return undefined;
  const known = OUR_FIELDS.flatMap((name) => {
    const value = sotto[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** The metadata as sops writes it: keys in alphabetical order, empty ones left out. */
export function metadataTree(metadata: Metadata): MapNode {
  const { groups, lists, threshold, selector, sotto } = metadata;
  const [only = []] = groups;
  return toMap({
    ...metadata.unknown,
    ...(groups.length > 1
      ? { key_groups: groups.map((group) => ({ ...emptyLists(lists), ...listsOf(group, lists) })) }
      : listsOf(only, lists)),
    lastmodified: metadata.lastModified,
    mac: metadata.mac,
    ...(metadata.macOnlyEncrypted ? { mac_only_encrypted: true } : {}),
    ...(threshold === undefined ? {} : { shamir_threshold: threshold }),
    ...(sotto === undefined ? {} : { sotto }),
    ...(metadata.hidesSelector === true || selector.pattern === ''
      ? {}
      : { [selector.kind]: selector.pattern }),
    ...(metadata.version === '' ? {} : { version: metadata.version }),
  });
}

function emptyLists(lists: readonly KeyList[]): MetadataMap {
  return Object.fromEntries(
    lists.flatMap(({ name, isInEveryGroup }) => (isInEveryGroup === true ? [[name, []]] : [])),
  );
}

function listsOf(group: readonly KeyEntry[], lists: readonly KeyList[]): MetadataMap {
  const made: Record<string, MetadataMap[]> = {};
  for (const { kind, fields } of group) {
    const { always = [] } = lists.find(({ name }) => name === kind) ?? {};
    const kept = Object.entries(fields).filter(
      ([key, value]) => ALWAYS.has(key) || always.includes(key) || (value !== '' && value !== null),
    );
    const list = made[kind] ?? [];
    made[kind] = list;
    list.push(Object.fromEntries(kept));
  }
  return made;
}

/** Fields of entries of all kinds that sops writes even when they are empty. */
const ALWAYS: ReadonlySet<string> = new Set(['created_at', 'enc']);

function groupsOf(fields: Fields, lists: readonly KeyList[]): KeyEntry[][] {
  const mappings = lists.flatMap(({ mapping }) => mapping ?? []);
  const entriesIn = (group: Fields): KeyEntry[] =>
    lists.flatMap((list) => group.maps(list.name).map((item) => entryOf(list, item, mappings)));
  const flat = entriesIn(fields);
  const groups = fields.maps('key_groups').map((group) => entriesIn(new Fields(group, invalid)));
  if (flat.length > 0) return [flat];
  if (groups.length === 0) throw invalid('No keys found in file');
  return groups;
}

/** The first versions of sops left the date out at times. */
function entryOf({ name: kind, isDated }: KeyList, item: MetadataMap, mappings: readonly string[]): KeyEntry {
  const entry = new Fields(item, invalid);
  for (const [name, value] of Object.entries(item))
    if (!mappings.includes(name) && typeof value === 'object' && value !== null)
      throw invalid(`${name} of an entry of ${kind} is no text`);
  const created = entry.text('created_at');
  if (isDated === true && created !== '' && parseTime(created) === undefined)
    throw invalid(`an entry of ${kind} has no valid created_at time`);
  return { kind, fields: item };
}

function selectorOf(fields: Fields, conventions: Conventions): Selector {
  const given = SELECTOR_KINDS.filter((kind) => fields.text(kind) !== '');
  const [kind, another] = given;
  if (another !== undefined)
    throw invalid(`only one of ${SELECTOR_KINDS.join(', ')} can be there`, SEVERAL_SELECTORS);
  return kind === undefined ? conventions.selector : { kind, pattern: fields.text(kind) };
}

const SEVERAL_SELECTORS =
  'Cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex in the same file';

/** A semantic version (semver.org); its identifiers are not empty, and numbers among them have no leading zeros. */
const VERSION =
  /^v?(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*)?(?:\+[\da-zA-Z-]+(?:\.[\da-zA-Z-]+)*)?$/;

/**
 * sops compares versions to mend old bugs, so it opens no file without one that can be compared (`cmd/sops/common`);
 * whether a file is encrypted it tells all the same.
 *
 * @throws SottoError `metadata-invalid`
 */
export function requireVersion(
  { version }: Metadata,
  { needsVersion }: Conventions = SOPS_CONVENTIONS,
): void {
  if (version === '' && !needsVersion) return;
  if (version === '') throw invalid('Version string empty');
  if (!version.startsWith('1.') && !VERSION.test(version))
    throw invalid(`"${version}" is no version`, versionProblemInGo(version));
}

function invalid(problem: string, inSops: string = problem): SottoError {
  return new SottoError('metadata-invalid', `the sops metadata is broken: ${problem}`, {
    hint: 'restore the sops block from git; a merge may have mixed two of them',
    inSops,
  });
}

function toMap(fields: MetadataMap): MapNode {
  const items = Object.keys(fields)
    .sort()
    .map((key): EntryNode => ({ kind: 'entry', key, value: toNode(fields[key] ?? null), keySpan: NOWHERE }));
  return { kind: 'map', items, place: NOWHERE };
}

function toNode(data: MetadataValue): TreeNode {
  if (isList(data)) return { kind: 'list', items: data.map(toNode), place: NOWHERE };
  return isMap(data) ? toMap(data) : { kind: 'value', value: toValue(data), place: NOWHERE };
}

function toValue(data: string | number | boolean | null): Value {
  switch (typeof data) {
    case 'boolean':
      return { type: 'bool', text: data ? 'True' : 'False' };
    case 'number':
      return { type: Number.isInteger(data) ? 'int' : 'float', text: canonicalFloat(data) };
    case 'string':
      return { type: 'str', text: data };
    default:
      return { type: 'null', text: '' };
  }
}
