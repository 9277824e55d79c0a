import { codedForms } from './coded-forms.ts';
import { escapedForms } from './escaped-forms.ts';
import { quotedForms } from './quoted-forms.ts';
import { urlForms } from './url-forms.ts';

const UTF_8 = new TextEncoder();

/** What is shorter is left alone: it would be found everywhere. */
const LEAST_CHARACTERS = 4;
/** A port, a year or a count: digits alone give a secret away only if they are more. */
const SHORT_NUMBER = /^[+-]?\d{1,5}$/;
/** A line of a longer value is looked for by itself if it has as many characters. */
const LEAST_LINE = 8;

/** The texts that give secrets away. Programs put backslashes into them; there are none here. */
export interface Forms {
  /** As they are printed; those of a value that is hardly more than backslashes have them. */
  readonly texts: readonly Uint8Array[];
  /** Base64 and hexadecimal digits, which programs break into lines. */
  readonly codes: readonly Uint8Array[];
}

/**
 * The forms of a secret: the value itself, without the blanks around it, each longer line of it, and what shells,
 * programming languages, JSON, HTML, URLs, base64 and hexadecimal make of it. None for a value of less than four
 * characters, or of five digits or less.
 */
export function formsOf(secret: string): Forms {
  const core = secret.trim();
  if (!isLong(core) || SHORT_NUMBER.test(core)) return { texts: [], codes: [] };
  const whole = [...new Set([secret, secret.replace(/[\r\n]+$/, ''), core])];
  const texts = [
    ...plainForms(core),
    ...whole.flatMap(escapedForms),
    ...quotedForms(core),
    ...urlForms(core),
    ...codedForms(core).texts,
  ].map((form) => {
    const bare = form.replaceAll('\\', '');
    return isLong(bare) ? bare : form;
  });
  return { texts: toBytes(texts), codes: toBytes(whole.flatMap((text) => codedForms(text).codes)) };
}

function isLong(text: string): boolean {
  return [...text].length >= LEAST_CHARACTERS;
}

function toBytes(texts: readonly string[]): Uint8Array[] {
  return [...new Set(texts.filter(isLong))].map((text) => UTF_8.encode(text));
}

function plainForms(secret: string): string[] {
  if (!/[\r\n]/.test(secret)) return [secret];
  const lines = secret.split(/\r\n|\r|\n/);
  const longLines = lines.map((line) => line.trim()).filter((line) => [...line].length >= LEAST_LINE);
  return [secret, lines.join('\n'), lines.join('\r\n'), ...longLines];
}
