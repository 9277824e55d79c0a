import type { ExportFormat } from './format.ts';
import { plainestForm } from './terraform.ts';

/** One flat object of strings, as the external data source of Terraform wants it. */
export const json: ExportFormat = {
  name: 'json',
  names: /^.*$/s,
  said: 'any characters',
  refuse: (text, { forTerraform }) => (forTerraform ? plainestForm(text) : undefined),
  instead: 'keep it in base64 in the file, and decode it behind the reader',
  print: (variables) => `${JSON.stringify(objectOf(variables), undefined, 2)}\n`,
};

/** A flat mapping, in which keys and values are in double quotes: no reader takes one for a number or a yes. */
export const yaml: ExportFormat = {
  name: 'yaml',
  // A longer key is none to readers that look for its colon.
  names: /^.{1,250}$/s,
  said: 'up to 250 characters',
  instead: 'keep it in base64 in the file, and decode it behind the reader',
  print: (variables) =>
    variables.length === 0
      ? '{}\n'
      : variables.map(({ name, text }) => `${yamlQuoted(name)}: ${yamlQuoted(text)}\n`).join(''),
};

/** In double quotes, as in JSON; what YAML calls unprintable is escaped as well. */
export function yamlQuoted(text: string): string {
  return escapeUnprintable(JSON.stringify(text));
}

/** What YAML lets stand nowhere, and what could be a line break to somebody, escaped as in double quotes. */
export function escapeUnprintable(text: string): string {
  return text.replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** By defining, since `__proto__` can be a name. */
function objectOf(variables: readonly { readonly name: string; readonly text: string }[]): object {
  const object: object = {};
  for (const { name, text } of variables)
    Object.defineProperty(object, name, { value: text, enumerable: true });
  return object;
}
