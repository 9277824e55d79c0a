import type { KeyKind } from '../keys/kind.ts';

/** The part of JSON Schema that our schemas use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: Schemas;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $defs?: Schemas;
}

/** Schemas by name. */
interface Schemas {
  readonly [name: string]: Schema;
}

const MAPPINGS: Schema = { type: ['array', 'null'], items: { type: 'object' } };

/** The schema of a configuration with the fields that name recipients: behind the first one of rules and key groups. */
export function configSchemaWith(kinds: readonly KeyKind[], schema: Schema): Schema {
  const { rule = {}, group = {} } = schema.$defs ?? {};
  return {
    ...schema,
    $defs: {
      ...schema.$defs,
      group: withFields(group, kinds.flatMap(groupFields)),
      rule: withFields(rule, kinds.flatMap(ruleFields)),
    },
  };
}

/** The schema of a file's metadata with the lists of keys: in front of all else. */
export function metadataSchemaWith(kinds: readonly KeyKind[], schema: Schema): Schema {
  const lists = kinds.map(({ name, flag }): [string, Schema] => [
    name,
    {
      description: `The data key, wrapped for ${flag.help}.`,
      type: 'array',
      items: { $ref: `#/$defs/${name}` },
    },
  ]);
  return {
    ...schema,
    properties: { ...Object.fromEntries(lists), ...without(schema.properties, lists) },
    $defs: Object.fromEntries(kinds.map((kind) => [kind.name, entrySchema(kind)])),
  };
}

function ruleFields({ rule: { field, isList, profileField } }: KeyKind): [string, Schema][] {
  const names: Schema = { $ref: isList === true ? '#/$defs/nameList' : '#/$defs/names' };
  return [[field, names], ...(profileField === undefined ? [] : [[profileField, TEXT] as [string, Schema]])];
}

const TEXT: Schema = { $ref: '#/$defs/text' };

function groupFields({ rule: { field, groupField = field, item } }: KeyKind): [string, Schema][] {
  return [[groupField, item === undefined ? { $ref: '#/$defs/nameList' } : MAPPINGS]];
}

function entrySchema({ fields, mapping, isDated }: KeyKind): Schema {
  const names = Object.entries(fields).map(([name, description]): [string, Schema] => [
    name,
    name === mapping
      ? { description, type: 'object', additionalProperties: { type: 'string' } }
      : { description, type: 'string' },
  ]);
  const date: Schemas = isDated === true ? { created_at: { type: 'string', format: 'date-time' } } : {};
  const enc: Schema = { description: 'The wrapped data key.', type: 'string' };
  return {
    type: 'object',
    required: [...names.slice(0, 1).map(([name]) => name), 'enc'],
    properties: { ...Object.fromEntries(names), ...date, enc },
  };
}

function withFields(schema: Schema, fields: readonly [string, Schema][]): Schema {
  const [first, ...rest] = Object.entries(without(schema.properties, fields));
  return {
    ...schema,
    properties: Object.fromEntries([...(first === undefined ? [] : [first]), ...fields, ...rest]),
  };
}

function without(schemas: Schemas = {}, named: readonly [string, Schema][]): Schemas {
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => named.every(([one]) => one !== name)));
}
