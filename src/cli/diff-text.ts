import type { FileDiff, Reader } from '../commands/git/differ.ts';
import { asText, type Plaintext } from '../core/sops/cipher.ts';
import { shortPath } from '../core/tree/path.ts';
import type { Path } from '../core/tree/tree.ts';
import type { Finding } from '../operations/compare/values.ts';
import type { Said } from '../operations/compare/version.ts';
import { oneLine } from '../text/printable.ts';

/** Names are not padded beyond this width. */
const WIDEST = 40;

/** A line on one thing: a sign, what it is about, and what happened to it. */
type Line = readonly [sign: string, about: string, what: string];

/** How much is shown. */
export interface DiffStyle {
  /** Values are shown. */
  readonly reveals: boolean;
}

/** What happened to a file, for people. */
export function fileText(diff: FileDiff, style: DiffStyle): string {
  const lines = linesOf(diff, style);
  const width = Math.min(
    WIDEST,
    Math.max(0, ...lines.map(([, about, what]) => (what === '' ? 0 : about.length))),
  );
  const body = lines.map(([sign, about, what]) =>
    `  ${sign} ${what === '' ? about : `${about.padEnd(width)}   ${what}`}\n`.replace(/ +\n$/, '\n'),
  );
  return `${headOf(diff)}\n${body.join('')}`;
}

const HEADS: { readonly [status in FileDiff['status']]: string } = {
  modified: '',
  renamed: '',
  added: '   new file',
  removed: '   removed',
  encrypted: '   encrypted now',
  decrypted: '   NOT ENCRYPTED ANY MORE',
};

function headOf({ file, formerly, status }: FileDiff): string {
  const name = formerly === undefined ? oneLine(file) : `${oneLine(formerly)} -> ${oneLine(file)}`;
  return `${name}${HEADS[status]}`;
}

function linesOf(diff: FileDiff, style: DiffStyle): Line[] {
  const { comparison, problem, readers, status } = diff;
  if (comparison === undefined) return [['!', 'unreadable', oneLine(problem?.message ?? '')]];
  const { values, comments, selector, groups, macOnlyEncrypted } = comparison;
  const isWhole = isWholeFile(status);
  const isOpaque = values.length > 0 && values.every(({ change }) => change === 're-encrypted');
  const told = values.filter(
    ({ change }) => !isOpaque && change !== 're-encrypted' && !(isWhole && isState(change)),
  );
  return [
    ...(status === 'removed' ? [] : told.map((value) => valueLine(value, style))),
    ...commentLines(comments, isWhole),
    ...keyLine(diff),
    ...readers.added.map((reader): Line => ['+', readerText(reader), joining(reader)]),
    ...(isWhole ? [] : readers.removed.map((reader): Line => ['-', readerText(reader), leaving(diff)])),
    ...(groups === undefined ? [] : [['!', 'groups needed', `${groups.before} -> ${groups.after}`] as const]),
    ...(selector === undefined ? [] : [selectorLine(selector)]),
    ...(macOnlyEncrypted === undefined
      ? []
      : [['!', 'mac_only_encrypted', `${macOnlyEncrypted.before} -> ${macOnlyEncrypted.after}`] as const]),
    ...macLine(diff),
  ];
}

/** More happened than to single values. */
function isWholeFile(status: FileDiff['status']): boolean {
  return status === 'removed' || status === 'encrypted' || status === 'decrypted';
}

function isState(change: Finding['change']): boolean {
  return change === 'encrypted' || change === 'decrypted';
}

/** Where a value is, for people. */
export function placeText({ path, document }: { readonly path: Path; readonly document: number }): string {
  return `${document === 0 ? '' : `doc ${document + 1}: `}${shortPath(path)}`;
}

const SIGNS: { readonly [change in Finding['change']]: string } = {
  changed: '~',
  retyped: '~',
  're-encrypted': '~',
  added: '+',
  removed: '-',
  encrypted: '!',
  decrypted: '!',
};

function valueLine(value: Finding, { reveals }: DiffStyle): Line {
  const { change, before, after } = value;
  const clear = isInClear(before, after) && !isState(change) ? ', in clear' : '';
  if (reveals) return [SIGNS[change], placeText(value), `${valuesText(before, after, change)}${clear}`];
  const shapes = isSealed(before, after) ? shapesText(before, after, change) : '';
  const what = `${wordFor(value)}${clear}`;
  return [SIGNS[change], placeText(value), shapes === '' ? what : `${what.padEnd(7)}   ${shapes}`];
}

function wordFor({ change, before, after }: Finding): string {
  switch (change) {
    case 'retyped':
      return `${before?.type} -> ${after?.type}`;
    case 'encrypted':
      return 'encrypted now';
    case 'decrypted':
      return 'in clear now';
    case 're-encrypted':
      return "re-encrypted, can't tell";
    default:
      return change;
  }
}

/** Somebody without the key sees more than that something happened. */
function isSealed(before: Said | undefined, after: Said | undefined): boolean {
  return [before, after].some((said) => said !== undefined && said.plain === undefined);
}

function isInClear(before: Said | undefined, after: Said | undefined): boolean {
  const said = after ?? before;
  return said !== undefined && said.token === '' && said.length > 0 && said.type !== 'alias';
}

function shapesText(before: Said | undefined, after: Said | undefined, change: Finding['change']): string {
  if (change === 'retyped') return '';
  const said = after ?? before;
  if (said === undefined) return '';
  const isSame = before === undefined || after === undefined || before.length === after.length;
  return isSame
    ? `${said.type}, ${counted(said.length, 'byte')}`
    : `${said.type}, ${before.length} -> ${counted(after.length, 'byte')}`;
}

function valuesText(before: Said | undefined, after: Said | undefined, change: Finding['change']): string {
  const text = [before, after].flatMap((said) => (said === undefined ? [] : [plainText(said)])).join(' -> ');
  return change === 'added' || change === 'removed' || change === 'changed' ? text : `${text}   ${change}`;
}

/** A value in one line. */
function plainText({ plain, type, length }: Said): string {
  return plain === undefined ? `[${type} ${length}]` : oneLine(textOf(plain));
}

function textOf(plain: Plaintext): string {
  if (!('comment' in plain) && plain.bytes !== undefined) return `[${plain.bytes.length} bytes]`;
  if (!('comment' in plain) && plain.type === 'null') return 'null';
  return asText(plain);
}

/** Comments by what they stand above, and by what happened to them. */
function commentLines(comments: readonly Finding[], isWhole: boolean): Line[] {
  const counts = new Map<string, { readonly comment: Finding; count: number }>();
  for (const comment of comments) {
    if (isWhole && isState(comment.change)) continue;
    const key = JSON.stringify([comment.change, comment.document, comment.path]);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { comment, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()]
    .filter(({ comment: { change } }) => change !== 're-encrypted')
    .map(({ comment, count }) => {
      const where = comment.path.length === 0 ? 'at the end' : `above ${placeText(comment)}`;
      return ['#', `${counted(count, 'comment')} ${wordFor(comment)} ${where}`, ''];
    });
}

function keyLine({ comparison, status }: FileDiff): Line[] {
  if (comparison === undefined || status === 'added' || status === 'removed') return [];
  const { dataKey, values } = comparison;
  if (dataKey === 'changed') return [['!', 'data key', 'changed, and all is encrypted anew']];
  const untold = values.filter(({ change }) => change === 're-encrypted').length;
  if (untold === 0) return [];
  return [
    ['!', 'data key', `${counted(untold, 'value')} re-encrypted: without a key nobody can tell what changed`],
  ];
}

function readerText({ shown: name }: Reader): string {
  return `reader ${oneLine(name)}`;
}

/** A name is what a configuration says; who can read the file is the key. */
function joining({ name, isRuled, id }: Reader): string {
  const key = name === undefined ? [] : [oneLine(id.length > 24 ? `${id.slice(0, 20)}…` : id)];
  const ruled = isRuled === undefined ? [] : [isRuled ? 'as .sops.yaml says' : 'NO RULE NAMES IT'];
  return [...key, ...ruled].join(', ');
}

function leaving({ comparison, local }: FileDiff): string {
  return comparison?.dataKey === 'kept'
    ? `the data key was not changed: sotto rotate -i ${oneLine(local)}`
    : '';
}

function selectorLine({
  before,
  after,
  losing,
  gaining,
}: NonNullable<NonNullable<FileDiff['comparison']>['selector']>): Line {
  const effects = [
    ...(losing > 0
      ? [`${counted(losing, 'value')} ${losing === 1 ? 'loses its' : 'lose their'} encryption`]
      : []),
    ...(gaining > 0 ? [`${counted(gaining, 'value')} ${gaining === 1 ? 'is' : 'are'} encrypted now`] : []),
  ];
  const effect = effects.length === 0 ? '' : `: ${effects.join(', ')}`;
  return ['!', 'selector', `${oneLine(before)} -> ${oneLine(after)}${effect}`];
}

function macLine({ comparison, local }: FileDiff): Line[] {
  const mend = `sotto resolve ${oneLine(local)}`;
  if (comparison?.mac === 'mismatch') return [['!', 'mac', `does not fit the values: ${mend}`]];
  if (comparison?.mac === 'stale') return [['!', 'mac', `is the old one, though values changed: ${mend}`]];
  return [];
}

/** What happened to all files together. */
export function summaryText(files: readonly FileDiff[]): string {
  if (files.length === 0) return '';
  const sum = (count: (diff: FileDiff) => number): number =>
    files.reduce((all, diff) => all + count(diff), 0);
  const values = sum(({ comparison }) => comparison?.values.length ?? 0);
  const comments = sum(({ comparison }) => comparison?.comments.length ?? 0);
  const readers = sum(
    ({ status, readers: { added, removed } }) => added.length + (isWholeFile(status) ? 0 : removed.length),
  );
  const parts = [
    counted(values, 'value'),
    ...(comments === 0 ? [] : [counted(comments, 'comment')]),
    ...(readers === 0 ? [] : [counted(readers, 'reader')]),
  ];
  return `${counted(files.length, 'file')}: ${parts.join(', ')}\n`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
