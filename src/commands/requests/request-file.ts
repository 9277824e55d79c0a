import type { MapNode, TreeNode } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import { yaml } from '../../formats/yaml/index.ts';
import { oneLine } from '../../text/printable.ts';

/** A text signed with a key that can also read. */
export type Signature =
  | { readonly kind: 'ssh'; readonly signature: string }
  /** With the public key, so that it can be verified where nobody has it. */
  | { readonly kind: 'pgp'; readonly signature: string; readonly key: string };

/** What shows that somebody has the private key of a recipient. */
export type Proof =
  | Signature
  | {
      readonly kind: 'age';
      readonly recipient: string;
      /** An age file for the recipient. */
      readonly challenge: string;
      /** SHA-256 of what is in it, hexadecimal. */
      readonly commitment: string;
      /** What is in it, once its recipient has opened it. */
      readonly answer?: string | undefined;
    };

/** Somebody asks to be let into teams. */
export interface AccessRequest {
  /** The id of the repository, as its configuration has it. */
  readonly repository: string;
  readonly name: string;
  readonly teams: readonly string[];
  readonly recipients: readonly string[];
  /** In UTC, to the second. */
  readonly created: string;
  readonly proof: readonly Proof[];
}

/** Names of people and teams, as anchors can have them. */
export const NAME: RegExp = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const REPOSITORY = /^[A-Za-z0-9-]{8,64}$/;
const RECIPIENT =
  /^(?:age1[a-z0-9-]{1,4000}|ssh-(?:ed25519|rsa) [A-Za-z0-9+/]{1,4000}={0,2}|[0-9A-F]{40}|[0-9A-F]{64})$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
/** Armored texts and the like: printable ASCII, in lines. */
const BLOCK = /^[\x20-\x7e\n]{1,65536}$/;
const HASH = /^[0-9a-f]{64}$/;
/** Longer requests are nobody's. */
const LONGEST = 256 * 1024;

/** What proofs are made over. */
export function signedText({ repository, name, teams, recipients, created }: AccessRequest): string {
  const lines = [
    'sotto request v1',
    `repository ${repository}`,
    `name ${name}`,
    ...sorted(teams).map((team) => `team ${team}`),
    ...sorted(recipients).map((recipient) => `recipient ${recipient}`),
    `created ${created}`,
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** By their bytes, as they are ASCII. */
function sorted(texts: readonly string[]): string[] {
  return texts.toSorted((one, other) => (one < other ? -1 : Number(one > other)));
}

/** The text of a request's file. */
export function printRequest({ repository, name, teams, recipients, created, proof }: AccessRequest): string {
  return [
    'version: 1',
    `repository: ${JSON.stringify(repository)}`,
    `name: ${JSON.stringify(name)}`,
    `teams: ${JSON.stringify(teams)}`,
    'recipients:',
    ...recipients.map((recipient) => `  - ${JSON.stringify(recipient)}`),
    `created: ${JSON.stringify(created)}`,
    ...(proof.length === 0 ? ['proof: []'] : ['proof:', ...proof.flatMap(proofLines)]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** A request that was granted, and what a reader signed of it, where one could. */
export interface Granted {
  readonly request: AccessRequest;
  readonly approval: Signature | undefined;
}

/** The text of its file. */
export function printGranted({ request, approval }: Granted): string {
  const lines = approval === undefined ? [] : ['approval:', ...proofLines(approval)];
  return printRequest(request) + lines.map((line) => `${line}\n`).join('');
}

function proofLines({ kind, ...fields }: Proof): string[] {
  const texts = Object.entries(fields).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text] as const],
  );
  return [
    `  - kind: ${kind}`,
    ...texts.flatMap(([name, text]) =>
      text.includes('\n')
        ? [
            `    ${name}: |`,
            ...text
              .trimEnd()
              .split('\n')
              .map((line) => `      ${line}`.trimEnd()),
          ]
        : [`    ${name}: ${JSON.stringify(text)}`],
    ),
  ];
}

const FIELDS = ['version', 'repository', 'name', 'teams', 'recipients', 'created', 'proof'];

/** Read the file of a request: exactly what is known, and nothing else. @throws SottoError `request-invalid` */
export function parseRequest(text: string): AccessRequest {
  return requestOf(fieldsIn(text, FIELDS));
}

/** Read the file of a request that was granted. @throws SottoError `request-invalid` */
export function parseGranted(text: string): Granted {
  const fields = fieldsIn(text, [...FIELDS, 'approval']);
  const [approval, ...others] = fields.has('approval') ? proofsOf(fields, 'approval') : [];
  if (others.length > 0 || approval?.kind === 'age') throw invalid('its approval is no signature');
  return { request: requestOf(fields), approval };
}

function fieldsIn(text: string, known: readonly string[]): Map<string, TreeNode> {
  if (text.length > LONGEST) throw invalid('it is too long');
  return fieldsOf(rootOf(text), known);
}

function requestOf(fields: ReadonlyMap<string, TreeNode>): AccessRequest {
  if (textOf(fields, 'version', /^\d+$/) !== '1') throw invalid('its version is not known');
  return {
    repository: textOf(fields, 'repository', REPOSITORY),
    name: textOf(fields, 'name', NAME),
    teams: textsOf(fields.get('teams'), 'teams', NAME),
    recipients: textsOf(fields.get('recipients'), 'recipients', RECIPIENT),
    created: textOf(fields, 'created', TIME),
    proof: proofsOf(fields, 'proof'),
  };
}

function proofsOf(fields: ReadonlyMap<string, TreeNode>, name: string): Proof[] {
  const list = fields.get(name);
  if (list?.kind !== 'list') throw invalid(`${name} is no list`);
  return list.items.map((item) => {
    if (item.kind !== 'map') throw invalid(`${name} has something that is none`);
    return proofOf(item);
  });
}

function rootOf(text: string): MapNode {
  try {
    const [root, ...others] = yaml.read(text).roots;
    if (root !== undefined && others.length === 0) return root;
  } catch (error) {
    // What it says of the text is not for everybody's terminal.
    if (!(error instanceof SottoError)) throw error;
  }
  throw invalid('it is not one document of YAML');
}

function proofOf(node: MapNode): Proof {
  const fields = fieldsOf(node, [
    'kind',
    'recipient',
    'signature',
    'key',
    'challenge',
    'commitment',
    'answer',
  ]);
  const kind = textOf(fields, 'kind', /^(?:ssh|pgp|age)$/);
  const names = [...fields.keys()].filter((name) => name !== 'kind' && name !== 'answer').join();
  if (kind === 'ssh' && names === 'signature') return { kind, signature: textOf(fields, 'signature', BLOCK) };
  if (kind === 'pgp' && names === 'signature,key')
    return { kind, signature: textOf(fields, 'signature', BLOCK), key: textOf(fields, 'key', BLOCK) };
  if (kind === 'age' && names === 'recipient,challenge,commitment')
    return {
      kind,
      recipient: textOf(fields, 'recipient', RECIPIENT),
      challenge: textOf(fields, 'challenge', BLOCK),
      commitment: textOf(fields, 'commitment', HASH),
      answer: fields.has('answer') ? textOf(fields, 'answer', BLOCK) : undefined,
    };
  throw invalid('a proof has other fields than it should');
}

function fieldsOf(node: MapNode, known: readonly string[]): Map<string, TreeNode> {
  const fields = new Map<string, TreeNode>();
  for (const item of node.items) {
    if (item.kind === 'comment') continue;
    if (!known.includes(item.key)) throw invalid(`"${oneLine(item.key.slice(0, 40))}" is not known`);
    if (fields.has(item.key)) throw invalid(`${item.key} is there twice`);
    fields.set(item.key, item.value);
  }
  return fields;
}

function textOf(fields: ReadonlyMap<string, TreeNode>, name: string, pattern: RegExp): string {
  return checked(fields.get(name), name, pattern);
}

function textsOf(node: TreeNode | undefined, name: string, pattern: RegExp): string[] {
  if (node?.kind !== 'list') throw invalid(`${name} is no list`);
  const texts = node.items.map((item) => checked(item.kind === 'comment' ? undefined : item, name, pattern));
  if (texts.length === 0 || texts.length > MOST || new Set(texts).size < texts.length)
    throw invalid(`${name} has none, too many, or one twice`);
  return texts;
}

const MOST = 32;

function checked(node: TreeNode | undefined, name: string, pattern: RegExp): string {
  if (node?.kind === 'value' && pattern.test(node.value.text)) return node.value.text;
  throw invalid(`${name} is missing, or not of its form`);
}

/** A request that counts for nothing. @param problem with nothing of it that was not looked at */
export function invalid(problem: string, hint: string = HINT): SottoError {
  return new SottoError('request-invalid', `the request does not hold: ${problem}`, { hint });
}

const HINT = 'whoever asks makes a new one with "sotto request"';
