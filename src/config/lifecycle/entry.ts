import type { Path } from '../../core/tree/tree.ts';
import { attempt } from '../../errors.ts';
import { matchesPath } from '../rules.ts';
import type { ConfigValue } from '../value.ts';
import { type Duration, durationOf } from './duration.ts';
import { Pattern } from './pattern.ts';
import { type Renewal, readRenewal } from './renewal.ts';
import { textsOf } from './texts.ts';

/** A setting, and where it stands. */
export interface Setting<Value> {
  readonly value: Value;
  readonly place: ConfigValue['place'];
  /** Of the entry that has it, from 1. */
  readonly entry: number;
}

/** What is asked of a value. */
export interface SecretTerms {
  readonly owner: Setting<string> | undefined;
  readonly maxAge: Setting<Duration> | undefined;
  readonly warn: Setting<Duration> | undefined;
  readonly consumers: Setting<readonly string[]> | undefined;
  readonly renew: Setting<Renewal> | undefined;
}

/** An item of `sotto.secrets`. */
export interface SecretEntry {
  /** From 1. */
  readonly number: number;
  readonly place: ConfigValue['place'];
  readonly terms: SecretTerms;
  /** @param path from the folder that the entry's paths begin in @throws SottoError `config-invalid` */
  matchesFile(path: string): Promise<boolean>;
  matchesValue(path: Path): boolean;
  /** The patterns for values; `undefined` where all of them are meant. */
  readonly values: readonly ValuePattern[] | undefined;
  /** The values that it names without stars. */
  readonly named: readonly Path[];
}

/** A pattern for values, and where it stands. */
export interface ValuePattern extends Pick<ConfigValue, 'text' | 'place'> {
  readonly pattern: Pattern;
}

/** Read `sotto.secrets`. @throws SottoError `config-invalid` */
export function readEntries(secrets: ConfigValue | undefined): SecretEntry[] {
  return (secrets?.items() ?? [])
    .filter(({ type }) => type !== 'null')
    .map((value, index) => readEntry(value, index + 1));
}

function readEntry(value: ConfigValue, number: number): SecretEntry {
  const [paths, regex] = [value.get('paths'), value.get('path_regex')];
  if (paths !== undefined && regex !== undefined)
    throw regex.problem('config-invalid', 'an entry has paths or path_regex, and not both', {
      hint: 'leave one of them, or make two entries',
    });
  const files = paths === undefined ? undefined : textsOf(paths).map(({ text }) => Pattern.ofFiles(text));
  const own = value.get('values');
  const values = own === undefined ? undefined : textsOf(own).map(valuePattern);
  return {
    number,
    place: value.place,
    terms: termsOf(value, number),
    matchesFile: async (path) =>
      files === undefined ? matchesPath(value, path) : files.some((pattern) => pattern.matchesFile(path)),
    matchesValue: (path) => values === undefined || values.some(({ pattern }) => pattern.matchesValue(path)),
    values,
    named: (values ?? []).flatMap(({ pattern: { only } }) => (only === undefined ? [] : [only])),
  };
}

function valuePattern(value: ConfigValue): ValuePattern {
  const pattern = attempt(() => Pattern.ofValues(value.text));
  if (pattern !== undefined) return { text: value.text, place: value.place, pattern };
  throw value.problem('config-invalid', 'values has what is no path to a value', {
    hint: 'a path looks like db.password, db.*, **.password, or ["a.b"] for a key with dots',
  });
}

function termsOf(value: ConfigValue, entry: number): SecretTerms {
  const setting = <Value>(name: string, read: (own: ConfigValue) => Value): Setting<Value> | undefined => {
    const own = value.get(name);
    return own === undefined ? undefined : { value: read(own), place: own.place, entry };
  };
  return {
    owner: setting('owner', ({ text }) => text),
    maxAge: setting('max_age', (own) => durationOf(own, 'max_age')),
    warn: setting('warn', (own) => durationOf(own, 'warn')),
    consumers: setting('consumers', (own) => textsOf(own).map(({ text }) => text)),
    renew: setting('renew', readRenewal),
  };
}
