import { SottoError } from '../errors.ts';
import { type Conventions, SOPS_CONVENTIONS } from './conventions.ts';
import { isMetadata } from './leaf.ts';
import { SELECTOR_KINDS, type Selector } from './policy.ts';
import { normaliseLastModified } from './time.ts';
import { type EntryNode, type MapNode, NOWHERE, type TreeNode } from './tree.ts';
import type { Value } from './value.ts';

/** Metadata as plain data, for fields that only their own kind of key, or a newer version, understands. */
export type MetadataValue =
  | string
  | number
  | boolean
  | null
  | readonly MetadataValue[]
  | { readonly [key: string]: MetadataValue };

/** A mapping of the metadata. */
export interface MetadataMap {
  readonly [key: string]: MetadataValue;
}

/**
 * One wrapped data key (or share of it): an item of `sops.age`, `sops.pgp`, `sops.kms`, …
 * All fields are kept as they were read, unknown ones too.
 */
export interface KeyEntry {
  /** The metadata list that holds it: `age`, `pgp`, `kms`, `gcp_kms`, `azure_kv`, `hc_vault`, `hckms`, … */
  readonly kind: string;
  readonly fields: MetadataMap;
}

/** The `sops` block of a file. */
export interface Metadata {
  /** Key groups; without `key_groups` in the file there is exactly one. */
  readonly groups: readonly (readonly KeyEntry[])[];
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
  /** Our own additions, `sops.sotto`; sops ignores them. */
  readonly sotto?: MetadataMap;
  /** Keys that sops does not know either; written back as they are. */
  readonly unknown: MetadataMap;
}

/** The version of sops whose format we write. */
export const SOPS_VERSION = '3.13.2';

/** The lists of wrapped keys, in the order in which sops puts them into a group (sops `stores/stores.go`). */
const KEY_KINDS = ['kms', 'gcp_kms', 'hckms', 'azure_kv', 'hc_vault', 'pgp', 'age'] as const;

const KNOWN: ReadonlySet<string> = new Set([
  ...KEY_KINDS,
  ...SELECTOR_KINDS,
  'key_groups',
  'lastmodified',
  'mac',
  'mac_only_encrypted',
  'shamir_threshold',
  'sotto',
  'version',
]);

/** Fields that sops writes even when they are empty: it has no `omitempty` for them. */
const ALWAYS: ReadonlySet<string> = new Set([
  'aws_profile',
  'created_at',
  'enc',
  'recipient',
  'mac',
  'version',
]);

/**
 * The metadata of a file, read as leniently as sops does: any order, numbers for strings and the other way round,
 * nulls and empty lists.
 *
 * @param root the first document
 * @param conventions of its format: they say what holds where it names no selector or version
 * @returns `undefined` when there is none: the file is not encrypted
 * @throws SottoError `metadata-invalid`
 */
export function readMetadata(
  root: MapNode,
  conventions: Conventions = SOPS_CONVENTIONS,
): Metadata | undefined {
  const [entry, another] = root.items.filter(isMetadata);
  if (entry?.kind !== 'entry') return undefined;
  if (another !== undefined) throw invalid('there are two sops keys');
  const fields = mapOf(toData(entry.value));
  if (fields === undefined) throw invalid('sops is no mapping');
  const lastModified = text(fields['lastmodified']);
  normaliseLastModified(lastModified);
  const threshold = Number(text(fields['shamir_threshold']));
  const sotto = mapOf(fields['sotto']);
  const unknown = Object.fromEntries(Object.entries(fields).filter(([key]) => !KNOWN.has(key)));
  return {
    groups: groupsOf(fields),
    ...(Number.isInteger(threshold) && threshold > 0 ? { threshold } : {}),
    lastModified,
    mac: text(fields['mac']),
    selector: selectorOf(fields, conventions),
    macOnlyEncrypted: truth(fields['mac_only_encrypted']),
    version: text(fields['version']),
    ...(sotto === undefined ? {} : { sotto }),
    unknown,
  };
}

/** The metadata as sops writes it: keys in alphabetical order, empty ones left out. */
export function metadataTree(metadata: Metadata): MapNode {
  const { groups, threshold, selector, sotto } = metadata;
  const [only = []] = groups;
  return toMap({
    ...metadata.unknown,
    ...(groups.length > 1 ? { key_groups: groups.map(groupFields) } : listsOf(only)),
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

/** Inside `key_groups` two lists are there even when they are empty (sops `stores/stores.go`, keygroup). */
function groupFields(group: readonly KeyEntry[]): MetadataMap {
  return { age: [], hc_vault: [], ...listsOf(group) };
}

function listsOf(group: readonly KeyEntry[]): MetadataMap {
  const lists: Record<string, MetadataMap[]> = {};
  for (const { kind, fields } of group) {
    const kept = Object.entries(fields).filter(
      ([key, value]) => ALWAYS.has(key) || (value !== '' && value !== null),
    );
    const list = lists[kind] ?? [];
    lists[kind] = list;
    list.push(Object.fromEntries(kept));
  }
  return lists;
}

function groupsOf(fields: MetadataMap): KeyEntry[][] {
  const flat = entriesOf(fields);
  if (flat.length > 0) return [flat];
  const groups = fields['key_groups'];
  if (!isList(groups) || groups.length === 0) return [flat];
  return groups.map((group) => entriesOf(mapOf(group) ?? {}));
}

function entriesOf(fields: MetadataMap): KeyEntry[] {
  return KEY_KINDS.flatMap((kind) => {
    const list = fields[kind];
    if (list === undefined || list === null || list === '') return [];
    if (!isList(list)) throw invalid(`${kind} is no list`);
    return list.map((item): KeyEntry => {
      const entry = mapOf(item);
      if (entry === undefined) throw invalid(`an item of ${kind} is no mapping`);
      return { kind, fields: entry };
    });
  });
}

function selectorOf(fields: MetadataMap, conventions: Conventions): Selector {
  const given = SELECTOR_KINDS.filter((kind) => text(fields[kind]) !== '');
  const [kind, another] = given;
  if (another !== undefined) throw invalid(`only one of ${SELECTOR_KINDS.join(', ')} can be there`);
  return kind === undefined ? conventions.selector : { kind, pattern: text(fields[kind]) };
}

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
  if (!/^v?(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:[-+].*)?$|^1\./.test(version)) {
    throw invalid(`"${version}" is no version`);
  }
}

function invalid(problem: string): SottoError {
  return new SottoError('metadata-invalid', `the sops metadata is broken: ${problem}`, {
    hint: 'restore the sops block from git; a merge may have mixed two of them',
  });
}

function text(value: MetadataValue | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return '';
}

function truth(value: MetadataValue | undefined): boolean {
  if (typeof value === 'string') return /^(?:1|t|T|TRUE|true|True)$/.test(value);
  return value === true || (typeof value === 'number' && value !== 0);
}

function isList(value: MetadataValue | undefined): value is readonly MetadataValue[] {
  return Array.isArray(value);
}

function mapOf(value: MetadataValue | undefined): MetadataMap | undefined {
  if (value === undefined || value === null || typeof value !== 'object' || isList(value)) return undefined;
  return value;
}

/** A node of a tree as plain data; comments are left out. */
function toData(node: TreeNode): MetadataValue {
  switch (node.kind) {
    case 'alias':
      return toData(node.target);
    case 'list':
      return node.items.flatMap((item) => (item.kind === 'comment' ? [] : [toData(item)]));
    case 'map':
      return Object.fromEntries(
        node.items.flatMap((item) =>
          item.kind === 'entry' ? [[item.key, toData(item.value)] as const] : [],
        ),
      );
    default:
      return valueData(node.value);
  }
}

function valueData({ type, text: canonical }: Value): MetadataValue {
  switch (type) {
    case 'null':
      return null;
    case 'bool':
      return canonical === 'True';
    case 'int':
    case 'float':
      return Number.isSafeInteger(Number(canonical)) ? Number(canonical) : canonical;
    default:
      return canonical;
  }
}

function toMap(fields: MetadataMap): MapNode {
  const items = Object.keys(fields)
    .sort()
    .map((key): EntryNode => ({ kind: 'entry', key, value: toNode(fields[key] ?? null), keySpan: NOWHERE }));
  return { kind: 'map', items, place: NOWHERE };
}

function toNode(data: MetadataValue): TreeNode {
  if (isList(data)) return { kind: 'list', items: data.map(toNode), place: NOWHERE };
  const map = mapOf(data);
  return map === undefined ? { kind: 'value', value: toValue(data), place: NOWHERE } : toMap(map);
}

function toValue(data: MetadataValue): Value {
  switch (typeof data) {
    case 'boolean':
      return { type: 'bool', text: data ? 'True' : 'False' };
    case 'number':
      return { type: Number.isInteger(data) ? 'int' : 'float', text: String(data) };
    case 'string':
      return { type: 'str', text: data };
    default:
      return { type: 'null', text: '' };
  }
}
