import { randomUUID } from 'node:crypto';
import { markOf, withoutMark } from '../core/splice/byte-order-mark.ts';
import { applyEdits } from '../core/splice/edit.ts';
import type { Document } from '../core/splice/format.ts';
import { nodesAt } from '../core/tree/lookup.ts';
import {
  behindAliases,
  type ListNode,
  type MapNode,
  NOWHERE,
  type Path,
  type TreeNode,
} from '../core/tree/tree.ts';
import { yaml } from '../formats/yaml/index.ts';
import { KINDS, kindLike, kindNamed, type RecipientName } from '../keys/index.ts';
import type { Config } from './config.ts';
import { readConfig } from './read.ts';

/** The text of a configuration that is changed bit by bit: comments, order, and quotes stay as they are. */
export class ConfigText {
  readonly path: string;
  readonly #byteOrderMark: string;
  #document: Document;
  /** In the place of what only YAML can say, until the text is there; nobody can have written it. */
  readonly #mark = `sotto-${randomUUID()}-`;

  /** @throws SottoError `input-invalid` */
  constructor(text: string, path: string) {
    this.path = path;
    this.#byteOrderMark = markOf(text, yaml);
    this.#document = yaml.read(withoutMark(text, yaml));
  }

  get text(): string {
    return this.#byteOrderMark + this.#document.text;
  }

  get document(): Document {
    return this.#document;
  }

  /** It, read. @throws SottoError `config-invalid` */
  get config(): Config {
    return readConfig(this.text, this.path);
  }

  /** What stands at a path; aliases on the way are followed. */
  at(path: Path): TreeNode | undefined {
    const [root] = this.#document.roots;
    return root === undefined ? undefined : nodesAt(root, path)[0];
  }

  /** Where a node with an anchor stands. */
  anchored(name: string): Path | undefined {
    const { anchors } = this.#document;
    return this.places().find(({ node }) => anchors?.get(node) === name)?.path;
  }

  /** All nodes but the root, with their paths; aliases are not followed. */
  places(): { readonly path: Path; readonly node: TreeNode }[] {
    const found: { readonly path: Path; readonly node: TreeNode }[] = [];
    const visit = (node: MapNode | ListNode, path: Path): void => {
      for (const [key, child] of childrenOf(node)) {
        const inside = [...path, key];
        found.push({ path: inside, node: child });
        if (child.kind === 'map' || child.kind === 'list') visit(child, inside);
      }
    };
    const [root] = this.#document.roots;
    if (root !== undefined) visit(root, []);
    return found;
  }

  /** Set a text. */
  setText(path: Path, text: string): void {
    this.#set(path, textNode(text));
  }

  /** Append a recipient to a list. @param anchor its name, and what others call it from then on */
  append(path: Path, recipient: RecipientName, anchor?: string): void {
    const item = itemOf(recipient);
    if (anchor === undefined || item.kind !== 'value') this.#set([...path, this.#lengthOf(path)], item);
    else
      this.#set([...path, this.#lengthOf(path)], textNode(`${this.#mark}${anchor}-`), {
        from: this.#marked(`${anchor}-`),
        to: () => `&${anchor} ${plainText(recipient.id)}`,
      });
  }

  /** Append an alias to a list. */
  appendAlias(path: Path, name: string): void {
    this.#set([...path, this.#lengthOf(path)], textNode(`${this.#mark}${name}-`), {
      from: this.#marked(`${name}-`),
      to: () => `*${name}`,
    });
  }

  /** Set a list of aliases. */
  setAliases(path: Path, names: readonly string[]): void {
    const items = names.map((name) => textNode(`${this.#mark}${name}-`));
    this.#set(
      path,
      { kind: 'list', items, place: NOWHERE },
      {
        from: new RegExp(`['"]?${this.#mark}([\\w-]+?)-['"]?(?=[\\],\\s]|$)`, 'g'),
        to: (name) => `*${name}`,
      },
    );
  }

  /** Lists at the top that hold recipients with anchors, and nothing else. */
  listsOfKeys(): Path[] {
    const { anchors } = this.#document;
    const isKey = (item: TreeNode): boolean =>
      item.kind === 'value' && anchors?.has(item) === true && kindLike(item.value.text) !== undefined;
    return this.places()
      .filter(({ path, node }) => {
        const items = path.length === 1 && node.kind === 'list' ? childrenOf(node) : [];
        return items.length > 0 && items.every(([, item]) => isKey(item));
      })
      .map(({ path }) => path);
  }

  /** Set a key group that has an anchor, its key. */
  setGroup(path: Path, name: string, recipients: readonly RecipientName[]): void {
    this.#set([...path, `${this.#mark}${name}-`], groupNode(recipients), {
      from: this.#marked(`${name}-`, ':'),
      to: () => `${keyText(name)}: &${name}`,
    });
  }

  /** Append a creation rule: for a recipient of age, or a group by its anchor. */
  appendRule(
    regex: string,
    readers: { readonly age: string } | { readonly group: string },
    format: string | undefined,
  ): void {
    const path = ['creation_rules', (this.config.rules ?? []).length];
    this.#set(
      path,
      mapOf([
        ['path_regex', textNode(regex)],
        ...('age' in readers ? [['age', textNode(readers.age)] as const] : []),
        ...(format === undefined ? [] : [['sotto', mapOf([['format', textNode(format)]])] as const]),
      ]),
    );
    if ('group' in readers) this.setAliases([...path, 'key_groups'], [readers.group]);
  }

  /** Write `# name` behind the recipient that was appended to a list of lines last. */
  remark(path: Path, name: string): void {
    const list = this.at(path);
    const last = list?.kind === 'list' ? childrenOf(list).at(-1)?.[1] : undefined;
    if (list?.place.syntax !== 'block' || last?.kind !== 'value') return;
    const { end } = last.place;
    const { text } = this.#document;
    if (!/^[ \t]*(?:\r?\n|$)/.test(text.slice(end, end + 200))) return;
    this.#document = yaml.read(`${text.slice(0, end)} # ${name}${text.slice(end)}`);
  }

  remove(path: Path): void {
    const edits = yaml.change(this.#document, { op: 'remove', document: 0, path });
    this.#document = yaml.read(applyEdits(this.#document.text, edits));
  }

  #lengthOf(path: Path): number {
    const node = this.at(path);
    const list = node === undefined ? undefined : behindAliases(node);
    return list?.kind === 'list' ? childrenOf(list).length : 0;
  }

  #set(
    path: Path,
    node: TreeNode,
    instead?: { readonly from: RegExp; readonly to: (name: string) => string },
  ): void {
    const edits = yaml.change(this.#document, { op: 'set', document: 0, path, node });
    this.#document = yaml.read(
      applyEdits(
        this.#document.text,
        instead === undefined
          ? edits
          : edits.map((edit) => ({
              ...edit,
              text: edit.text.replace(instead.from, (_, name) => instead.to(String(name))),
            })),
      ),
    );
  }

  #marked(rest: string, behind = ''): RegExp {
    return new RegExp(`['"]?${this.#mark}${rest}['"]?${behind}`);
  }
}

/** The values of a collection by what leads to them. */
export function childrenOf(node: MapNode | ListNode): (readonly [string | number, TreeNode])[] {
  if (node.kind === 'map')
    return node.items.flatMap((item) => (item.kind === 'entry' ? [[item.key, item.value] as const] : []));
  const items = node.items.filter((item) => item.kind !== 'comment');
  return items.map((item, index) => [index, item] as const);
}

/** The field of a key group that a recipient stands in. */
export function groupFieldOf(kind: string): string {
  const rule = kindNamed(kind)?.rule;
  return rule?.groupField ?? rule?.field ?? kind;
}

/** The field of a rule that a recipient stands in. */
export function ruleFieldOf(kind: string): string {
  return kindNamed(kind)?.rule.field ?? kind;
}

function groupNode(recipients: readonly RecipientName[]): TreeNode {
  const fields = KINDS.flatMap(({ name }) => {
    const own = recipients.filter(({ kind }) => kind === name);
    const list: ListNode = { kind: 'list', items: own.map(itemOf), place: NOWHERE };
    return own.length === 0 ? [] : [[groupFieldOf(name), list] as const];
  });
  return mapOf(fields);
}

/** An item of a list in a key group: a text, or a mapping where the kind has them. */
function itemOf({ kind, id }: RecipientName): TreeNode {
  const declaration = kindNamed(kind);
  const names = declaration?.rule.item;
  if (declaration === undefined || names === undefined) return textNode(id);
  const fields = declaration.fieldsOf(id);
  return mapOf(
    Object.entries(names).flatMap(([name, field]) => {
      const value = fields[field];
      return typeof value === 'string' && value !== '' ? [[name, textNode(value)] as const] : [];
    }),
  );
}

function mapOf(entries: readonly (readonly [string, TreeNode])[]): MapNode {
  return {
    kind: 'map',
    place: NOWHERE,
    items: entries.map(([key, value]) => ({ kind: 'entry', key, value, keySpan: NOWHERE })),
  };
}

function textNode(text: string): TreeNode {
  return { kind: 'value', value: { type: 'str', text }, place: NOWHERE };
}

/** As it stands where nothing in it means something to YAML. */
export function plainText(text: string): string {
  return /^[A-Za-z][\w./+=@ -]*$/.test(text) && !/ #|\s$/.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}

/** The name of a person or team as a key: in quotes where YAML would take it for a number, or the like. */
export function keyText(name: string): string {
  return /^(?:\d.*|null|true|false|yes|no|on|off|[yn])$/i.test(name) ? `'${name}'` : name;
}
