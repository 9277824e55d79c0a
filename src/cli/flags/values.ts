import type { Command } from 'commander';

/** Values of flags by their long name, as commander has read them from a command line, or they were set by a variable. */
export class FlagValues {
  readonly #command: Command;

  constructor(command: Command) {
    this.#command = command;
  }

  /** Whether the flag is there, or its variable. */
  has(name: string): boolean {
    return this.isGiven(name) || this.#command.getOptionValueSource(name) === 'env';
  }

  /** Whether the flag is in the command line. */
  isGiven(name: string): boolean {
    return this.#command.getOptionValueSource(name) === 'cli';
  }

  /** The value; a list is joined with commas. */
  text(name: string): string | undefined {
    const value: unknown = this.#command.getOptionValue(name);
    if (typeof value === 'string') return value;
    return Array.isArray(value)
      ? this.all(name)
          .filter((text) => text !== '')
          .join(',')
      : undefined;
  }

  boolean(name: string): boolean {
    return this.#command.getOptionValue(name) === true;
  }

  number(name: string): number | undefined {
    const value: unknown = this.#command.getOptionValue(name);
    return typeof value === 'number' ? value : undefined;
  }

  /** Every value of a flag that repeats, in their order. */
  all(name: string): readonly string[] {
    const value: unknown = this.#command.getOptionValue(name);
    return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
  }

  /** Items between commas, trimmed; `undefined` when the flag is not there or empty. */
  list(name: string): string[] | undefined {
    const text = this.text(name);
    return text === undefined || text === '' ? undefined : text.split(',').map((item) => item.trim());
  }
}
