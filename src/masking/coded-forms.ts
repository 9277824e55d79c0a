import { UNBROKEN } from './automaton.ts';

/** A secret in letters and digits that have nothing of it in sight. */
export interface CodedForms {
  /** Codes that can be broken into lines anywhere. */
  readonly codes: readonly string[];
  /** Codes with a mark between the bytes, or in front of each, without backslashes. */
  readonly texts: readonly string[];
}

/** Base64 and hexadecimal digits of a secret's bytes (UTF-8). */
export function codedForms(secret: string): CodedForms {
  const bytes = Buffer.from(secret);
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  // The mark in front of the first digit may be seen: few words with an x make the search faster.
  const marked = [':', '-', ' ', 'x', '%', ', 0x', ',0x'].map((mark) => digits.join(mark));
  const hex = digits.join('');
  const codes = [...base64Forms(bytes), hex, hex.toUpperCase()];
  return {
    // Of one whose beginning stands at the end of a line that much may be seen.
    codes: [...codes, ...codes.map((code) => code.slice(UNBROKEN))],
    texts: [...marked, ...inPairs(digits)].flatMap((text) => [
      text,
      text.replace(/[a-f]/g, (digit) => digit.toUpperCase()),
    ]),
  };
}

/** As `xxd` prints them: two bytes together, of which the first may have something else in front. */
function inPairs(digits: readonly string[]): string[] {
  const pairedFrom = (first: number): string =>
    digits.map((digit, index) => (index > 0 && index % 2 === first ? ` ${digit}` : digit)).join('');
  return [pairedFrom(0), pairedFrom(1)];
}

/**
 * Base64 of the bytes alone, and of the bytes in the middle of others (`user:password`): only characters that no
 * neighbour has a part in, for each of the three places in which a group can begin.
 */
function base64Forms(bytes: Uint8Array): string[] {
  const standard = [0, 1, 2].map((shift) => {
    const padded = Buffer.concat([new Uint8Array(shift), bytes]);
    const text = padded.toString('base64').replace(/=+$/, '');
    const whole = padded.length % 3 === 0 ? text.length : text.length - 1;
    return text.slice(Math.ceil((shift * 8) / 6), whole);
  });
  const alone = Buffer.from(bytes).toString('base64').replace(/=+$/, '');
  const forms = [alone, ...standard];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}
