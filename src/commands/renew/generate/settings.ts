import type { ConfigValue } from '../../../config/value.ts';
import type { SottoError } from '../../../errors.ts';
import { nearest } from '../../../text/nearest.ts';

/** Another value that a new one is made of. */
export interface Ingredient {
  /** A path in the same file, or FILE#PATH. */
  readonly text: string;
  readonly place: ConfigValue['place'];
}

/** The settings under `generate:`, each of which is asked for by its name; one that nobody asks for is a mistake. */
export class Settings {
  readonly #value: ConfigValue;
  readonly #known = new Set(['kind']);

  constructor(value: ConfigValue) {
    this.#value = value;
  }

  /** @throws SottoError `config-invalid` */
  whole(name: string, { usual, least, most }: { usual: number; least: number; most: number }): number {
    const own = this.#own(name);
    if (own === undefined) return usual;
    const { number } = own;
    if (number !== undefined && number >= least && number <= most) return number;
    throw own.problem('config-invalid', `${name} is a whole number from ${least} to ${most}`);
  }

  text(name: string): string | undefined {
    return this.#own(name)?.text;
  }

  /** @throws SottoError `config-invalid` */
  choice<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const own = this.#own(name);
    if (own === undefined) return words[0];
    const known = words.find((word) => word === own.text);
    if (known !== undefined) return known;
    throw own.problem('config-invalid', `${name} is one of ${words.join(', ')}`);
  }

  /** @throws SottoError `config-invalid` */
  flag(name: string): boolean {
    const own = this.#own(name);
    if (own === undefined) return false;
    if (own.boolean !== undefined) return own.boolean;
    throw own.problem('config-invalid', `${name} is true or false`);
  }

  texts(name: string): string[] {
    const own = this.#own(name);
    if (own === undefined) return [];
    return own.type === 'array' ? own.items().map(({ text }) => text) : [own.text];
  }

  /** Another value. */
  value(name: string): Ingredient | undefined {
    const own = this.#own(name);
    return own === undefined ? undefined : { text: own.text, place: own.place };
  }

  /** @throws SottoError `config-invalid` where it is not there */
  requiredValue(name: string): Ingredient {
    const found = this.value(name);
    if (found !== undefined) return found;
    throw this.problem(
      `${this.#value.get('kind')?.text ?? ''} needs ${name}`,
      `write it below kind: ${name}: …`,
    );
  }

  problem(message: string, hint?: string): SottoError {
    return this.#value.problem('config-invalid', message, hint === undefined ? {} : { hint });
  }

  /** @throws SottoError `config-invalid` for settings that nobody has asked for */
  finish(): void {
    const strange = this.#value.entries().find(({ key }) => !this.#known.has(key));
    if (strange === undefined) return;
    const near = nearest(strange.key, [...this.#known]);
    throw strange.value.problem(
      'config-invalid',
      `generate has no setting ${JSON.stringify(strange.key)} here`,
      {
        hint:
          near === undefined
            ? `it has ${[...this.#known].join(', ')}`
            : `did you mean ${JSON.stringify(near)}?`,
      },
    );
  }

  #own(name: string): ConfigValue | undefined {
    this.#known.add(name);
    return this.#value.get(name);
  }
}
