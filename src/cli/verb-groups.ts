import { VERB_NAMES, type Verb } from './verb.ts';

/** What people want, in the order of help. */
const GROUPS = {
  start: 'Start',
  change: 'Change',
  team: 'With a team',
  run: 'Run programs, hand values over',
  other: 'Other',
} as const;

/** What each verb is for, in the order in which help lists them. */
const GROUP_OF: { readonly [verb in Verb]: keyof typeof GROUPS } = {
  keygen: 'start',
  encrypt: 'start',
  decrypt: 'start',
  edit: 'change',
  set: 'change',
  unset: 'change',
  updatekeys: 'team',
  rotate: 'team',
  groups: 'team',
  'groups add': 'team',
  'groups delete': 'team',
  keyservice: 'team',
  run: 'run',
  'exec-env': 'run',
  'exec-file': 'run',
  render: 'run',
  publish: 'run',
  filestatus: 'other',
  explain: 'other',
  completion: 'other',
};

/** A heading of help, and the verbs below it. */
export interface VerbGroup {
  readonly title: string;
  readonly verbs: readonly Verb[];
}

const ORDER = Object.keys(GROUP_OF);

/** Every verb, by what people want. */
export const VERB_GROUPS: readonly VerbGroup[] = Object.entries(GROUPS).map(([group, title]) => ({
  title,
  verbs: VERB_NAMES.filter((verb) => GROUP_OF[verb] === group).sort(
    (a, b) => ORDER.indexOf(a) - ORDER.indexOf(b),
  ),
}));
