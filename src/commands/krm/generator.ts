import { SottoError } from '../../errors.ts';
import { requireNames } from '../export/secret.ts';

/** A Secret to make. */
export interface SecretSpec {
  /** As it comes out: name, namespace, labels, annotations. */
  readonly metadata: { readonly [field: string]: unknown };
  readonly type: string;
  readonly immutable: boolean | undefined;
  readonly files: readonly KeyedFile[];
  /** Files whose values become keys. */
  readonly envs: readonly string[];
}

/** A file as the value of a key. */
export interface KeyedFile {
  readonly key: string;
  readonly file: string;
}

/** What a generator asks for. */
export interface GeneratorSpec {
  /** Encrypted manifests. */
  readonly manifests: readonly string[];
  readonly secrets: readonly SecretSpec[];
}

/** Kinds of generator: our own, and that of ksops, whose fields it has. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['SottoGenerator', 'sotto/v1'],
  ['ksops', 'viaduct.ai/v1'],
]);

type Fields = { readonly [field: string]: unknown };

/** Read the configuration of the function. @throws SottoError `input-invalid` for what it does not know */
export function readGenerator(config: unknown): GeneratorSpec {
  const fields = mapping(config, 'functionConfig');
  const { apiVersion, kind } = fields;
  if (typeof kind !== 'string' || KINDS.get(kind) !== apiVersion)
    throw invalid(`functionConfig is of ${JSON.stringify(apiVersion)}, kind ${JSON.stringify(kind)}`, {
      hint: 'it is apiVersion sotto/v1, kind SottoGenerator; or viaduct.ai/v1, kind ksops',
    });
  requireKnown(fields, ['apiVersion', 'kind', 'metadata', 'files', 'secretFrom', 'fail-silently'], kind);
  if (fields['fail-silently'] === true || fields['fail-silently'] === 'true')
    throw invalid('fail-silently is not obeyed', {
      hint: 'take it out: what can not be decrypted is an error',
    });
  const manifests = strings(fields['files'], 'files');
  const secrets = list(fields['secretFrom'], 'secretFrom').map((one, index) =>
    readSecret(one, `secretFrom[${index}]`),
  );
  if (manifests.length + secrets.length > 0) return { manifests, secrets };
  throw invalid(`${kind} has neither files nor secretFrom`, { hint: 'name the encrypted files' });
}

function readSecret(value: unknown, place: string): SecretSpec {
  const fields = mapping(value, place);
  requireKnown(fields, ['metadata', 'type', 'immutable', 'files', 'binaryFiles', 'envs'], place);
  const metadata = mapping(fields['metadata'], `${place}.metadata`);
  const { name, namespace } = metadata;
  requireNames(
    text(name, `${place}.metadata.name`),
    namespace === undefined ? undefined : text(namespace, `${place}.metadata.namespace`),
  );
  for (const field of ['labels', 'annotations'])
    for (const [key, one] of Object.entries(mapping(metadata[field] ?? {}, `${place}.metadata.${field}`)))
      text(one, `${place}.metadata.${field}: ${key}`);
  const { type = 'Opaque', immutable } = fields;
  if (immutable !== undefined && typeof immutable !== 'boolean')
    throw invalid(`${place}.immutable is no boolean`, { hint: 'true or false, without quotes' });
  const files = ['files', 'binaryFiles'].flatMap((field) =>
    strings(fields[field], `${place}.${field}`).map((one) => keyed(one)),
  );
  const envs = strings(fields['envs'], `${place}.envs`);
  if (files.length + envs.length === 0)
    throw invalid(`${place} has neither files nor envs`, { hint: 'name the encrypted files' });
  return { metadata, type: text(type, `${place}.type`), immutable, files, envs };
}

/** `key=path`, or a path whose last part is the key. */
function keyed(text: string): KeyedFile {
  const equals = text.indexOf('=');
  if (equals > 0) return { key: text.slice(0, equals), file: text.slice(equals + 1) };
  return { key: text.slice(text.lastIndexOf('/') + 1), file: text };
}

function requireKnown(fields: Fields, known: readonly string[], place: string): void {
  const unknown = Object.keys(fields).find((field) => !known.includes(field));
  if (unknown === undefined) return;
  throw invalid(`${place} has an unknown field ${unknown}`, { hint: `it can have ${known.join(', ')}` });
}

/** @throws SottoError `input-invalid` */
export function mapping(value: unknown, place: string): Fields {
  if (isMapping(value)) return value;
  throw invalid(`${place} is no mapping`, { hint: 'examples/kubernetes has one that works' });
}

function isMapping(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown, place: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw invalid(`${place} is no list`, { hint: 'put a - in front of each item' });
}

function strings(value: unknown, place: string): readonly string[] {
  return list(value, place).map((one, index) => text(one, `${place}[${index}]`));
}

function text(value: unknown, place: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(`${place} is no text`, { hint: 'put it in quotes' });
}

function invalid(message: string, details: { readonly hint: string }): SottoError {
  return new SottoError('input-invalid', message, details);
}
