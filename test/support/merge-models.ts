import fc from 'fast-check';

/** A value in a model of a document: a text, a list of texts, a text of several lines, or entries. */
export type Model =
  | string
  | { readonly items: readonly string[] }
  | { readonly lines: readonly string[] }
  | Entries;

/** Entries in their order, each with a comment above it or none. */
export interface Entries {
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: string;
  readonly comment?: string | undefined;
  readonly value: Model;
}

/** What a format can say. */
export interface Ability {
  readonly nested: boolean;
  readonly lists: boolean;
  readonly blocks: boolean;
  readonly comments: boolean;
}

/** Three models of one document: a base, and what two people made of it. */
export interface Triple {
  readonly base: Entries;
  readonly ours: Entries;
  readonly theirs: Entries;
}

type Edit = { readonly side: 0 | 1; readonly at: number; readonly kind: number; readonly word: number };

const EDIT: fc.Arbitrary<Edit> = fc.record({
  side: fc.constantFrom<0 | 1>(0, 1),
  at: fc.nat(40),
  kind: fc.nat(11),
  word: fc.nat(5),
});

/** Models in which words stand at few places: both sides often touch the same. */
export function tripleFor(ability: Ability): fc.Arbitrary<Triple> {
  return fc
    .record({
      shape: fc.array(fc.nat(5), { minLength: 1, maxLength: 6 }),
      edits: fc.array(EDIT, { maxLength: 7 }),
    })
    .map(({ shape, edits }) => {
      const base: Entries = { entries: shape.map((kind, index) => entryOf(kind, index, ability)) };
      const sideOf = (side: 0 | 1): Entries =>
        edits
          .filter((edit) => edit.side === side)
          .reduce<Entries>((model, edit, index) => edited(model, edit, `${side}${index}`, ability), base);
      return { base, ours: sideOf(0), theirs: sideOf(1) };
    });
}

function entryOf(kind: number, index: number, ability: Ability): Entry {
  const key = `k${index}`;
  const comment = ability.comments && index % 2 === 0 ? `about ${key}` : undefined;
  const leaf = (name: string): Entry => ({ key: name, value: `${name} was` });
  if (kind === 1 && ability.lists)
    return { key, comment, value: { items: [`${key} a`, `${key} b`, `${key} c`] } };
  if (kind === 2 && ability.blocks)
    return { key, comment, value: { lines: ['one', 'two', 'three', 'four'] } };
  if (kind >= 3 && ability.nested)
    return {
      key,
      comment,
      value: {
        entries: [
          leaf(`${key}x`),
          { ...leaf(`${key}y`), comment: ability.comments ? `in ${key}` : undefined },
          leaf(`${key}z`),
        ],
      },
    };
  return { key, comment, value: `${key} was` };
}

/** @param mark tells this edit from all others */
function edited(model: Entries, edit: Edit, mark: string, ability: Ability): Entries {
  const { entries } = model;
  const at = edit.at % (entries.length + 1);
  const entry = entries[at];
  const word = `w${edit.word}`;
  const added = (key: string, isCommented: boolean): Entry => ({
    key,
    value: `${word} new`,
    comment: ability.comments && isCommented ? `new ${mark}` : undefined,
  });
  if (entry === undefined || edit.kind === 0) {
    const key = edit.kind % 2 === 0 ? `n${mark}` : `s${edit.word}`;
    if (entries.some((one) => one.key === key)) return model;
    return { entries: entries.toSpliced(at, 0, added(key, edit.word % 2 === 0)) };
  }
  if (edit.kind === 1) return entries.length < 2 ? model : { entries: entries.toSpliced(at, 1) };
  if (edit.kind === 2 && ability.comments)
    return {
      entries: entries.with(at, {
        ...entry,
        comment: edit.word === 0 ? undefined : `${word} on ${entry.key}`,
      }),
    };
  return { entries: entries.with(at, { ...entry, value: editedValue(entry.value, edit, mark, ability) }) };
}

function editedValue(value: Model, edit: Edit, mark: string, ability: Ability): Model {
  const at = Math.floor(edit.at / 7);
  if (typeof value === 'string') return `w${edit.word} now`;
  if ('entries' in value)
    return edited(value, { ...edit, at, kind: edit.kind % 5 }, mark, { ...ability, nested: false });
  if ('lines' in value) return { lines: value.lines.with(at % value.lines.length, `line w${edit.word}`) };
  const { items } = value;
  if (edit.kind % 3 === 0) return { items: [...items, `${mark} item`] };
  return { items: items.with(at % items.length, `item w${edit.word}`) };
}

/** How models are written. */
export const MODEL_WRITERS: {
  readonly [name: string]: { readonly ability: Ability; write(model: Entries): string };
} = {
  yaml: {
    ability: { nested: true, lists: true, blocks: true, comments: true },
    write: (model) => `${yamlLines(model, '').join('\n')}\n`,
  },
  json: {
    ability: { nested: true, lists: true, blocks: false, comments: false },
    write: (model) => `${JSON.stringify(plainOf(model), null, 2)}\n`,
  },
  minified: {
    ability: { nested: true, lists: true, blocks: false, comments: false },
    write: (model) => JSON.stringify(plainOf(model)),
  },
  jsonc: {
    ability: { nested: true, lists: true, blocks: false, comments: true },
    write: (model) => `${jsoncText(model, '')}\n`,
  },
  dotenv: {
    ability: { nested: false, lists: false, blocks: false, comments: true },
    write: (model) => flat(model, '=', '').join(''),
  },
  ini: {
    ability: { nested: true, lists: false, blocks: false, comments: true },
    write: (model) => sections(model, ' = ', ''),
  },
  toml: {
    ability: { nested: true, lists: true, blocks: false, comments: true },
    write: (model) => sections(model, ' = ', '"'),
  },
};

/** What a model says, as JSON has it. */
export function plainOf(model: Model): unknown {
  if (typeof model === 'string') return model;
  if ('entries' in model)
    return Object.fromEntries(model.entries.map(({ key, value }) => [key, plainOf(value)]));
  if ('lines' in model) return `${model.lines.join('\n')}\n`;
  return model.items;
}

/** The comments of a model. */
export function commentsOf(model: Model): string[] {
  if (typeof model === 'string' || !('entries' in model)) return [];
  return model.entries.flatMap(({ comment, value }) => [
    ...(comment === undefined ? [] : [comment]),
    ...commentsOf(value),
  ]);
}

function yamlLines({ entries }: Entries, pad: string): string[] {
  return entries.flatMap(({ key, comment, value }) => [
    ...(comment === undefined ? [] : [`${pad}# ${comment}`]),
    ...(typeof value === 'string'
      ? [`${pad}${key}: ${value}`]
      : 'entries' in value
        ? value.entries.length === 0
          ? [`${pad}${key}: {}`]
          : [`${pad}${key}:`, ...yamlLines(value, `${pad}  `)]
        : 'lines' in value
          ? [`${pad}${key}: |`, ...value.lines.map((line) => `${pad}  ${line}`)]
          : [`${pad}${key}:`, ...value.items.map((item) => `${pad}  - ${item}`)]),
  ]);
}

function jsoncText(value: Model, pad: string): string {
  if (typeof value === 'string' || !('entries' in value)) return JSON.stringify(plainOf(value));
  const inner = `${pad}  `;
  const entries = value.entries.map(({ key, comment, value: one }, index) => {
    const above = comment === undefined ? '' : `${inner}// ${comment}\n`;
    return `${above}${inner}"${key}": ${jsoncText(one, inner)}${index < value.entries.length - 1 ? ',' : ''}\n`;
  });
  return `{\n${entries.join('')}${pad}}`;
}

function flat({ entries }: Entries, equals: string, quote: string): string[] {
  return entries.map(({ key, comment, value }) => {
    const above = comment === undefined ? '' : `# ${comment}\n`;
    const text = typeof value === 'string' ? `${quote}${value}${quote}` : JSON.stringify(plainOf(value));
    return `${above}${key}${equals}${text}\n`;
  });
}

/** Single values first, as sections can't be left again. */
function sections({ entries }: Entries, equals: string, quote: string): string {
  const isSection = ({ value }: Entry): boolean => typeof value !== 'string' && 'entries' in value;
  const own = flat({ entries: entries.filter((one) => !isSection(one)) }, equals, quote);
  const others = entries.filter(isSection).map(({ key, comment, value }) => {
    const above = comment === undefined ? '' : `# ${comment}\n`;
    const inside = typeof value !== 'string' && 'entries' in value ? flat(value, equals, quote) : [];
    return `${above}[${key}]\n${inside.join('')}`;
  });
  return [...own, ...others].join('');
}
