import { posix } from 'node:path';
import type { CheckResult, Reported } from '../../commands/check/result.ts';
import { oneLine } from '../../text/printable.ts';
import { untrackedText } from './untracked.ts';

/** Names of files as somebody in a folder types them. */
export type Locate = (file: string) => string;

/** Findings begin at the top of the repository; people may be elsewhere. */
export function locator(top: string, folder: string): Locate {
  return (file) => posix.relative(folder, posix.join(top, file)) || '.';
}

/** Findings for people, with what mends each. */
export function findingsText({ findings }: CheckResult, locate: Locate, colour: boolean): string {
  const places = findings.map((finding) => placeOf(finding, locate));
  const width = Math.min(Math.max(0, ...places.map(({ length }) => length)), WIDEST);
  return findings
    .map((finding, index) => describe(finding, places[index] ?? '', width, locate, colour))
    .join('');
}

const WIDEST = 40;
const COLOURS = { error: 31, warning: 33, note: 36 } as const;

function describe(finding: Reported, place: string, width: number, locate: Locate, colour: boolean): string {
  const { level, rule, message, fix, commit } = finding;
  const shown = level.padEnd(7);
  const word = colour ? `\u001b[${COLOURS[level]}m${shown}\u001b[0m` : shown;
  const where =
    commit === undefined || message.includes(commit.slice(0, 7)) ? '' : ` (in ${commit.slice(0, 7)})`;
  const line = `${place.padEnd(width)}  ${word}  ${rule.padEnd(20)}  ${oneLine(message)}${where}\n`;
  if (fix === undefined) return line;
  return `${line}${' '.repeat(width)}  fix: ${commandText(finding, locate)}\n`;
}

/** The command, with the file as it is typed here. */
function commandText({ fix, file }: Reported, locate: Locate): string {
  return (fix?.command ?? []).map((word) => quoted(word === file ? locate(word) : word)).join(' ');
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  const shown = oneLine(word);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}

function placeOf({ file, region }: Reported, locate: Locate): string {
  const name = oneLine(locate(file));
  if (region === undefined) return name;
  return region.column > 1 ? `${name}:${region.line}:${region.column}` : `${name}:${region.line}`;
}

/** What came of it, in one line. */
export function summaryText(
  { findings, known, files, untracked, macs }: CheckResult,
  milliseconds: number,
): string {
  const count = (level: Reported['level']): number => findings.filter((one) => one.level === level).length;
  const notes = count('note');
  const counts = [
    plural(count('error'), 'error'),
    plural(count('warning'), 'warning'),
    ...(notes === 0 ? [] : [plural(notes, 'note')]),
  ].join(', ');
  const more = known === 0 ? '' : ` (${known} more in the baseline)`;
  const seconds = (milliseconds / 1000).toFixed(1);
  const keys = macs === 'checked' ? 'MACs checked' : 'MACs not checked';
  return `${counts}${more}; ${plural(files, 'file')} in ${seconds} s; ${keys}${untrackedText(untracked)}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
