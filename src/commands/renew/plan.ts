import { join } from 'node:path';
import type { SecretTerms, Setting } from '../../config/lifecycle/entry.ts';
import type { Renewal } from '../../config/lifecycle/renewal.ts';
import type { ConfigValue } from '../../config/value.ts';
import { pathOf } from '../../core/splice/leaf.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { readVersion } from '../../operations/compare/version.ts';
import { sortedIn } from '../folder.ts';
import { readRecipe } from './generate/index.ts';
import type { Recipe } from './generate/recipe.ts';
import { journalId } from './journal.ts';
import { isSame, nameFrom, nameOf, type Subject, shownName, subjectIn } from './subject.ts';
import type { Workplace } from './workplace.ts';

/** A value to be renewed, and how. */
export interface PlannedValue extends Subject {
  readonly terms: SecretTerms;
  readonly renewal: Renewal;
  readonly recipe: Recipe | undefined;
  /** Other values that it is made of. */
  readonly of: readonly Subject[];
  readonly publicHalf: Subject | undefined;
}

/** What one renewal does: the values that were asked for, and those that are made of them, in the order in which they are made. */
export interface Plan {
  readonly id: string;
  readonly place: Workplace;
  readonly values: readonly PlannedValue[];
}

/** The programs that a value's renewal runs. */
export function programsOf({
  renewal,
  recipe,
}: Pick<PlannedValue, 'renewal' | 'recipe'>): readonly (readonly string[])[] {
  const hook = renewal.hook.length === 0 ? [] : [renewal.hook];
  return recipe?.program === undefined ? hook : [...hook, recipe.program];
}

/** How a value is renewed; `undefined` where nothing says it. @throws SottoError `config-invalid`, `renewal-invalid` */
export async function plannedFor(subject: Subject, place: Workplace): Promise<PlannedValue | undefined> {
  const terms = (await place.policy.termsFor(join(place.root, subject.file))).of(subject.path);
  const { renew } = terms;
  if (renew === undefined) return undefined;
  const { generate } = renew.value;
  const recipe = generate === undefined ? undefined : await readRecipe(generate);
  const named = (text: string, at: ConfigValue['place']): Subject => {
    const found = subjectIn(text, subject.file);
    if (found !== undefined) return found;
    throw new SottoError('config-invalid', `${JSON.stringify(text)} names no value`, {
      ...at,
      hint: 'write its path, or FILE#PATH for one of another file',
    });
  };
  const { publicHalf: half, of = [] } = recipe ?? {};
  const publicHalf = half === undefined ? undefined : named(half.text, half.place);
  if (half !== undefined && publicHalf?.file !== subject.file)
    throw new SottoError(
      'config-invalid',
      'both halves of a pair are written at once, so they are in one file',
      {
        ...half.place,
        hint: 'name a path of the same file',
      },
    );
  return {
    ...subject,
    terms,
    renewal: renew.value,
    recipe,
    of: of.map(({ text, place: at }) => named(text, at)),
    publicHalf,
  };
}

/** Plan to renew values of a file. @throws SottoError `renewal-invalid`, `config-invalid` */
export async function planFor(
  subjects: readonly [Subject, ...Subject[]],
  place: Workplace,
  io: Io,
): Promise<Plan> {
  const wanted: PlannedValue[] = [];
  for (const subject of subjects) wanted.push(await requirePlanned(subject, place));
  const candidates = await dependentsIn(subjects[0].file, place, io);
  const values = [...wanted];
  // What is made of something that is made anew is made anew.
  for (let index = 0; index < values.length; index += 1) {
    const [source] = values.slice(index);
    for (const candidate of candidates)
      if (
        source !== undefined &&
        isMadeOf(candidate, source) &&
        !values.some((one) => isSame(one, candidate))
      )
        values.push(candidate);
  }
  return { id: journalId(subjects[0]), place, values: inOrder(values) };
}

async function requirePlanned(subject: Subject, place: Workplace): Promise<PlannedValue> {
  const planned = await plannedFor(subject, place);
  if (planned !== undefined) return planned;
  throw new SottoError('renewal-invalid', `nothing says how ${shownName(subject)} is renewed`, {
    hint: 'write renew: for it under sotto: secrets: in .sops.yaml; "sotto expiry --explain" shows what is said of a value',
  });
}

function isMadeOf(value: PlannedValue, source: Subject & Partial<PlannedValue>): boolean {
  const halves = source.publicHalf === undefined ? [source] : [source, source.publicHalf];
  return value.of.some((one) => halves.some((half) => isSame(one, half)));
}

/** Values that are made of others, in a file, and in other files where a policy names values of other files. */
async function dependentsIn(file: string, place: Workplace, io: Io): Promise<PlannedValue[]> {
  const files = [file];
  if (await hasForeignIngredients(place))
    for (const path of sortedIn(io, place.root).sealed) {
      const name = nameFrom(place.root, path);
      if (name !== undefined && name !== file && !name.startsWith('.sotto/')) files.push(name);
    }
  const found: PlannedValue[] = [];
  for (const one of files)
    for (const subject of await subjectsIn(one, place)) {
      const planned = await plannedFor(subject, place);
      if (planned !== undefined && planned.of.length > 0) found.push(planned);
    }
  return found;
}

async function hasForeignIngredients({ policy }: Workplace): Promise<boolean> {
  for (const { value } of policy.renewals) {
    const { generate } = value;
    if (generate === undefined) continue;
    if ((await readRecipe(generate)).of.some(({ text }) => text.indexOf('#') > 0)) return true;
  }
  return false;
}

/** The values that a file has, and those that a policy names for it. */
async function subjectsIn(file: string, place: Workplace): Promise<Subject[]> {
  const version = await readVersion(await place.values.source(file));
  const there = Array.from(version.leaves)
    .filter(({ at, document, node }) => document === 0 && node.kind === 'value' && pathOf(at).length > 0)
    .map(({ at }): Subject => ({ file, path: pathOf(at) }));
  const named = (await namedIn(file, place)).filter((one) => !there.some((other) => isSame(one, other)));
  return [...there, ...named];
}

/** The values that a policy names for a file by a path without stars. */
export async function namedIn(file: string, { policy, root }: Workplace): Promise<Subject[]> {
  return (await policy.renewedIn(join(root, file))).map((path) => ({ file, path }));
}

type Place = Setting<unknown>['place'];

/** What others are made of, or need, comes first. @throws SottoError `config-invalid` for a circle */
function inOrder(values: readonly PlannedValue[]): PlannedValue[] {
  const ordered: PlannedValue[] = [];
  const above: PlannedValue[] = [];
  const visit = (value: PlannedValue, from: Place | undefined): void => {
    if (ordered.includes(value)) return;
    if (above.includes(value))
      throw new SottoError(
        'config-invalid',
        `to make ${shownName(value)}, the value itself would be needed`,
        {
          ...(from ?? value.terms.renew?.place),
          hint: 'take one of these values out of from: or needs:',
        },
      );
    above.push(value);
    for (const { subject, at } of referencesOf(value)) {
      const source = values.find(
        (one) => isSame(one, subject) || (one.publicHalf !== undefined && isSame(one.publicHalf, subject)),
      );
      if (source !== undefined) visit(source, at);
    }
    above.pop();
    ordered.push(value);
  };
  for (const value of values) visit(value, undefined);
  return ordered;
}

function referencesOf({
  of,
  recipe,
  renewal,
}: PlannedValue): { readonly subject: Subject; readonly at: Place | undefined }[] {
  return [
    ...of.map((subject, index) => ({ subject, at: recipe?.of[index]?.place })),
    ...renewal.needs.map(({ file, path, place }) => ({ subject: { file, path }, at: place })),
  ];
}

/** The values that hooks of a plan are given, and where they stand. */
export function needsOf({ renewal }: Pick<PlannedValue, 'renewal'>): Subject[] {
  return renewal.needs.map(({ file, path }) => ({ file, path }));
}

/** For messages: which value somebody asked for first. */
export function titleOf({ values: [first] }: Plan): string {
  return first === undefined ? '' : nameOf(first);
}
