import { type ExportFormat, SAID_OF_SHELL_NAMES, SHELL_NAMES } from './format.ts';

/** Values of variables for Terraform and OpenTofu; they have to be declared there. */
export const tfvars: ExportFormat = {
  name: 'tfvars',
  names: SHELL_NAMES,
  said: SAID_OF_SHELL_NAMES,
  refuse: plainestForm,
  instead: 'keep it in base64 in the file, and use base64decode() in Terraform',
  print: (variables) => variables.map(({ name, text }) => `${name} = ${hclQuoted(text)}\n`).join(''),
};

/** Terraform brings every string into Unicode's form NFC, so it would have another value. */
export function plainestForm(text: string): string | undefined {
  return text.normalize('NFC') === text ? undefined : 'has characters that Terraform would put together';
}

/** Escapes of JSON that Terraform lacks. */
const RARE: ReadonlyMap<string, string> = new Map([
  ['\\b', '\\u0008'],
  ['\\f', '\\u000c'],
]);

/** As in JSON; an escaped brace begins no template. */
function hclQuoted(text: string): string {
  return JSON.stringify(text)
    .replace(/\\./g, (pair) => RARE.get(pair) ?? pair)
    .replace(/(?<=[$%])\{/g, '\\u007b');
}
