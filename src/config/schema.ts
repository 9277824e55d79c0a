import schemaOfConfig from '../../schemas/sops-config.schema.json' with { type: 'json' };
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import { KINDS } from '../keys/index.ts';
import { nearest } from '../text/nearest.ts';
import type { Config } from './config.ts';
import { configSchemaWith, type Schema } from './key-schemas.ts';
import type { ConfigEntry, ConfigValue } from './value.ts';

const PROBLEM = 'error loading config: Could not unmarshal config file';

/** What is odd in a configuration. */
type ConfigWarnings = Pick<Config, 'warnings' | 'destinationWarnings'>;

/**
 * Check a configuration against `schemas/sops-config.schema.json`. sops ignores keys that it does not know, so these
 * are warnings. Scalars stand for strings as in go-yaml. Recipients are checked where a rule is used: sops does not
 * look at those of other rules.
 *
 * @throws SottoError `config-invalid` with line and column, for a value of a wrong type
 */
export function checkConfig(root: ConfigValue, path: string): ConfigWarnings {
  const schema = configSchemaWith(KINDS, schemaOfConfig);
  const checker = new Checker(schema, path);
  checker.check(root, schema, '');
  return { warnings: checker.warnings, destinationWarnings: checker.destinationWarnings };
}

/**
 * Check a policy for the life cycle of secrets: the `secrets` of a configuration, or a file of its own that has nothing
 * else.
 *
 * @throws SottoError `config-invalid` with line and column, for a value of a wrong type, and for what nobody knows: a
 * duty that is misspelt would be none
 */
export function checkPolicy(policy: ConfigValue, path: string, part: 'file' | 'secrets'): void {
  const { $defs, properties } = configSchemaWith(KINDS, schemaOfConfig);
  const { secrets = {} } = properties?.['sotto']?.properties ?? {};
  const schema: Schema = { $defs: $defs ?? {}, type: 'object', properties: { secrets } };
  const checker = new Checker(schema, path);
  checker.check(policy, part === 'file' ? schema : secrets, 'policy');
  const [unknown] = checker.warnings;
  if (unknown === undefined) return;
  const { message, ...details } = unknown;
  throw new SottoError('config-invalid', message.replace(', which sops ignores', ''), {
    ...details,
    hint: details.hint ?? 'a policy has secrets: with entries as in .sops.yaml (docs/lifecycle.md)',
  });
}

class Checker {
  readonly #root: Schema;
  readonly #path: string;
  readonly #seen = new Set<string>();
  readonly warnings: Warning[] = [];
  readonly destinationWarnings: Warning[] = [];
  #isDestination = false;

  constructor(root: Schema, path: string) {
    this.#root = root;
    this.#path = path;
  }

  check(value: ConfigValue, schema: Schema, name: string): void {
    const rule = this.#resolve(schema);
    if (rule.anyOf !== undefined) return;
    if (!fits(value, rule)) throw wrongType(value, rule, name);
    for (const entry of value.entries()) this.#checkEntry(entry, rule, name);
    if (rule.items !== undefined) for (const item of value.items()) this.check(item, rule.items, name);
  }

  #checkEntry(entry: ConfigEntry, { properties }: Schema, name: string): void {
    if (properties === undefined) return;
    const { key, value } = entry;
    if (name === '') this.#isDestination = key === 'destination_rules';
    const property = properties[key];
    if (property !== undefined) {
      this.check(value, property, key);
      return;
    }
    const near = nearest(key, Object.keys(properties));
    // Anything may stand at the top, to be used by anchors; what is nearly a known key is no such thing.
    if (name === '' && near === undefined && (value.type === 'object' || value.type === 'array')) return;
    const { line } = entry;
    if (this.#seen.has(`${line} ${key}`)) return;
    this.#seen.add(`${line} ${key}`);
    (this.#isDestination ? this.destinationWarnings : this.warnings).push({
      message: `unknown key ${JSON.stringify(key)}, which sops ignores`,
      ...(near === undefined ? {} : { hint: `did you mean ${JSON.stringify(near)}?` }),
      file: this.#path,
      line,
    });
  }

  #resolve(schema: Schema): Schema {
    const name = schema.$ref?.replace('#/$defs/', '');
    return name === undefined ? schema : (this.#root.$defs?.[name] ?? {});
  }
}

function wrongType(value: ConfigValue, schema: Schema, name: string): SottoError {
  const wanted = typesOf(schema).filter((type) => type !== 'null');
  const problem = `${name || 'the file'} must be ${wanted.map(describeType).join(' or ')}, not ${describeType(value.type)}`;
  return value.problem('config-invalid', problem, {
    hint: 'for example: creation_rules: [{ path_regex: ^secrets/, age: age1… }]; schemas/sops-config.schema.json has all fields',
    inSops: `${PROBLEM}: yaml: unmarshal errors:\n  line ${value.place.line}: ${problem}`,
    hasParagraphs: true,
  });
}

function fits(value: ConfigValue, schema: Schema): boolean {
  const types = typesOf(schema);
  const { type } = value;
  if (types.length === 0 || types.includes(type)) return true;
  if (types.includes('boolean')) return value.boolean !== undefined;
  return types.includes('string') && (type === 'integer' || type === 'number' || type === 'boolean');
}

function typesOf({ type }: Schema): readonly string[] {
  if (type === undefined) return [];
  return typeof type === 'string' ? [type] : type;
}

/** Types in the words of YAML. */
function describeType(type: string): string {
  const words: { readonly [type: string]: string } = {
    object: 'a mapping',
    array: 'a list',
    string: 'a string',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    null: 'null',
  };
  return words[type] ?? type;
}
