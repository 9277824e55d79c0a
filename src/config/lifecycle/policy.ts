import type { Path } from '../../core/tree/tree.ts';
import type { SecretEntry, SecretTerms, Setting } from './entry.ts';

/** Who says it, the weakest first: what a stronger one asks for, no weaker one takes away. */
export const STRENGTHS = ['repository', 'environment', 'machine'] as const;

/** The entries of one file. */
export interface PolicyPart {
  readonly strength: (typeof STRENGTHS)[number];
  /** Absolute; the paths of its entries begin there. */
  readonly folder: string;
  readonly entries: readonly SecretEntry[];
}

/**
 * What is asked of values, in all files that say so together. In each of them, for each setting, the first matching
 * entry that has it counts. Of several files the shortest `max_age` and the longest `warn` count, and of all else the
 * word of the strongest: nothing that is committed takes a duty away that the machine has.
 */
export class SecretPolicy {
  /** The strongest first. */
  readonly parts: readonly PolicyPart[];

  /** @param parts in any order */
  constructor(parts: readonly PolicyPart[]) {
    this.parts = STRENGTHS.toReversed().flatMap((one) => parts.filter(({ strength }) => strength === one));
  }

  /** Nobody asks for anything. */
  get isEmpty(): boolean {
    return this.parts.every(({ entries }) => entries.length === 0);
  }

  /** Who is named as an owner. */
  get owners(): readonly string[] {
    return this.parts.flatMap(({ entries }) => entries).flatMap(({ terms }) => terms.owner?.value ?? []);
  }

  /** All that is said on how values are renewed. */
  get renewals(): readonly NonNullable<SecretTerms['renew']>[] {
    return this.parts.flatMap(({ entries }) => entries).flatMap(({ terms }) => terms.renew ?? []);
  }

  /** Values of a file that are named without stars where it says how they are renewed. @param file absolute */
  async renewedIn(file: string): Promise<readonly Path[]> {
    const paths: Path[] = [];
    for (const { folder, entries } of this.parts)
      for (const entry of entries)
        if (entry.terms.renew !== undefined && (await entry.matchesFile(pathFrom(folder, file))))
          paths.push(...entry.named);
    return paths;
  }

  /** What is asked of the values of a file. @param file absolute @throws SottoError `config-invalid` */
  async termsFor(file: string): Promise<FileTerms> {
    const parts: SecretEntry[][] = [];
    for (const { folder, entries } of this.parts) {
      const path = pathFrom(folder, file);
      const matching: SecretEntry[] = [];
      for (const entry of entries) if (await entry.matchesFile(path)) matching.push(entry);
      if (matching.length > 0) parts.push(matching);
    }
    return new FileTerms(parts);
  }
}

/** What is asked of the values of one file. */
export class FileTerms {
  readonly #parts: readonly (readonly SecretEntry[])[];

  /** @param parts the entries of each file of a policy that match, the strongest file first */
  constructor(parts: readonly (readonly SecretEntry[])[]) {
    this.#parts = parts;
  }

  /** The strictest that is asked of any value, in milliseconds; `undefined` where nobody asks. */
  get strictest(): { readonly maxAge: number | undefined; readonly warn: number | undefined } {
    const all = this.#parts.flat().map(({ terms }) => terms);
    return {
      maxAge: all.map(({ maxAge }) => maxAge).reduce(shorter, undefined)?.value.milliseconds,
      warn: all.map(({ warn }) => warn).reduce(longer, undefined)?.value.milliseconds,
    };
  }

  /** Whoever says how old a value may become says whose it is. */
  get isOwned(): boolean {
    return this.#parts.flat().every(({ terms }) => terms.maxAge === undefined || terms.owner !== undefined);
  }

  of(path: Path): SecretTerms {
    const parts = this.#parts.map((entries) => termsIn(entries, path));
    return {
      owner: first(parts, 'owner'),
      consumers: first(parts, 'consumers'),
      renew: first(parts, 'renew'),
      maxAge: parts.map(({ maxAge }) => maxAge).reduce(shorter, undefined),
      warn: parts.map(({ warn }) => warn).reduce(longer, undefined),
    };
  }
}

function termsIn(entries: readonly SecretEntry[], path: Path): SecretTerms {
  const terms = entries.filter((entry) => entry.matchesValue(path)).map((entry) => entry.terms);
  return {
    owner: first(terms, 'owner'),
    consumers: first(terms, 'consumers'),
    renew: first(terms, 'renew'),
    maxAge: first(terms, 'maxAge'),
    warn: first(terms, 'warn'),
  };
}

function first<Name extends keyof SecretTerms>(
  terms: readonly SecretTerms[],
  name: Name,
): SecretTerms[Name] | undefined {
  return terms.find((one) => one[name] !== undefined)?.[name];
}

type Span = SecretTerms['maxAge'];

function shorter(one: Span, other: Span): Span {
  return one === undefined || (other !== undefined && lengthOf(other) < lengthOf(one)) ? other : one;
}

function longer(one: Span, other: Span): Span {
  return one === undefined || (other !== undefined && lengthOf(other) > lengthOf(one)) ? other : one;
}

function lengthOf({ value }: Setting<{ readonly milliseconds: number }>): number {
  return value.milliseconds;
}

/** A path from a folder on, with slashes; that of a file elsewhere stays as it is. */
export function pathFrom(folder: string, file: string): string {
  const [top, path] = [`${folder}/`, file].map((one) => one.replaceAll('\\', '/').replace(/\/+$/, '/'));
  if (path === folder.replaceAll('\\', '/')) return '';
  return path?.startsWith(top ?? '/') === true ? path.slice(top?.length) : file.replaceAll('\\', '/');
}
