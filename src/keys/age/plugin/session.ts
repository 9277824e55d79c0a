import { messageOf } from '../../../errors.ts';
import { printable } from '../../../text/printable.ts';
import type { KeyHost, RunningProgram } from '../../host.ts';
import { fromUnpadded, printStanza, type Stanza, StanzaReader } from '../stanza.ts';

/** The two things that a plugin does (C2SP age-plugin.md, "State machines"). */
export type PluginTask = 'recipient-v1' | 'identity-v1';

/** What talking to plugins needs of the host. */
export type PluginHost = Pick<
  KeyHost,
  'environment' | 'findProgram' | 'startProgram' | 'askOpenly' | 'askSecret' | 'complain'
>;

/** After this time without a word from the plugin, in milliseconds, people are told what is waited for. */
const PATIENCE = 5_000;
/** As long as a plugin may take to end once it is done, in milliseconds. */
const PATIENCE_AT_END = 2_000;
/** The end of what a plugin said on stderr is enough to see why it failed. */
const SHOWN = 300;
/** Characters of a message: long enough for an address to open in a browser. */
const LONGEST_TEXT = 4_000;

/**
 * Run a plugin once: send it everything, then answer what it says until it is done.
 *
 * @param name of the plugin, without `age-plugin-`
 * @param opening what is sent; the end mark is added
 * @param take takes in the results among the plugin's messages; `false` for one that it does not know
 * @throws Error that names the plugin
 */
export async function converse(
  host: PluginHost,
  name: string,
  task: PluginTask,
  opening: readonly Stanza[],
  take: (stanza: Stanza) => boolean,
): Promise<void> {
  const program = startPlugin(host, name, task);
  try {
    program.write(Buffer.from([...opening, message('done')].map(printStanza).join('')));
    for await (const stanza of stanzasOf(program, host, name)) {
      if (stanza.type === 'done') break;
      const answer = (await answerFor(stanza, name, host)) ?? message(take(stanza) ? 'ok' : 'unsupported');
      program.write(Buffer.from(printStanza(answer)));
    }
  } catch (error) {
    throw new Error(`age-plugin-${name}: ${messageOf(error)}`);
  } finally {
    await finish(program);
  }
}

/** It may clean up, but not for ever. */
async function finish(program: RunningProgram): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((accept) => {
    timer = setTimeout(accept, PATIENCE_AT_END);
  });
  await Promise.race([program.end().catch(() => undefined), tooLong]);
  clearTimeout(timer);
  program.stop();
}

function startPlugin(host: PluginHost, name: string, task: PluginTask): RunningProgram {
  const path = findPlugin(host, `age-plugin-${name}`);
  if (path === undefined) {
    throw new Error(
      `the program age-plugin-${name} is not in the PATH; install it, or take a key that needs no plugin`,
    );
  }
  return host.startProgram(path, [`--age-plugin=${task}`]);
}

/** Only folders with a full path count: the working folder's files are somebody else's (C2SP age-plugin.md). */
function findPlugin({ environment, findProgram }: PluginHost, program: string): string | undefined {
  const path = environment['PATH'] ?? environment['Path'] ?? '';
  const folders = path.split(/^[A-Za-z]:|;/.test(path) ? ';' : ':');
  for (const folder of folders) {
    if (!/^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(folder)) continue;
    const found = findProgram(`${folder.replace(/[\\/]$/, '')}/${program}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function* stanzasOf(
  program: RunningProgram,
  host: PluginHost,
  name: string,
): AsyncGenerator<Stanza, void> {
  const reader = new StanzaReader();
  let text = '';
  for (;;) {
    const bytes = await patiently(program.read(), () => host.complain(`waiting for age-plugin-${name}…\n`));
    if (bytes === undefined) throw await earlyEnd(program);
    text += Buffer.from(bytes).toString('latin1');
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const stanza = readLine(reader, line);
      if (stanza !== undefined) yield stanza;
    }
  }
}

function readLine(reader: StanzaReader, line: string): Stanza | undefined {
  try {
    return reader.push(line);
  } catch {
    throw new Error('it said something that is not in the protocol of plugins');
  }
}

async function patiently<Result>(work: Promise<Result>, remind: () => void): Promise<Result> {
  const timer = setTimeout(remind, PATIENCE);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

async function earlyEnd(program: RunningProgram): Promise<Error> {
  const { status, stderr } = await program.end();
  const last = printable(stderr.trim().slice(-SHOWN));
  const how = status === undefined ? 'it was killed' : `it ended with status ${status}`;
  return new Error(`${how} before it was done${last === '' ? '' : `: ${last}`}`);
}

/** A message of the protocol. */
export function message(
  type: string,
  args: readonly string[] = [],
  body: Uint8Array = new Uint8Array(),
): Stanza {
  return { type, args, body };
}

/** What a plugin says, for the terminal. */
export function textOf(body: Uint8Array): string {
  return printable(Buffer.from(body).toString('utf8'), LONGEST_TEXT);
}

const FAIL = message('fail');

/**
 * The answer to what a plugin has to say to people, or to ask them (C2SP age-plugin.md, "Phase 2").
 *
 * @returns `undefined` for what is meant for the program; `fail` where nobody can be asked: the plugin decides what then
 * @throws Error for a question that is not as the protocol has it
 */
export async function answerFor(
  { type, args, body }: Stanza,
  name: string,
  host: PluginHost,
): Promise<Stanza | undefined> {
  const text = `age-plugin-${name}: ${textOf(body)}`;
  switch (type) {
    case 'msg':
      host.complain(`${text}\n`);
      return message('ok');
    case 'request-public':
      return replyWith(await host.askOpenly(`${text} `));
    case 'request-secret':
      return replyWith(await host.askSecret(`${text} `));
    case 'confirm':
      return confirm(text, args, host);
    default:
      return undefined;
  }
}

function replyWith(answer: string | undefined): Stanza {
  return answer === undefined ? FAIL : message('ok', [], Buffer.from(answer));
}

async function confirm(text: string, args: readonly string[], host: PluginHost): Promise<Stanza> {
  const [yes, no] = args.map((arg) => fromUnpadded(arg)).map(optionText);
  if (yes === undefined || args.length > 2) throw new Error('its question is not in the protocol of plugins');
  const choices = no === undefined ? `press Enter for ${yes}` : `1: ${yes}, 2: ${no}`;
  for (;;) {
    const answer = await host.askOpenly(`${text} (${choices}) `);
    if (answer === undefined) return FAIL;
    if (no === undefined || answer.trim() === '1') return message('ok', ['yes']);
    if (answer.trim() === '2') return message('ok', ['no']);
  }
}

function optionText(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : textOf(bytes);
}
