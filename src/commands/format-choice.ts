import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import type { Config, CreationRule } from '../config/config.ts';
import type { Format, Written } from '../core/splice/format.ts';
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import {
  detectFormat,
  FORMAT_NAMES,
  isFormatName,
  isNotInSops,
  loadFormat,
  nameBySuffix,
} from '../formats/index.ts';

/** How a file is read, and how the result is written. */
export interface FormatChoice {
  readonly input: Format;
  readonly output: Format;
  readonly warnings: readonly Warning[];
}

/** The types that were asked for; words that are no type do not count, as in sops. */
export interface AskedTypes {
  readonly inputType?: string | undefined;
  readonly outputType?: string | undefined;
  /** Only as sops chooses: types of our own have to be named. */
  readonly likeSops?: boolean | undefined;
}

/** What else tells the type of a file. */
export interface FormatSigns {
  /** The text of an encrypted file. */
  readonly sealed?: string;
  /** The bytes of a file that is to be encrypted. */
  readonly plain?: Uint8Array;
  /** The creation rule, or how to find it. */
  readonly rule?: CreationRule | undefined | (() => Promise<CreationRule | undefined>);
}

/**
 * Choose the formats of a file: what was asked for, else by its suffix as sops knows them, else what the creation rule
 * says, else, for an encrypted file, by what is in it, else `binary`.
 *
 * @param name decides by its suffix; `undefined` is stdin
 * @throws SottoError `config-invalid` when the rule names no type
 */
export async function chooseFormats(
  name: string | undefined,
  { inputType, outputType, likeSops }: AskedTypes,
  signs: FormatSigns,
): Promise<FormatChoice> {
  const suffix = nameBySuffix(name, { sealed: signs.sealed, likeSops });
  const isRuled = name !== undefined && likeSops !== true;
  const said = asked(inputType) ?? suffix ?? (isRuled ? await ruled(signs) : undefined);
  const input = said ?? (signs.sealed === undefined ? undefined : detectFormat(signs.sealed)) ?? 'binary';
  // What sops does not know either stays what it is. Without a suffix sops makes a binary file of the result; an encrypted one stays here what it was.
  const byInput = asked(inputType) === undefined || signs.sealed !== undefined ? input : 'binary';
  const own = isNotInSops(inputType) ? inputType : undefined;
  const output = asked(outputType) ?? own ?? suffix ?? byInput;
  return {
    input: await formatFor(input),
    output: await formatFor(output),
    warnings: said === undefined && likeSops !== true ? noticesOn(name, input, signs) : [],
  };
}

/**
 * A format in the dialect that a file's rule names, for plain text that is to be encrypted. An encrypted file says
 * itself what it is in.
 *
 * @throws SottoError `config-invalid` for one that is not known
 */
export function inDialect(
  format: Format,
  rule: CreationRule | undefined,
  config: Config | undefined,
): Format {
  const settings = rule?.stores[format.name];
  if (settings === undefined || format.dialect === undefined) return format;
  const dialect = format.dialect(settings);
  if (dialect !== undefined) return dialect;
  throw new SottoError('config-invalid', `${format.name} has no such dialect: ${settings['dialect'] ?? ''}`, {
    file: config?.path,
    hint: 'see sotto.stores in the rule for this file',
  });
}

/**
 * The dialect in which people wrote a plain text, unless its rule or a flag has chosen one.
 *
 * @param format as {@link inDialect} has it
 * @throws SottoError `input-invalid` for what is written in neither
 */
export function inWrittenDialect(
  format: Format,
  plain: Uint8Array,
  rule: CreationRule | undefined,
  { inputType, likeSops }: AskedTypes,
  file: string,
): { readonly format: Format; readonly warnings: readonly Warning[] } {
  const isChosen = asked(inputType) !== undefined || rule?.stores[format.name]?.['dialect'] !== undefined;
  if (isChosen || likeSops === true || format.asWritten === undefined) return { format, warnings: [] };
  const written = writtenIn(format, Buffer.from(plain).toString());
  if (written === undefined) return { format, warnings: [] };
  const message = `${basename(file)} is read in the dialect standard (${joined(written.signs)} are no part of the values); ${DECIDES}`;
  return { format: written.format, warnings: [{ message }] };
}

const DECIDES =
  'sotto.stores.dotenv.dialect in its creation rule decides, and --input-type dotenv reads it as sops does';

function writtenIn(format: Format, text: string): Written | undefined {
  try {
    return format.asWritten?.(text);
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const { hint = 'mend it there' } = error.details;
    throw error.with({ hint: `${hint}; or ${DECIDES}` });
  }
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function asked(type: string | undefined): string | undefined {
  return isFormatName(type) ? type : undefined;
}

async function ruled({ rule }: FormatSigns): Promise<string | undefined> {
  const found = typeof rule === 'function' ? await rule() : rule;
  const { format } = found ?? {};
  if (format === undefined || isFormatName(format)) return format;
  throw new SottoError('config-invalid', `sotto.format: ${JSON.stringify(format)} is no type of file`, {
    hint: `use one of ${FORMAT_NAMES.join(', ')}`,
  });
}

async function formatFor(name: string): Promise<Format> {
  const format = await loadFormat(name);
  if (format !== undefined) return format;
  throw new SottoError('not-supported', `there are no files of type ${name}`, {
    hint: `use one of ${FORMAT_NAMES.join(', ')}`,
  });
}

function noticesOn(name: string | undefined, input: string, { sealed, plain }: FormatSigns): Warning[] {
  const file = name === undefined ? 'stdin' : basename(name);
  if (sealed !== undefined && input !== 'binary') {
    return [
      {
        message: `${file} is read as ${input}, because of what is in it`,
        hint: `sops itself needs --input-type ${input} there`,
      },
    ];
  }
  return plain === undefined || input !== 'binary' || !isUtf8(plain) ? [] : wholeNotice(file);
}

/** A suffix of a format, in any case, and with others behind it; or that of a template, which most often is one of YAML. */
const NEARLY = /(?:^(?=env\b)|\.)(env|ya?ml|jsonc?|ini|toml|gotmpl)(?=\.|$)/gi;

function wholeNotice(file: string): Warning[] {
  const word = [...file.matchAll(NEARLY)]
    .map(([, suffix = '']) => suffix.toLowerCase())
    .find((suffix) => suffix !== '');
  if (word === undefined) return [];
  const format = nameBySuffix(`.${word}`) ?? 'yaml';
  const suffix = word === 'gotmpl' ? 'yaml' : word;
  const isUpper = file.toLowerCase().endsWith(`.${word}`) && !file.endsWith(`.${word}`);
  const why = isUpper ? `its suffix is not in small letters` : `it does not end in .${suffix}`;
  return [
    {
      message: `${file} is encrypted as a whole, as in sops: ${why}`,
      hint: `to encrypt its values, use --input-type ${format} --output-type ${format}, or write sotto: {format: ${format}} into its creation rule`,
    },
  ];
}
