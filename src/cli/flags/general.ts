import { VERB_NAMES } from '../verb.ts';
import { type Flag, GROUPERS, OPENERS, type Place, TYPED } from './flag.ts';

/** Verbs that have nothing of their own to report. */
const SILENT: readonly Place[] = ['groups', 'run', 'exec-env', 'exec-file', 'keyservice', 'completion'];

/** What holds for most verbs, and what only one has. */
export const GENERAL_FLAGS: readonly Flag[] = [
  {
    name: 'show',
    kind: 'text',
    value: 'FILE',
    help: 'print the recipient of an identity file',
    places: ['keygen'],
  },
  {
    name: 'pq',
    kind: 'boolean',
    help: 'make an identity that is safe against quantum computers (age 1.3, sops 3.12)',
    places: ['keygen'],
  },
  {
    name: 'words',
    kind: 'boolean',
    help: 'print what can stand at the end of a command line: -- SHELL WORD...; the scripts do so',
    places: ['completion'],
  },
  {
    name: 'json',
    kind: 'boolean',
    help: 'report as JSON on stdout',
    places: VERB_NAMES.filter((verb) => !SILENT.includes(verb)),
  },
  {
    name: 'config',
    kind: 'text',
    value: 'FILE',
    help: 'configuration instead of the nearest .sops.yaml',
    places: [...OPENERS, 'filestatus'],
    variable: 'SOPS_CONFIG',
  },
  {
    name: 'indent',
    kind: 'number',
    value: 'N',
    help: 'indentation of metadata and conversions',
    places: [...TYPED, 'exec-file', 'updatekeys', ...GROUPERS],
  },
  { name: 'verbose', kind: 'boolean', help: 'say more on stderr', places: ['publish', 'keyservice', 'root'] },
  { name: 'encrypt', short: 'e', kind: 'boolean', help: 'encrypt FILE', places: ['root'] },
  { name: 'decrypt', short: 'd', kind: 'boolean', help: 'decrypt FILE', places: ['root'] },
  { name: 'rotate', short: 'r', kind: 'boolean', help: 'give FILE a new data key', places: ['root'] },
  { name: 'set', kind: 'text', value: "'PATH VALUE'", help: 'set one value of FILE', places: ['root'] },
  {
    name: 'disable-version-check',
    kind: 'boolean',
    help: 'accepted; sotto never asks the network for versions',
    places: ['root'],
    variable: 'SOPS_DISABLE_VERSION_CHECK',
  },
  {
    name: 'check-for-updates',
    kind: 'boolean',
    help: 'accepted; sotto never asks the network for versions',
    places: ['root'],
  },
  { name: 'version', short: 'v', kind: 'boolean', help: 'print the version', places: ['root'] },
  {
    name: 'help',
    short: 'h',
    kind: 'boolean',
    help: 'print this help',
    places: ['root', ...VERB_NAMES],
  },
];
