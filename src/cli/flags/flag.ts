/** One flag: parsing, help, completion and man pages are made of it. */
export interface Flag {
  readonly name: string;
  /** One letter. */
  readonly short?: string | undefined;
  /** Another long name. */
  readonly alias?: string;
  /** The flag may be there more than once, and its lists are put together; else the last one counts. */
  readonly repeats?: 'always' | 'not in sops';
  readonly kind: 'boolean' | 'text' | 'list' | 'number';
  /** What stands for the value in help; `FILE` and `ENCRYPTED` are names of files. */
  readonly value?: string;
  /** All that it can be, where that is known. */
  readonly values?: readonly string[];
  readonly help: string;
  /** Under which heading help has it; with the others if left out. */
  readonly section?: Section;
  /** Not there under the name `sops`, where clients find out that sops lacks it. */
  readonly notInSops?: boolean;
  /** Variable that gives the value when the flag is not there. */
  readonly variable?: string;
}

/** Headings of help for flags that few people begin with, in their order. */
export const SECTIONS = {
  keys: 'Keys',
  selectors: 'Which values are encrypted',
  refusals: 'When something is refused',
  compatibility: 'As in sops',
} as const;
export type Section = keyof typeof SECTIONS;

/** Flags under a heading. */
export function under(section: Section, flags: readonly Flag[]): readonly Flag[] {
  return flags.map((flag) => ({ ...flag, section }));
}

/** Whether the values of a flag that is there more than once are put together. */
export function addsUp({ repeats }: Flag, likeSops: boolean): boolean {
  return repeats === 'always' || (repeats === 'not in sops' && !likeSops);
}

/** What a flag has besides the usual. */
type More = Partial<Omit<Flag, 'name' | 'kind' | 'value' | 'help'>>;

/** A flag that is there or not. */
export function toggle(name: string, help: string, more?: More): Flag {
  return { name, kind: 'boolean', help, ...more };
}

/** A flag with one value. */
export function text(name: string, value: string, help: string, more?: More): Flag {
  return { name, kind: 'text', value, help, ...more };
}

/** A flag with values between commas. */
export function list(name: string, value: string, help: string, more?: More): Flag {
  return { name, kind: 'list', value, help, ...more };
}

/** A flag with a whole number. */
export function number(name: string, value: string, help: string, more?: More): Flag {
  return { name, kind: 'number', value, help, ...more };
}
