import { attempt } from '../errors.ts';
import { isSameRecipient, KINDS, kindNamed, type RecipientName, shortForm } from '../keys/index.ts';
import type { Names } from '../keys/names.ts';
import { secretIn } from '../keys/recipient-text.ts';
import { oneLine } from '../text/printable.ts';
import type { Config } from './config.ts';
import { namedByMapping, ownRecipients } from './rules.ts';
import type { ConfigValue } from './value.ts';

/** How sure a name is: the first that is there counts. */
const RANKS = ['person', 'anchor', 'comment', 'own-comment', 'group'] as const;
type Rank = (typeof RANKS)[number];

/** Longer ones are cut. */
const LONGEST = 40;

const KNOWN = new WeakMap<Config, Names>();

/**
 * The names that a configuration has for recipients: people of `sotto.people`; anchors on recipients (`- &ann age1…`) or
 * on a group of one recipient; the comment behind a recipient; the comment in an SSH key; and last the anchor on a group
 * of several. It is gone through when the first name is asked for.
 *
 * @param config left out, only SSH keys have names
 */
export function recipientNames(config: Config | undefined): Names {
  if (config === undefined) return new NamesIn(undefined);
  const names = KNOWN.get(config) ?? new NamesIn(config);
  KNOWN.set(config, names);
  return names;
}

/** Whether a configuration has a recipient anywhere: in a rule, a key group, or among people. */
export function namesRecipient({ root }: Config, { kind, id }: RecipientName): boolean {
  const has = (value: ConfigValue): boolean =>
    idsIn(value)?.some((other) => isSameRecipient({ kind, id }, { kind, id: other.trim() })) ??
    value.own().some(has);
  return root !== undefined && has(root);
}

class NamesIn implements Names {
  readonly #config: Config | undefined;
  #found: Found | undefined;

  constructor(config: Config | undefined) {
    this.#config = config;
  }

  nameOf(recipient: RecipientName): string | undefined {
    this.#found ??= findNames(this.#config);
    const found = this.#found.nameOf(recipient);
    if (found !== undefined) return found;
    // A file can say of any key that it is somebody's whom the configuration knows with another one.
    const own = nameIn(commentIn(recipient.id));
    return own === undefined || this.#found.isTaken(own) ? undefined : own;
  }

  describe(recipient: RecipientName): string {
    const name = this.nameOf(recipient);
    const short = shortForm(recipient);
    return name === undefined ? short : `${name} (${short})`;
  }
}

/** Names by the texts of recipients. A text stands there without its kind: it need not stand where a kind's do. */
class Found {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  add(id: string, name: string): void {
    for (const text of [id, withoutContext(id)]) if (!this.#names.has(text)) this.#names.set(text, name);
    this.#taken.add(name);
  }

  nameOf({ kind, id }: RecipientName): string | undefined {
    const exact = this.#names.get(id) ?? this.#names.get(withoutContext(id));
    if (exact !== undefined || kindNamed(kind)?.isSame === undefined) return exact;
    for (const [other, name] of this.#names)
      if (isSameRecipient({ kind, id }, { kind, id: other })) return name;
    return undefined;
  }

  isTaken(name: string): boolean {
    return this.#taken.has(name);
  }
}

/** The key of AWS alone: its context and profile may stand elsewhere in a rule. */
function withoutContext(id: string): string {
  return id.split('|', 1)[0] ?? id;
}

function findNames(config: Config | undefined): Found {
  const all: { readonly rank: Rank; readonly id: string; readonly name: string }[] = [];
  const walk = new Walk((rank, id, name) => all.push({ rank, id, name }));
  if (config?.root !== undefined) {
    walk.people(config.root);
    walk.value(config.root, undefined);
  }
  const found = new Found();
  for (const wanted of RANKS) for (const { rank, id, name } of all) if (rank === wanted) found.add(id, name);
  return found;
}

/** Goes once through a configuration: what an alias stands for is named where it has its anchor. */
class Walk {
  readonly #add: (rank: Rank, id: string, name: string) => void;

  constructor(add: (rank: Rank, id: string, name: string) => void) {
    this.#add = (rank, id, name) => add(rank, id.trim(), name);
  }

  people(root: ConfigValue): void {
    for (const { key, value } of root.get('sotto')?.get('people')?.entries() ?? []) {
      const name = nameIn(key);
      if (name !== undefined) for (const id of recipientsOf(value)) this.#add('person', id, name);
    }
  }

  /** @param group the anchor of the innermost group or list that the value is in */
  value(value: ConfigValue, group: string | undefined): void {
    const ids = idsIn(value);
    if (ids !== undefined) {
      this.#recipients(value, ids, group);
      return;
    }
    const name = nameIn(value.anchor);
    const [only, ...others] = name === undefined ? [] : recipientsOf(value);
    if (name !== undefined && only !== undefined && others.length === 0) this.#add('anchor', only, name);
    const inner = others.length > 0 ? name : group;
    for (const part of value.own()) this.value(part, inner);
  }

  #recipients(value: ConfigValue, ids: readonly string[], group: string | undefined): void {
    const isOne = ids.length === 1;
    const anchor = nameIn(value.anchor);
    const comment = isOne ? nameIn(commentOf(value)) : undefined;
    for (const id of ids) {
      const own = nameIn(commentIn(id));
      if (anchor !== undefined) this.#add(isOne ? 'anchor' : 'group', id, anchor);
      if (comment !== undefined) this.#add('comment', id, comment);
      if (own !== undefined) this.#add('own-comment', id, own);
      if (group !== undefined) this.#add('group', id, group);
    }
  }
}

/** The texts of the recipients that a text may name, or a mapping that is an item of a key group; `undefined` for all else. */
export function idsIn(value: ConfigValue): string[] | undefined {
  if (value.type === 'string') return value.text.split(',');
  if (value.type !== 'object') return undefined;
  const kind = KINDS.find(({ rule: { item } }) => {
    const [first] = Object.keys(item ?? {});
    return first !== undefined && value.get(first)?.type === 'string';
  });
  return kind === undefined ? undefined : [namedByMapping(value, kind).id];
}

/** The recipients of a group or list; of what is more than that, a rule for example, none. */
function recipientsOf(value: ConfigValue): string[] {
  if (value.type === 'array') return value.items().flatMap((item) => idsIn(item) ?? []);
  if (value.entries().some(({ key }) => !GROUP_FIELDS.has(key))) return [];
  return attempt(() => ownRecipients(value).map(({ id }) => id)) ?? [];
}

/** The fields of a key group. */
export const GROUP_FIELDS: ReadonlySet<string> = new Set([
  'merge',
  ...KINDS.flatMap(({ rule: { field, groupField = field } }) => [field, groupField]),
]);

/** The comment behind a recipient, behind any field where it is a mapping. */
function commentOf(value: ConfigValue): string | undefined {
  if (value.type !== 'object') return value.comment;
  return value.own().find(({ comment }) => comment !== undefined)?.comment;
}

/** The comment that a recipient's text has in itself. */
function commentIn(id: string): string | undefined {
  for (const { commentIn: read } of KINDS) {
    const comment = read?.(id);
    if (comment !== undefined) return comment;
  }
  return undefined;
}

/** What somebody wrote as a name for messages; `undefined` if nothing is left of it, and where a private key stands. */
function nameIn(text: string | undefined): string | undefined {
  const name = oneLine(text ?? '').trim();
  if (name === '' || secretIn(name) !== undefined) return undefined;
  const characters = [...name];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : name;
}
