/** The part of an age file that is not as it has to be. */
export type AgePart = 'armor' | 'header' | 'mac' | 'payload';

/** An age file that is damaged, or was changed. The message holds no key. */
export class AgeError extends Error {
  override readonly name = 'AgeError';
  readonly part: AgePart;

  constructor(part: AgePart, message: string) {
    super(message);
    this.part = part;
  }
}

/** A section of an age header: the file key, wrapped for one recipient. Messages of plugins look the same. */
export interface Stanza {
  readonly type: string;
  readonly args: readonly string[];
  readonly body: Uint8Array;
}

/** Characters in a full line of a body (C2SP age.md, "Recipient stanza"). */
const COLUMNS = 64;
const ARGUMENT = /^[\x21-\x7e]+$/;

/** Puts stanzas together, line by line. */
export class StanzaReader {
  #head: Omit<Stanza, 'body'> | undefined;
  #body: string[] = [];

  /** Whether a stanza has begun and not ended. */
  get isWithin(): boolean {
    return this.#head !== undefined;
  }

  /**
   * @param line without its line break
   * @returns the stanza that this line ends
   * @throws AgeError `header`
   */
  push(line: string): Stanza | undefined {
    if (this.#head === undefined) {
      this.#head = headOf(line);
      return undefined;
    }
    if (line.length > COLUMNS) throw new AgeError('header', 'a line in the age header is too long');
    this.#body.push(line);
    if (line.length === COLUMNS) return undefined;
    const body = fromUnpadded(this.#body.join(''));
    if (body === undefined) throw damaged();
    const stanza = { ...this.#head, body };
    this.#head = undefined;
    this.#body = [];
    return stanza;
  }
}

function headOf(line: string): Omit<Stanza, 'body'> {
  const [arrow, type, ...args] = line.split(' ');
  if (arrow !== '->' || type === undefined || ![type, ...args].every((word) => ARGUMENT.test(word)))
    throw damaged();
  return { type, args };
}

function damaged(): AgeError {
  return new AgeError('header', 'the age header is damaged');
}

/** A stanza as text, with a line break at the end. The last line of a body is shorter than the others, so it can be empty. */
export function printStanza({ type, args, body }: Stanza): string {
  const lines: string[] = toUnpadded(body).match(/.{1,64}/g) ?? [];
  if (lines.at(-1)?.length === COLUMNS || lines.length === 0) lines.push('');
  return `${['->', type, ...args].join(' ')}\n${lines.join('\n')}\n`;
}

/** Base64 without padding, in its one canonical form, as age headers have it. @returns `undefined` for other texts */
export function fromUnpadded(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return toUnpadded(bytes) === text ? bytes : undefined;
}

/** Bytes as base64 without padding. */
export function toUnpadded(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const end = text.indexOf('=');
  return end === -1 ? text : text.slice(0, end);
}
