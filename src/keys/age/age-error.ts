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
