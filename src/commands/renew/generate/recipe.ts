import type { Io } from '../../../io/io.ts';
import type { Ingredient, Settings } from './settings.ts';

/** What making a value may use. */
export interface Workshop {
  readonly machine: Pick<Io, 'runProgram' | 'findProgram' | 'now'>;
  /** Run a program of the user's, which was allowed, and take what it prints. @throws SottoError */
  run(words: readonly string[]): Promise<string>;
}

/** A new value. */
export interface Made {
  readonly text: string;
  /** The other half of a pair, which is no secret. */
  readonly publicText?: string;
}

/** How one value is made: `generate` of its policy, read. */
export interface Recipe {
  /** In a few words, as in `32 characters, about 190 bits`. */
  readonly says: string;
  /** Other values that it is made of, in the order in which {@link make} gets them. */
  readonly of: readonly Ingredient[];
  /** Where the other half of the pair goes. */
  readonly publicHalf?: Ingredient | undefined;
  /** The words of the program that makes it, which has to be allowed. */
  readonly program?: readonly string[];
  make(ingredients: readonly string[], workshop: Workshop): Promise<Made>;
}

/** A kind of generator: reads its settings, which tells at once what is wrong with them. */
export type Generator = (settings: Settings) => Recipe;
