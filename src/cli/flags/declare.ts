import { type Command, Option } from 'commander';
import { SottoError } from '../../errors.ts';
import { flagsOf, type Verb } from '../verb.ts';
import { addsUp, type Flag } from './flag.ts';

/** Declare flags to commander; it has those for help and version itself. */
export function declare(command: Command, place: Pick<Verb, 'flags' | 'json'>, likeSops: boolean): Command {
  const own = flagsOf(place, likeSops).filter(({ name }) => name !== 'help' && name !== 'version');
  return own.reduce((all, flag) => all.addOption(new FlagOption(flag, likeSops)), command);
}

/** A flag as commander has it; its value goes by the flag's own name. */
class FlagOption extends Option {
  readonly #name: string;

  constructor(flag: Flag, likeSops: boolean) {
    const { name, short, kind, value = '', help, variable } = flag;
    const names = short === undefined ? `--${name}` : `-${short}, --${name}`;
    super(
      kind === 'boolean' ? names : `${names} <${value}>`,
      variable === undefined ? help : `${help} [$${variable}]`,
    );
    this.#name = name;
    // To commander, --no-mask would be a negation.
    this.negate = false;
    this.optional = kind === 'boolean';
    this.argParser<unknown>((text, before) => parsedValue(flag, text, before, likeSops));
  }

  override attributeName(): string {
    return this.#name;
  }
}

function parsedValue(flag: Flag, text: string, before: unknown, likeSops: boolean): unknown {
  switch (flag.kind) {
    case 'boolean':
      return text === 'true';
    case 'list':
      return Array.isArray(before) && addsUp(flag, likeSops) ? [...before, text] : [text];
    case 'number':
      return wholeNumber(text, flag.name);
    default:
      return text;
  }
}

function wholeNumber(text: string, name: string): number {
  if (/^[-+]?\d+$/.test(text)) return Number(text);
  throw new SottoError('usage', `invalid value ${JSON.stringify(text)} for flag -${name}: parse error`, {
    hint: 'a whole number is needed',
  });
}
