import type { Verb } from '../verb.ts';

/** Every verb there is, in the order of help. A verb is loaded when it is called, or told about. */
export const VERBS: { readonly [name: string]: () => Promise<{ readonly verb: Verb }> } = {
  keygen: () => import('./keygen.ts'),
  init: () => import('./init.ts'),
  encrypt: () => import('./encrypt.ts'),
  decrypt: () => import('./decrypt.ts'),
  edit: () => import('./edit.ts'),
  get: () => import('./get.ts'),
  set: () => import('./set.ts'),
  unset: () => import('./unset.ts'),
  check: () => import('./check.ts'),
  expiry: () => import('./expiry.ts'),
  request: () => import('./request.ts'),
  approve: () => import('./approve.ts'),
  sync: () => import('./sync.ts'),
  who: () => import('./who.ts'),
  add: () => import('./add.ts'),
  remove: () => import('./remove.ts'),
  split: () => import('./split.ts'),
  updatekeys: () => import('./updatekeys.ts'),
  rotate: () => import('./rotate.ts'),
  renew: () => import('./renew.ts'),
  allow: () => import('./allow.ts'),
  'merge-driver': () => import('./merge-driver.ts'),
  resolve: () => import('./resolve.ts'),
  groups: () => import('./groups.ts'),
  'groups add': () => import('./groups-add.ts'),
  'groups delete': () => import('./groups-delete.ts'),
  keyservice: () => import('./keyservice.ts'),
  run: () => import('./run.ts'),
  'exec-env': () => import('./exec-env.ts'),
  'exec-file': () => import('./exec-file.ts'),
  exposure: () => import('./exposure.ts'),
  export: () => import('./export.ts'),
  krm: () => import('./krm.ts'),
  report: () => import('./report.ts'),
  render: () => import('./render.ts'),
  publish: () => import('./publish.ts'),
  filestatus: () => import('./filestatus.ts'),
  diff: () => import('./diff.ts'),
  textconv: () => import('./textconv.ts'),
  matrix: () => import('./matrix.ts'),
  explain: () => import('./explain.ts'),
  audit: () => import('./audit.ts'),
  'audit verify': () => import('./audit-verify.ts'),
  'audit show': () => import('./audit-show.ts'),
  'audit who-opened': () => import('./audit-who-opened.ts'),
  completion: () => import('./completion.ts'),
};

/** A verb by its name; `undefined` if there is none. */
export async function verbAt(name: string): Promise<Verb | undefined> {
  return Object.hasOwn(VERBS, name) ? (await VERBS[name]?.())?.verb : undefined;
}

/** The declarations of all verbs, for help and completion. */
export async function allVerbs(): Promise<readonly Verb[]> {
  return Promise.all(Object.values(VERBS).map(async (load) => (await load()).verb));
}

/** The verbs below one, as `groups add` is below `groups`. */
export async function verbsBelow(name: string): Promise<readonly Verb[]> {
  const names = Object.keys(VERBS).filter((other) => other.startsWith(`${name} `));
  return (await Promise.all(names.map(verbAt))).flatMap((verb) => verb ?? []);
}
