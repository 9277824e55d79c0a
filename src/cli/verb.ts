/** Every verb there is, in the order in which help lists them. */
export const VERB_NAMES = [
  'encrypt',
  'decrypt',
  'edit',
  'set',
  'unset',
  'rotate',
  'updatekeys',
  'groups',
  'groups add',
  'groups delete',
  'publish',
  'filestatus',
  'run',
  'exec-env',
  'exec-file',
  'render',
  'keyservice',
  'keygen',
  'explain',
  'completion',
] as const;

/** A verb's name; the old style of sops, flags at the root without a verb, is none. */
export type Verb = (typeof VERB_NAMES)[number];
