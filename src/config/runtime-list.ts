import { SottoError } from '../errors.ts';
import { yaml } from '../formats/yaml/index.ts';
import { nearest } from '../text/nearest.ts';
import { unseenIn } from '../text/printable.ts';
import { ConfigValue } from './value.ts';

/** A list of files that are made of secrets when a machine starts; `schemas/runtime-files.schema.json`. */
export interface RuntimeList {
  /** Encrypted files, of which later ones win; as the list names them. */
  readonly from: readonly string[];
  readonly files: readonly RuntimeEntry[];
  /** Seconds that a command of `on-change` may take. */
  readonly timeout: number;
}

/** What a file is made of, as the list names it: a template, the value at a path, or an encrypted file as a whole. */
export interface RuntimeSource {
  readonly kind: (typeof SOURCES)[number];
  readonly name: string;
}

/** One file of the list. */
export interface RuntimeEntry {
  /** Its path below the folder. */
  readonly target: string;
  readonly source: RuntimeSource;
  /** Encrypted files for this one, instead of those of the list. */
  readonly from: readonly string[] | undefined;
  readonly mode: number;
  /** `USER`, `USER:GROUP` or `:GROUP`. */
  readonly owner: string | undefined;
  /** Words of a command that is run when the content has changed. */
  readonly onChange: readonly string[] | undefined;
  /** Where it stands in the list. */
  readonly place: ConfigValue['place'];
}

const SOURCES = ['template', 'value', 'file'] as const;
const TOP_FIELDS = ['from', 'files', 'timeout'];
const FIELDS = ['target', ...SOURCES, 'from', 'mode', 'owner', 'on-change'];

/** Only the owner reads it, and nobody writes. */
const USUAL_MODE = 0o400;
/** In seconds; and the most that a timer of Node can wait for. */
const USUAL_TIMEOUT = 300;
const LONGEST_TIMEOUT = 2_000_000;

/**
 * Read a list of files.
 *
 * @param path for messages
 * @throws SottoError `input-invalid` with line and column
 */
export function readRuntimeList(text: string, path: string): RuntimeList {
  const root = rootOf(text, path);
  requireType(root, 'object', 'the list');
  requireKnown(root, TOP_FIELDS);
  const list = root.get('files');
  if (list === undefined) throw invalid(root, 'there is no files in it', HINT);
  const files = itemsOf(list, 'files').map(readEntry);
  if (files.length === 0) throw invalid(list, 'files is empty', HINT);
  refuseClashes(files);
  return {
    from: textsOf(root.get('from'), 'from') ?? [],
    files,
    timeout: timeoutIn(root.get('timeout')),
  };
}

const HINT = 'for example: files: [{ target: password, value: database.password }]';

function rootOf(text: string, path: string): ConfigValue {
  const file = path;
  try {
    const { roots, ...source } = yaml.read(text);
    const [root, another] = roots;
    if (another !== undefined) throw new SottoError('input-invalid', 'it has several documents', { file });
    if (root !== undefined) return new ConfigValue(root, { ...source, path });
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const { line, column } = error.details;
    const place = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
    throw new SottoError('input-invalid', error.message, { file, ...place, hint: HINT });
  }
  throw new SottoError('input-invalid', 'the list is empty', { file, hint: HINT });
}

function readEntry(entry: ConfigValue): RuntimeEntry {
  requireType(entry, 'object', 'an item of files');
  requireKnown(entry, FIELDS);
  const target = entry.get('target');
  if (target === undefined) throw invalid(entry, 'a file has no target', HINT);
  const onChange = textsOf(entry.get('on-change'), 'on-change');
  return {
    target: targetIn(target),
    source: sourceIn(entry),
    from: textsOf(entry.get('from'), 'from'),
    mode: modeIn(entry.get('mode')),
    owner: ownerIn(entry.get('owner')),
    onChange: onChange?.length === 0 ? undefined : onChange,
    place: entry.place,
  };
}

/** It stays below the folder, whatever is there. */
function targetIn(value: ConfigValue): string {
  const target = textOf(value, 'target');
  const isInside = target.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (isInside && unseenIn(target) === undefined && !target.includes('\t')) return target;
  throw invalid(value, 'the target is no path below the folder', 'a name, or names with / between them');
}

function sourceIn(entry: ConfigValue): RuntimeSource {
  const given = SOURCES.flatMap((kind) => {
    const value = entry.get(kind);
    return value === undefined ? [] : [{ kind, name: textOf(value, kind) }];
  });
  const [source, another] = given;
  if (source !== undefined && another === undefined) return source;
  throw invalid(
    entry,
    `a file has ${source === undefined ? 'neither' : 'several'} of template, value, file`,
    HINT,
  );
}

function modeIn(value: ConfigValue | undefined): number {
  if (value === undefined) return USUAL_MODE;
  const [, digits] = /^(?:0o?)?([0-7]{3})$/.exec(value.text) ?? [];
  if (digits !== undefined) return Number.parseInt(digits, 8);
  throw invalid(value, 'the mode is not three octal digits', 'for example: mode: "0440"');
}

function timeoutIn(value: ConfigValue | undefined): number {
  if (value === undefined) return USUAL_TIMEOUT;
  const seconds = Number(value.text);
  if (/^\d+$/.test(value.text) && seconds >= 1 && seconds <= LONGEST_TIMEOUT) return seconds;
  throw invalid(value, 'the timeout is no number of seconds', `a whole number from 1 to ${LONGEST_TIMEOUT}`);
}

const OWNER = /^(?=.)(?:[A-Za-z_][\w.@-]*\$?|\d+)?(?::(?:[A-Za-z_][\w.@-]*\$?|\d+))?$/;

function ownerIn(value: ConfigValue | undefined): string | undefined {
  if (value === undefined || OWNER.test(value.text)) return value?.text;
  throw invalid(value, 'the owner can not be the name of a user', 'USER, USER:GROUP or :GROUP');
}

/** A file can't be a folder of another one, or be made twice. */
function refuseClashes(files: readonly RuntimeEntry[]): void {
  const targets = new Set<string>();
  for (const { target, place } of files) {
    if (targets.has(target)) throw new SottoError('input-invalid', `${target} is made twice`, place);
    targets.add(target);
  }
  for (const { target, place } of files) {
    const parts = target.split('/');
    const above = parts.map((_, index) => parts.slice(0, index).join('/')).find((path) => targets.has(path));
    if (above !== undefined)
      throw new SottoError('input-invalid', `${above} can not be a file and a folder`, place);
  }
}

function textsOf(value: ConfigValue | undefined, name: string): readonly string[] | undefined {
  return value === undefined ? undefined : itemsOf(value, name).map((one) => textOf(one, name));
}

function itemsOf(value: ConfigValue, name: string): ConfigValue[] {
  requireType(value, 'array', name);
  return value.items();
}

function textOf(value: ConfigValue, name: string): string {
  const { text } = value;
  if (text !== '' && !text.includes('\0')) return text;
  throw invalid(value, `${name} is no text`, 'put it in quotes');
}

function requireType(value: ConfigValue, type: 'object' | 'array', name: string): void {
  if (value.type === type) return;
  throw invalid(value, `${name} is no ${type === 'array' ? 'list' : 'mapping'}`, HINT);
}

function requireKnown(value: ConfigValue, known: readonly string[]): void {
  const unknown = value.entries().find(({ key }) => !known.includes(key));
  if (unknown === undefined) return;
  const { key } = unknown;
  const near = nearest(key, known);
  const hint = near === undefined ? `it can have ${known.join(', ')}` : `did you mean ${near}?`;
  throw invalid(unknown.value, `there is no field ${JSON.stringify(key)}`, hint);
}

function invalid(value: ConfigValue, message: string, hint: string): SottoError {
  return value.problem('input-invalid', message, { hint });
}
