import { decodeBech32 } from '../bech32.ts';

// How recipients and identities name the plugin that they are for (C2SP age-plugin.md).
const NAME = /^[a-z0-9+\-._]+$/;
const RECIPIENT = /^age1(.*)$/;
const IDENTITY = /^age-plugin-(.*)-$/;

/** The plugin that a recipient `age1NAME1…` is for. @throws Error when it is damaged */
export function pluginNameOfRecipient(text: string): string {
  return nameIn(text, RECIPIENT);
}

/** The plugin that an identity `AGE-PLUGIN-NAME-1…` is for. @throws Error, without the identity, when it is damaged */
export function pluginNameOfIdentity(text: string): string {
  return nameIn(text, IDENTITY);
}

/** The name becomes part of a program's name, so nothing but what the specification allows may stand in it. */
function nameIn(text: string, pattern: RegExp): string {
  const name = pattern.exec(decodeBech32(text).prefix)?.[1] ?? '';
  if (!NAME.test(name)) throw new Error('it names no plugin');
  return name;
}
